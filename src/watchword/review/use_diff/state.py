"""How the server of a side is set: by its document and its name, or as a running Watchword says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from watchword.contract.driver import TargetFailed
from watchword.contract.subjects import SUBJECTS
from watchword.document.reader import read_file
from watchword.review.behaviour_diff.served import NotPlayable, served_server
from watchword.review.behaviour_diff.servers import settings_of
from watchword.review.sides import Side
from watchword.system.document_settings import KEY
from watchword.system.setting_faults import InvalidSettings
from watchword.system.settings import SettingsBySystem, apply_merge_patch
from watchword.systems import SYSTEMS


class Unserved(Exception):
    """Nothing can be sent to a side again; the message says why."""


@dataclass(frozen=True)
class State:
    """
    How a server is set.

    Args:
        mutants: Ids of the rules that are broken there on purpose.
    """

    settings: SettingsBySystem = field(default_factory=dict)
    mutants: Sequence[str] = ()


def _brought(side: Side) -> Mapping[str, Any]:
    """Give the settings that overlays bring, by system: they count more than those of a server without them."""
    served = read_file(side.root).get(KEY, {}) if side.overlays else side.settings
    return _changed(served, side.settings)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give what *after* has and *before* has not, as a JSON merge patch."""
    return {
        name: _changed(before.get(name, {}), value) if isinstance(value, Mapping) else value
        for name, value in after.items()
        if name not in before or before[name] != value
    }


def read_state(side: Side, *, token: str | None = None) -> State:
    """
    Find out how the server of a side is set.

    Args:
        token: Of ``--admin-token``, for a running Watchword.

    Raises:
        Unserved: It is a server that does not say.
    """
    if side.address is None:
        return State(settings_of(side))
    try:
        with served_server(side, side.address, token=token) as server:
            players = {name: server.player(subject) for name, subject in SUBJECTS.items()}
            told = {name: one.settings() for name, one in players.items()}
            mutants = {broken.id for one in players.values() for broken in one.mutants()}
        settings = {one.name: apply_merge_patch(one.settings_model(), told[one.name]) for one in SYSTEMS}
        settings |= {name: apply_merge_patch(settings[name], brought) for name, brought in _brought(side).items()}
    except (NotPlayable, TargetFailed, InvalidSettings) as error:
        raise Unserved(str(error)) from None
    return State(settings, sorted(mutants))
