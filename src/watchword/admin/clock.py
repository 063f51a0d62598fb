"""``/__admin/clock``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watchword.admin import shapes
from watchword.admin.timestamps import read_moment
from watchword.control.agenda import advance_to_next
from watchword.control.clock import (
    ClockReading,
    advance_clock,
    freeze_clock,
    read_clock,
    reset_clock,
    scale_clock,
    set_clock,
    unfreeze_clock,
)
from watchword.control.sandboxes import enter_sandbox
from watchword.domain.durations import read_duration
from watchword.sandbox import Sandbox, Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class ClockHandlers:
    """The handlers for the clock of the sandbox that a call names."""

    sandboxes: Sandboxes

    def read(self, call: Call) -> Answer:
        """Read the clock."""
        return Answer(body=shapes.clock(read_clock(enter_sandbox(self.sandboxes, call.sandbox))))

    def change(self, call: Call) -> Answer:
        """Do one action to the clock."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        if call.body == {"action": "advance", "to": "next"}:
            return Answer(body=shapes.clock(advance_to_next(self.sandboxes, sandbox)))
        return Answer(body=shapes.clock(_act(sandbox, call.body)))


def _act(sandbox: Sandbox, change: Mapping[str, Any]) -> ClockReading:
    match change:
        case {"action": "freeze", "to": to}:
            return freeze_clock(sandbox, at=_moment(to))
        case {"action": "freeze"}:
            return freeze_clock(sandbox)
        case {"action": "set", "to": to}:
            return set_clock(sandbox, _moment(to))
        case {"action": "advance", "by": by}:
            return advance_clock(sandbox, read_duration(by) if isinstance(by, str) else timedelta(seconds=by))
        case {"action": "scale", "by": by}:
            return scale_clock(sandbox, by)
        case {"action": "unfreeze"}:
            return unfreeze_clock(sandbox)
        case _:
            return reset_clock(sandbox)


def _moment(to: str) -> datetime:
    return read_moment(to, where="body", name="to")
