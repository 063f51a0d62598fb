"""Rate limits: at most so many requests in a fixed window, which starts with the first request in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
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
    count: int = 0


Standing = Sequence[tuple[tuple[str, Limit], _Window | None]]
"""How the windows of a caller stood at a moment."""


@dataclass(slots=True)
class RateLimiter:
    """Counts requests per caller and limit."""

    _windows: dict[tuple[str, Limit], _Window] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the windows in memory."""
        return len(self._windows)

    def __iter__(self) -> Iterator[tuple[str, Limit, datetime, int]]:
        """Give the caller, the limit, the start and the count of every window."""
        for (caller, limit), window in self._windows.items():
            yield caller, limit, window.started_at, window.count

    @classmethod
    def of(cls, windows: Iterable[tuple[str, Limit, datetime, int]]) -> "RateLimiter":
        """Go on with *windows*, as iterating gives them."""
        return cls({(caller, limit): _Window(started_at, count) for caller, limit, started_at, count in windows})

    def copy(self) -> "RateLimiter":
        """Copy the windows."""
        return RateLimiter({key: replace(window) for key, window in self._windows.items()})

    def standing(self, caller: str, limits: Sequence[Limit]) -> Standing:
        """Tell how the windows of *caller* stand, for `restore`."""
        found = [((caller, limit), self._windows.get((caller, limit))) for limit in limits]
        return [(key, None if window is None else replace(window)) for key, window in found]

    def restore(self, standing: Standing) -> None:
        """Put the windows of a caller back to what they were."""
        for key, window in standing:
            self._windows.pop(key, None)
            if window is not None:
                self._windows[key] = replace(window)

    def count_request(self, caller: str, limits: Sequence[Limit], *, now: datetime) -> None:
        """
        Count one request of *caller*.

        Args:
            caller: Any name, for example a digest of the API key.
            limits: All limits in force.

        Raises:
            TooManyRequests: A limit is reached; the request is then counted in no window.
        """
        windows = [(limit, self._window(caller, limit, now)) for limit in limits]
        for limit, window in windows:
            if window.count >= limit.requests:
                reset_after = window.started_at + limit.window - now
                in_force = [(one.requests, one.window) for one in limits]
                raise TooManyRequests(limit.requests, limit.window, in_force, reset_after)
        for _, window in windows:
            window.count += 1

    def reached(self, *, now: datetime) -> list[tuple[str, Limit, datetime]]:
        """List the callers who have reached a limit, the limit, and when they are answered again."""
        ends = [
            (caller, limit, window, window.started_at + limit.window)
            for (caller, limit), window in self._windows.items()
        ]
        return [
            (caller, limit, end)
            for caller, limit, window, end in ends
            if window.count >= limit.requests and window.started_at <= now < end
        ]

    def _window(self, caller: str, limit: Limit, now: datetime) -> _Window:
        window = self._windows.get((caller, limit))
        # A window that starts in the future is left over from before the clock was moved back.
        if window is None or not window.started_at <= now < window.started_at + limit.window:
            self._drop_ended(now)
            window = self._windows[caller, limit] = _Window(now)
        return window

    def _drop_ended(self, now: datetime) -> None:
        ended = [key for key, window in self._windows.items() if now >= window.started_at + key[1].window]
        for key in ended:
            del self._windows[key]
