"""
Time that can be moved.

This module and ``chance`` are the only ones that may ask the machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


def system_time() -> datetime:
    """Read the machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Clock:
    """
    A clock that follows *wall_clock* until it is moved or frozen.

    Args:
        wall_clock: Gives the present moment, timezone-aware.
        position: How far it is ahead of *wall_clock*, and the moment it is frozen at, or None; one value,
            so that threads see both or neither of a change.
    """

    wall_clock: Callable[[], datetime] = system_time
    position: tuple[timedelta, datetime | None] = (timedelta(0), None)

    def now(self) -> datetime:
        """Tell the time of this clock, in UTC."""
        offset, frozen_at = self.position
        if frozen_at is not None:
            return frozen_at
        moment = self.wall_clock() + offset
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

    @property
    def offset(self) -> timedelta:
        """How far the running clock is ahead of the wall clock."""
        return self.position[0]

    @property
    def frozen_at(self) -> datetime | None:
        """The moment it is frozen at; None while it runs."""
        return self.position[1]

    @property
    def frozen(self) -> bool:
        """Whether it is frozen."""
        return self.frozen_at is not None

    def freeze(self) -> None:
        """Freeze at the present moment."""
        self.position = (self.offset, self.now())

    def unfreeze(self) -> None:
        """Run on from the present moment."""
        self.set(self.now(), frozen=False)

    def set(self, moment: datetime, *, frozen: bool | None = None) -> None:
        """
        Move to *moment*.

        Args:
            moment: Timezone-aware.
            frozen: Freeze there, run on from there, or (None) as before.

        Raises:
            ValueError: *moment* has no timezone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a timezone, for example 2026-01-31T12:00:00Z")
        stop = self.frozen if frozen is None else frozen
        moment = moment.astimezone(UTC)
        self.position = (moment - self.wall_clock(), moment if stop else None)

    def advance(self, by: timedelta) -> None:
        """
        Move forwards, or backwards if *by* is negative.

        Raises:
            OverflowError: The calendar ends before that.
        """
        moved = self.now() + by
        offset, frozen_at = self.position
        # Not from the moved moment: reading the wall clock again would lose the time in between.
        self.position = (offset + by, None) if frozen_at is None else (offset, moved)

    def reset(self) -> None:
        """Follow the wall clock again."""
        self.position = (timedelta(0), None)
