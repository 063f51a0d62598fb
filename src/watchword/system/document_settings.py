"""Settings that a document carries: a proposal can be a rule's setting too, such as a greater length."""

from collections.abc import Mapping, Sequence

from watchword.document import Document
from watchword.document.errors import PartError
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import SettingsBySystem, SystemSettings, apply_merge_patch
from watchword.system.system import System

KEY = "x-watchword-settings"


def settings_of(document: Document, systems: Sequence[System], settings: SettingsBySystem) -> dict[str, SystemSettings]:
    """
    Complete *settings* by those of the document.

    Args:
        settings: By system; what they set wins.

    Raises:
        PartError: The document names a system or a setting that does not exist, or a value that is not valid.
    """
    carried = document.content.get(KEY, {})
    models = {one.name: one.settings_model for one in systems}
    if not isinstance(carried, Mapping):
        raise PartError((KEY,), f"{KEY}: has settings by system, for example {{zitadel: {{maintenance: true}}}}")
    found = dict(settings)
    for name, change in carried.items():
        if name not in models:
            raise PartError((KEY, name), f"{KEY}: {name!r} is not a system. There are: {', '.join(models)}.")
        if not isinstance(change, Mapping):
            raise PartError((KEY, name), f"{KEY}: the settings of {name} are names and values")
        chosen = settings[name].model_dump(mode="json", exclude_unset=True) if name in settings else {}
        try:
            found[name] = apply_merge_patch(apply_merge_patch(models[name](), change), chosen)
        except InvalidSettings as error:
            first = error.faults[0]
            path = (name, *first.path)
            raise PartError((KEY, *path), f"{KEY}: {'.'.join(path)}: {first.shown}") from None
    return found
