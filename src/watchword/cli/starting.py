"""Commands that cannot be started."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class CannotStartCommand(Exception):
    """A command cannot be started; the message says which, and why."""


@contextmanager
def starting(command: Sequence[str]) -> Iterator[None]:
    """
    Say in words why *command* is not started.

    Raises:
        CannotStartCommand: It is not.
    """
    name = command[0]
    try:
        yield
    except FileNotFoundError:
        raise CannotStartCommand(f"there is no command {name!r}, or not what its first line runs it with") from None
    except PermissionError:
        raise CannotStartCommand(f"the command {name!r} may not be run: it is not executable") from None
    except OSError as error:
        raise CannotStartCommand(f"the command {name!r} cannot be started: {error.strerror}") from None
