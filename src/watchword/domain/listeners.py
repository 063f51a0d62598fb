"""Functions that are called when something has happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[], None]
"""Is called in the thread in which something happened, maybe under a lock: it must return at once."""


class Listeners:
    """The functions that are called about one kind of event; any thread may add one or notify them."""

    __slots__ = ("_listeners",)

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def __len__(self) -> int:
        return len(self._listeners)

    @contextmanager
    def listening(self, listener: Listener) -> Iterator[None]:
        """Have *listener* called at every event during a ``with`` block."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def notify(self) -> None:
        """Call every listener once."""
        if not self._listeners:
            return
        # Of a copy, because other threads add and remove listeners meanwhile.
        for listener in tuple(self._listeners):
            listener()
