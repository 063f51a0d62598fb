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
    A clock that runs with *source* until it is told otherwise.

    Args:
        source: Gives the present moment, timezone-aware.
        state: How far it is ahead of *source*, and the moment it stands at if it does; one value,
            so that threads see both or neither of a change.
    """

    source: Callable[[], datetime] = system_time
    state: tuple[timedelta, datetime | None] = (timedelta(0), None)

    def now(self) -> datetime:
        """Tell the time of this clock, in UTC."""
        offset, frozen_at = self.state
        if frozen_at is not None:
            return frozen_at
        moment = self.source() + offset
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)

    @property
    def offset(self) -> timedelta:
        """How far the running clock is ahead of its source."""
        return self.state[0]

    @property
    def frozen_at(self) -> datetime | None:
        """Where the clock stands; None while it runs."""
        return self.state[1]

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self.frozen_at is not None

    def freeze(self) -> None:
        """Stop at the present moment."""
        self.state = (self.offset, self.now())

    def unfreeze(self) -> None:
        """Go on from the present moment."""
        self.set(self.now(), frozen=False)

    def set(self, moment: datetime, *, frozen: bool | None = None) -> None:
        """
        Move to *moment*.

        Args:
            moment: Timezone-aware.
            frozen: Stop there, run on from there, or (None) do as before.

        Raises:
            ValueError: *moment* has no timezone.
        """
        if moment.tzinfo is None:
            raise ValueError("a moment needs a timezone, for example 2026-01-31T12:00:00Z")
        stop = self.frozen if frozen is None else frozen
        moment = moment.astimezone(UTC)
        self.state = (moment - self.source(), moment if stop else None)

    def advance(self, by: timedelta) -> None:
        """
        Move forwards, or backwards if *by* is negative.

        Raises:
            OverflowError: The calendar ends before that.
        """
        moved = self.now() + by
        offset, frozen_at = self.state
        # Not from the moved moment: reading the source again would lose the time in between.
        self.state = (offset + by, None) if frozen_at is None else (offset, moved)

    def reset(self) -> None:
        """Run with the source again."""
        self.state = (timedelta(0), None)
