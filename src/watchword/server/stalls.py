"""Close connections whose clients no longer read what they asked for."""

import asyncio
from collections.abc import Callable

STALLED_SECONDS = 60.0
"""How long a client may take nothing of a waiting answer. A programmer may be at a breakpoint."""


class StallTimer:
    """
    One timer for a connection; it only runs while something waits.

    Args:
        taken: Returns a number that changes whenever the client takes something; None if nothing waits.
        give_up: Called when the client took nothing for *seconds*.
    """

    __slots__ = ("_give_up", "_seconds", "_seen", "_taken", "_timer")

    def __init__(
        self, taken: Callable[[], int | None], give_up: Callable[[], None], seconds: float = STALLED_SECONDS
    ) -> None:
        self._taken, self._give_up, self._seconds = taken, give_up, seconds
        self._timer: asyncio.TimerHandle | None = None
        self._seen: int | None = None

    def start(self) -> None:
        """Something waits from now on; nothing happens if the timer runs already."""
        if self._timer is None:
            self._wait(self._taken())

    def stop(self) -> None:
        """The connection is closed."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        taken = self._taken()
        if taken is None:
            return
        if taken == self._seen:
            self._give_up()
        else:
            self._wait(taken)

    def _wait(self, seen: int | None) -> None:
        self._seen = seen
        self._timer = asyncio.get_running_loop().call_later(self._seconds, self._look)
