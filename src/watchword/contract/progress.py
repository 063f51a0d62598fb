"""How far something is that takes long."""

from collections.abc import Callable
from datetime import timedelta

from watchword.domain.clock import Elapsed, start_timer

Say = Callable[[str], None]
_LONG = timedelta(seconds=10)


class Progress:
    """
    Says how far something is, whenever nothing was said for ten seconds.

    Args:
        told: Is given every line.
        start: Starts a timer of real time.
    """

    def __init__(self, told: Say, *, start: Callable[[], Elapsed] = start_timer) -> None:
        self._told, self._start = told, start
        self._quiet = start()

    def say(self, line: str) -> None:
        """Say what happens."""
        self._quiet = self._start()
        self._told(line)

    def go_on(self, line: Callable[[], str]) -> None:
        """Note that it goes on; *line*, which says how far it is, is asked for only if it was quiet for so long."""
        if self._quiet() >= _LONG:
            self.say(line())


def silent() -> Progress:
    """Make one that tells nobody."""
    return Progress(lambda _line: None)
