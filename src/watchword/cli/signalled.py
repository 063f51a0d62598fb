"""Signals that ask this process to end, as an exception: what was found until then can still be told."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from watchword.cli.output import write

_SIGNALLED = 128
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signalled(KeyboardInterrupt):
    """A signal asks this process to end; the message says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"it was ended by {signal.Signals(number).name}")
        self.exit_code = _SIGNALLED + number
        """As in a shell."""


def tell_interrupted(interrupt: KeyboardInterrupt) -> None:
    """Say that a command was ended before it had a result."""
    write(f"watchword: the run ends early, without a result: {str(interrupt) or 'somebody interrupted it'}", error=True)


@contextmanager
def raising_signals() -> Iterator[list[Signalled]]:
    """
    Raise `Signalled` when a signal asks this process to end: Ctrl-C, a closed terminal, or a CI that cancels.

    A run that has a result by then catches it. Otherwise it is said that there is none, and the process ends as the
    signal asks. Signals that are ignored, as a closed terminal is under ``nohup``, stay so.

    Yields:
        Those that were raised.
    """
    raised: list[Signalled] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        raised.append(Signalled(number))
        raise raised[-1]

    heeded = [one for one in _SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heeded}
    try:
        yield raised
    except Signalled as signalled:
        tell_interrupted(signalled)
        sys.exit(signalled.exit_code)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
