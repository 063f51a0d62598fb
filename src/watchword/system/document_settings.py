"""Settings that a document carries: a proposal can be a rule's setting too, such as a greater length."""

from collections.abc import Mapping, Sequence

from watchword.document import Document
from watchword.document.errors import PartError
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import SettingsBySystem, SystemSettings, apply_merge_patch, follow
from watchword.system.system import System

KEY = "x-watchword-settings"
FAULTS_KEY = "x-watchword-faults"
_OURS = "x-watchword-"


def settings_of(document: Document, systems: Sequence[System], settings: SettingsBySystem) -> dict[str, SystemSettings]:
    """
    Complete *settings* by those of the document.

    Args:
        settings: By system; what they set wins.

    Raises:
        PartError: The document has an extension of ours, a system or a setting that does not exist, or a value that is
            not valid.
    """
    _check_names(document)
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
            raise _refused(name, error) from None
    return found


def proposed_settings(
    document: Document, today: Document, systems: Sequence[System], settings: SettingsBySystem
) -> dict[str, SystemSettings]:
    """
    Complete *settings* by those in which the *document* of a proposal differs from today's, which win.

    Args:
        settings: By system; what sandboxes start with today.

    Raises:
        PartError: As in `settings_of`.
    """
    before, after, found = settings_of(today, systems, {}), settings_of(document, systems, {}), dict(settings)
    for name, default in ((one.name, one.settings_model()) for one in systems):
        if name in before or name in after:
            former, current = before.get(name, default), after.get(name, default)
            try:
                found[name] = follow(current, former=former, new=settings.get(name, default))
            except InvalidSettings as error:
                raise _refused(name, error) from None
    return found


def _refused(system: str, error: InvalidSettings) -> PartError:
    first = error.faults[0]
    path = (system, *first.path)
    return PartError((KEY, *path), f"{KEY}: {'.'.join(path)}: {first.shown}")


def _check_names(document: Document) -> None:
    for name in document.content:
        if name.startswith(_OURS) and name not in (KEY, FAULTS_KEY):
            raise PartError((name,), f"{name}: there is no such extension. There are: {KEY}, {FAULTS_KEY}")
