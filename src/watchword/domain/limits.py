"""How many requests in how much time: fixed windows that start with the first request in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watchword.domain.refusal import TooManyRequests


@dataclass(frozen=True, slots=True)
class Limit:
    """At most *requests* in every *window*."""

    requests: int
    window: timedelta


@dataclass(slots=True)
class _Window:
    started_at: datetime
    used: int = 0


@dataclass(slots=True)
class RateWindows:
    """What has been used so far, per caller."""

    _used: dict[tuple[str, Limit], _Window] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the windows that are remembered."""
        return len(self._used)

    def spend(self, caller: str, limits: Sequence[Limit], *, now: datetime) -> None:
        """
        Count one request of *caller*.

        Args:
            caller: Any name, for example a digest of the key.
            limits: All limits in force.

        Raises:
            TooManyRequests: A window is used up; the request then counts in none.
        """
        windows = [(limit, self._window(caller, limit, now)) for limit in limits]
        for limit, window in windows:
            if window.used >= limit.requests:
                reset = window.started_at + limit.window - now
                raise TooManyRequests(limit.requests, [(one.requests, one.window) for one in limits], reset)
        for _, window in windows:
            window.used += 1

    def _window(self, caller: str, limit: Limit, now: datetime) -> _Window:
        window = self._used.get((caller, limit))
        if window is None or not window.started_at <= now < window.started_at + limit.window:
            self._sweep(now)
            window = self._used[caller, limit] = _Window(now)
        return window

    def _sweep(self, now: datetime) -> None:
        over = [key for key, window in self._used.items() if now >= window.started_at + key[1].window]
        for key in over:
            del self._used[key]
