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
    """

    source: Callable[[], datetime] = system_time
    offset: timedelta = timedelta(0)
    frozen_at: datetime | None = None

    def now(self) -> datetime:
        """Tell the time of this clock, in UTC."""
        return self.frozen_at if self.frozen_at is not None else (self.source() + self.offset).astimezone(UTC)

    @property
    def frozen(self) -> bool:
        """Whether time stands still."""
        return self.frozen_at is not None

    def freeze(self) -> None:
        """Stop at the present moment."""
        self.frozen_at = self.now()

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
        self.frozen_at = moment if stop else None
        self.offset = moment - self.source()

    def advance(self, by: timedelta) -> None:
        """
        Move forwards, or backwards if *by* is negative.

        Raises:
            OverflowError: The calendar ends before that.
        """
        moved = self.now() + by
        if self.frozen_at is None:
            # Not from the moved moment: reading the source again would lose the time in between.
            self.offset += by
        else:
            self.frozen_at = moved

    def reset(self) -> None:
        """Run with the source again."""
        self.offset, self.frozen_at = timedelta(0), None
