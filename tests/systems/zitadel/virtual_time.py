"""An event loop in which waiting takes no time, and can be measured."""

import asyncio
import selectors
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

Events = list[tuple[selectors.SelectorKey, int]]


class _SkippingSelector(selectors.SelectSelector):
    """Never waits for a timer: it tells *skip* how long it should have waited."""

    def __init__(self, skip: Callable[[float], None]) -> None:
        super().__init__()
        self._skip = skip

    def select(self, timeout: float | None = None) -> Events:
        ready = super().select(timeout if timeout is None else 0)
        if not ready and timeout is not None:
            self._skip(timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """
    An event loop whose time moves only when there is nothing to do but to wait for a timer.

    Then it moves to that timer at once, so ``asyncio.sleep(3600)`` returns immediately, an hour later.
    """

    def __init__(self) -> None:
        self._now = 0.0
        super().__init__(_SkippingSelector(self._advance))

    def time(self) -> float:
        return self._now

    def _advance(self, seconds: float) -> None:
        self._now += seconds


@dataclass
class Waited:
    """How long requests waited, in seconds of virtual time."""

    seconds: float = 0.0


class VirtualTime:
    """
    Runs coroutines in a loop with virtual time.

    Args:
        runner: Has such a loop.
    """

    def __init__(self, runner: asyncio.Runner) -> None:
        self.runner = runner

    @contextmanager
    def measure(self) -> Iterator[Waited]:
        """Measure how long the coroutines in a ``with`` block wait."""
        waited, start = Waited(), self.runner.get_loop().time()
        yield waited
        waited.seconds = self.runner.get_loop().time() - start
