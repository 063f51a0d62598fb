"""The clock of a sandbox: told, moved, stopped and released."""

from dataclasses import dataclass, replace
from datetime import timedelta

from watchword.admin import shapes
from watchword.admin.errors import Calendar
from watchword.admin.timestamps import duration, moment, written
from watchword.domain.clock import Clock
from watchword.sandbox.registry import Sandboxes
from watchword.system import Answer, Call

FIRST_YEAR, LAST_YEAR = 1000, 9899
"""Wide enough for any test, and far enough from the calendar's ends that a lifetime can still be added."""


@dataclass(frozen=True)
class TimeControl:
    """Everything about the clock of the sandbox in question."""

    sandboxes: Sandboxes

    def tell(self, call: Call) -> Answer:
        """Tell the time."""
        return Answer(body=shapes.clock(self.sandboxes.enter(call.sandbox).clock))

    def change(self, call: Call) -> Answer:
        """Do one action to the clock."""
        sandbox = self.sandboxes.enter(call.sandbox)
        clock = replace(sandbox.clock)
        to, by = call.body.get("to"), call.body.get("by")
        until = moment(to, where="body", name="to") if to is not None else clock.now()
        match call.body["action"]:
            case "freeze":
                clock.set(until, frozen=True)
            case "set":
                clock.set(until)
            case "advance":
                _advance(clock, duration(by))
            case "unfreeze":
                clock.unfreeze()
            case _:
                clock.reset()
        sandbox.set_clock(clock)
        return Answer(body=shapes.clock(clock))


def _advance(clock: Clock, by: timedelta) -> None:
    now = clock.now()
    try:
        inside = FIRST_YEAR <= (now + by).year <= LAST_YEAR
    except OverflowError:
        inside = False
    if not inside:
        raise Calendar(
            f"The clock stands at {written(now)}; that step would take it out of the years {FIRST_YEAR} to {LAST_YEAR}."
        )
    clock.advance(by)
