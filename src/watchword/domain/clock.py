"""
A clock that tests can move and freeze.

Only this module reads the machine's time; everything else is given a clock or a moment.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

FIRST_YEAR, LAST_YEAR = 1000, 9899
"""Wide enough for any test, and far enough from the calendar's ends that a lifetime can still be added."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_NANOSECONDS = 1_000
"""In a microsecond, the smallest part of a `datetime`."""


def system_time() -> datetime:
    """Read the machine's clock, in UTC."""
    return datetime.now(UTC)


Elapsed = Callable[[], timedelta]
"""Tells how much real time has passed, whatever becomes of the machine's clock."""


def start_timer() -> Elapsed:
    """Begin to count real time: how long something takes, and not what time it is."""
    began = time.monotonic()
    return lambda: timedelta(seconds=time.monotonic() - began)


Ticks = int
"""A moment in nanoseconds since 1970, UTC: read many times as fast as a `datetime`."""


def ticks_of(wall_clock: Callable[[], datetime]) -> Callable[[], Ticks]:
    """Make a function that reads *wall_clock* in ticks."""
    if wall_clock is system_time:
        return time.time_ns
    return lambda: (wall_clock() - _EPOCH) // _MICROSECOND * _NANOSECONDS


def moment_at(ticks: Ticks) -> datetime:
    """Make a moment, in UTC, of *ticks*."""
    return _EPOCH + timedelta(microseconds=ticks // _NANOSECONDS)


@dataclass(slots=True)
class Clock:
    """
    A clock that follows *wall_clock* until it is moved or frozen.

    Args:
        wall_clock: Returns the present moment, timezone-aware.
        position: How far the clock is ahead of *wall_clock*, and the moment at which it is frozen, or None.
            A single value, so that threads see either both parts of a change or neither.
        pace: How fast the clock runs since a moment of *wall_clock*; None for as fast as that.
    """

    wall_clock: Callable[[], datetime] = system_time
    position: tuple[timedelta, datetime | None] = (timedelta(0), None)
    pace: tuple[float, datetime] | None = None

    def now(self) -> datetime:
        """Read this clock, in UTC."""
        offset, frozen_at = self.position
        if frozen_at is not None:
            return frozen_at
        moment = self.wall_clock() + offset
        if self.pace is not None:
            scale, since = self.pace
            moment += (moment - offset - since) * (scale - 1)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

    @property
    def offset(self) -> timedelta:
        """How far the running clock is ahead of the wall clock."""
        return self.position[0]

    @property
    def scale(self) -> float:
        """How many seconds pass here in one second of the wall clock, unless it is frozen."""
        return 1.0 if self.pace is None else self.pace[0]

    @property
    def frozen_at(self) -> datetime | None:
        """The moment at which it is frozen; None while it runs."""
        return self.position[1]

    @property
    def frozen(self) -> bool:
        """Whether it is frozen."""
        return self.frozen_at is not None

    def freeze(self) -> None:
        """Freeze at the present moment."""
        self.set(self.now(), frozen=True)

    def unfreeze(self) -> None:
        """Let it run again from the moment at which it is frozen."""
        self.set(self.now(), frozen=False)

    def set(self, moment: datetime, *, frozen: bool | None = None) -> None:
        """
        Move to *moment*.

        Args:
            moment: Timezone-aware.
            frozen: True to freeze it there, False to let it run from there, None to leave it frozen or running.

        Raises:
            ValueError: *moment* has no timezone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a timezone, for example 2026-01-31T12:00:00Z")
        stop = self.frozen if frozen is None else frozen
        moment, since = moment.astimezone(UTC), self.wall_clock()
        self.position = (moment - since, moment if stop else None)
        if self.pace is not None:
            self.pace = (self.scale, since)

    def run_at(self, scale: float) -> None:
        """
        Run *scale* times as fast as the wall clock, from the present moment on; a frozen clock stays frozen.

        Args:
            scale: More than 0; 1 for as fast.
        """
        now, since = self.now(), self.wall_clock()
        self.position = (now - since, self.frozen_at)
        self.pace = None if scale == 1 else (scale, since)

    def advance(self, by: timedelta) -> None:
        """
        Move forwards, or backwards if *by* is negative.

        Raises:
            OverflowError: That is outside of the range of dates.
        """
        moved = self.now() + by
        offset, frozen_at = self.position
        # Add to the offset: computing it anew would read the wall clock twice and lose the time in between.
        self.position = (offset + by, None) if frozen_at is None else (offset, moved)

    def reset(self) -> None:
        """Follow the wall clock again."""
        self.position, self.pace = (timedelta(0), None), None
