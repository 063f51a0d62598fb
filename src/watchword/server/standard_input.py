"""Notice that the program that started the server has ended: its end of the server's standard input is then closed."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

_STANDARD_INPUT = 0
_READ_BYTES = 65536


def can_be_closed_by_parent() -> bool:
    """Whether standard input is a pipe, a socket or a terminal, and not a file such as ``/dev/null``."""
    try:
        mode = os.fstat(_STANDARD_INPUT).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(_STANDARD_INPUT)


def when_closed(act: Callable[[], None]) -> None:
    """Call *act*, in a thread of its own, once standard input is closed; what is written to it is ignored."""

    def wait() -> None:
        with suppress(OSError):
            while os.read(_STANDARD_INPUT, _READ_BYTES):
                pass
        act()

    Thread(target=wait, name="standard-input", daemon=True).start()
