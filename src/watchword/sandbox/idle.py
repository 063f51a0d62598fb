"""Which sandboxes are idle: nobody has used them for a while, and no request is inside."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.shared_seed_data import within_a_second

_NOT_COUNTED: AbstractContextManager[None] = nullcontext()


@dataclass(slots=True)
class _Use(AbstractContextManager[None]):
    """A request inside *sandbox*."""

    sandbox: Sandbox
    wall_clock: Callable[[], datetime]

    def __enter__(self) -> None:
        self.sandbox.active_requests += 1

    def __exit__(self, *_: object) -> None:
        self.sandbox.active_requests -= 1
        self.sandbox.used_at = self.wall_clock()


@dataclass
class IdleTimeout:
    """
    Finds sandboxes that have been idle for too long, looking at most once a second.

    Args:
        after: How long a sandbox may be idle; None for ever.
    """

    after: timedelta | None
    wall_clock: Callable[[], datetime]
    _looked_at: datetime | None = None

    def using(self, sandbox: Sandbox) -> AbstractContextManager[None]:
        """Count a request inside *sandbox* for a ``with`` block."""
        return _NOT_COUNTED if self.after is None else _Use(sandbox, self.wall_clock)

    def expired(self, sandboxes: Callable[[], Sequence[Sandbox]]) -> Iterator[Sandbox]:
        """List those of *sandboxes* that have been idle for too long; empty if it looked a moment ago."""
        if self.after is None:
            return
        now = self.wall_clock()
        if self._looked_at is not None and within_a_second(now, since=self._looked_at):
            return
        self._looked_at = now
        for one in sandboxes():
            if not one.active_requests and now - (one.used_at or one.created_at) > self.after:
                yield one
