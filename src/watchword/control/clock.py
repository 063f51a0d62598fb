"""The clock of a sandbox: read, moved, frozen and reset."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.control.errors import OutsideCalendar, storing
from watchword.domain.clock import FIRST_YEAR, LAST_YEAR, Clock
from watchword.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class ClockReading:
    """
    What a clock shows.

    Args:
        now: In UTC.
        frozen: Whether it stands still.
        offset: How far it is ahead of the real time; negative if it is behind.
        scale: How many of its seconds pass in one second of real time, unless it stands still.
    """

    now: datetime
    frozen: bool
    offset: timedelta
    scale: float = 1.0


def read_clock(sandbox: Sandbox) -> ClockReading:
    """Read the clock."""
    clock = sandbox.clock
    if clock.frozen_at is None and clock.pace is None:
        return ClockReading(clock.now(), clock.frozen, clock.offset)
    now = clock.now()
    return ClockReading(now, clock.frozen, now - clock.wall_clock(), clock.scale)


def freeze_clock(sandbox: Sandbox, *, at: datetime | None = None) -> ClockReading:
    """
    Stop the clock.

    Args:
        at: Where it stands from now on, timezone-aware; None for the present moment.

    Raises:
        OutsideCalendar: *at* is outside of the years that a clock may show.
        ChangeNotStored: The disk refused.
        ValueError: *at* has no timezone.
    """
    return _change(sandbox, lambda clock: clock.set(clock.now() if at is None else at, frozen=True))


def set_clock(sandbox: Sandbox, to: datetime) -> ClockReading:
    """
    Move the clock to the moment *to*, timezone-aware; a frozen clock stays frozen.

    Raises:
        OutsideCalendar: *to* is outside of the years that a clock may show.
        ChangeNotStored: The disk refused.
        ValueError: *to* has no timezone.
    """
    return _change(sandbox, lambda clock: clock.set(to))


def advance_clock(sandbox: Sandbox, by: timedelta) -> ClockReading:
    """
    Move the clock forwards, or backwards if *by* is negative; a frozen clock stays frozen.

    Raises:
        OutsideCalendar: That is outside of the years that a clock may show.
        ChangeNotStored: The disk refused.
    """
    return _change(sandbox, lambda clock: clock.advance(by))


def scale_clock(sandbox: Sandbox, scale: float) -> ClockReading:
    """
    Let the clock run *scale* times as fast as real time, from the moment that it shows; a frozen clock stays frozen.

    Raises:
        OutsideCalendar: It would soon be outside of the years that a clock may show.
        ChangeNotStored: The disk refused.
    """
    return _change(sandbox, lambda clock: clock.run_at(scale))


def unfreeze_clock(sandbox: Sandbox) -> ClockReading:
    """
    Let the clock run on from the moment that it shows.

    Raises:
        ChangeNotStored: The disk refused.
    """
    return _change(sandbox, Clock.unfreeze)


def reset_clock(sandbox: Sandbox) -> ClockReading:
    """
    Let the clock show the real time again.

    Raises:
        ChangeNotStored: The disk refused.
    """
    return _change(sandbox, Clock.reset)


def _change(sandbox: Sandbox, move: Callable[[Clock], None]) -> ClockReading:
    # A copy is moved, so that a change that is refused leaves nothing behind.
    clock, now = replace(sandbox.clock), sandbox.clock.now()
    try:
        move(clock)
        inside = FIRST_YEAR <= clock.now().year <= LAST_YEAR
    except OverflowError:
        inside = False
    if not inside:
        raise OutsideCalendar(now, first=FIRST_YEAR, last=LAST_YEAR)
    with storing():
        sandbox.set_clock(clock)
    return read_clock(sandbox)
