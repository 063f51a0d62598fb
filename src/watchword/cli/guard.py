"""
Ends a command when the process that started it is gone, however that ended.

A process that is killed cannot end anybody, so this file is also run as a process of its own, without anything else of
this package: it is told of the command on its standard input, and sees there when nobody holds the other end any more.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_GRACE_SECONDS = 10.0
_LOOK_SECONDS = 0.1
_ENDED = "ended"


@contextmanager
def guarding(command: "subprocess.Popen[bytes]", *, group: bool) -> Iterator[Callable[[], None]]:
    """
    Have *command* ended if this process is killed inside of a ``with`` block.

    Args:
        group: Whether it leads a process group, which is ended with it.

    Yields:
        A function that has it ended now.
    """
    words = [sys.executable, "-I", "-S", __file__, str(-command.pid if group else command.pid)]
    # A session of its own: who kills our process group would kill the guard too.
    with subprocess.Popen(words, stdin=subprocess.PIPE, start_new_session=True, text=True) as guard:  # noqa: S603  # ourselves
        held = guard.stdin
        assert held is not None  # noqa: S101  # it is a pipe
        try:
            yield held.close
        finally:
            if not held.closed:
                with suppress(OSError):
                    held.write(_ENDED)
                    held.flush()


def _end(target: int) -> None:
    """
    Ask a process to end, and kill it if it does not.

    Args:
        target: Its id; that of a process group as a negative number.
    """
    # Some systems answer so when nobody is left but those who have ended.
    with suppress(ProcessLookupError, PermissionError):
        os.kill(target, signal.SIGTERM)
        for _ in range(round(_GRACE_SECONDS / _LOOK_SECONDS)):
            time.sleep(_LOOK_SECONDS)
            os.kill(target, 0)
        os.kill(target, signal.SIGKILL)


if __name__ == "__main__":
    if sys.stdin.read() != _ENDED:
        _end(int(sys.argv[1]))
