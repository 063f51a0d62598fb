"""Signals that ask this process to end, as an exception: what was found until then can still be told."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALLED = 128
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Signalled(KeyboardInterrupt):
    """A signal asks this process to end; the message says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"it was ended by {signal.Signals(number).name}")
        self.exit_code = _SIGNALLED + number
        """As in a shell."""


@contextmanager
def raising_signals() -> Iterator[list[Signalled]]:
    """
    Raise `Signalled` when a signal asks this process to end: Ctrl-C, a closed terminal, or a CI that cancels.

    Those that are ignored, as a closed terminal is under ``nohup``, stay so.

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
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
