"""The ``watchword`` command, and ``python -m watchword``."""

import errno
import gc
import os
import sys

from watchword.cli import started_by  # noqa: F401  # notes it
from watchword.cli.exit_codes import INTERRUPTED
from watchword.cli.port_file import forget_earlier_port

FAILED = 2
_CANNOT_WRITE = frozenset((errno.ENOSPC, errno.EIO, errno.EBADF, errno.EDQUOT, errno.EFBIG))
_UNSUPPORTED = (
    "watchword: Watchword runs on Linux and macOS, not on Windows itself. Use it in WSL (wsl --install) or in a"
    " container; programs on Windows reach it there at http://localhost:7070."
)


def main() -> None:
    """Run the command line; exit with 130 if it is interrupted, even during the imports."""
    if sys.platform == "win32":
        print(_UNSUPPORTED, file=sys.stderr)  # noqa: T201  # nothing else can be imported
        sys.exit(FAILED)
    _occupy_standard_streams()
    # Importing the rest takes half a second, in which nobody must read the port of an earlier server.
    forget_earlier_port(sys.argv[1:])
    # Nothing that is made at the start is garbage. A start without the collector takes 7 % less processor time; `serve`
    # switches it on.
    gc.disable()
    try:
        from watchword.cli.main import cli  # noqa: PLC0415  # slow enough to be interrupted

        cli(prog_name="watchword")
    except KeyboardInterrupt as interrupt:
        from watchword.cli.signalled import tell_interrupted  # noqa: PLC0415  # what was interrupted may be its import

        tell_interrupted(interrupt)
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.filename is not None or error.errno not in _CANNOT_WRITE:
            raise
        sys.exit(_cannot_write(error))


def _occupy_standard_streams() -> None:
    """Open ``/dev/null`` for closed standard streams: a socket must not get one of their numbers (uvloop ends then)."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _cannot_write(error: OSError) -> int:
    from watchword.cli.output import discard, write  # noqa: PLC0415  # loaded already

    discard(sys.stdout)
    write(f"watchword: the output cannot be written: {error.strerror}", error=True)
    return FAILED


if __name__ == "__main__":
    main()
