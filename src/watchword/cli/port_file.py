"""The file that tells other programs the port of a running server."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_FLAG, _VARIABLE = "--port-file", "WATCHWORD_PORT_FILE"
_HELP = frozenset(("-h", "--help"))


def forget_earlier_port(arguments: Sequence[str]) -> None:
    """
    Remove the file of an earlier server that was killed, before the command line is even read.

    A path in the configuration file is found later: `PortFile.remove` removes that one, and says what is wrong.

    Args:
        arguments: Of the command ``watchword``.
    """
    if "serve" not in arguments or not _HELP.isdisjoint(arguments):
        return
    path = os.environ.get(_VARIABLE, "")  # noqa: TID251  # the environment
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = argument.partition("=")
        if name == _FLAG:
            path = value if equals else following
    if path:
        with suppress(CannotWritePortFile, OSError, ValueError):
            PortFile(Path(path)).remove()


class CannotWritePortFile(Exception):
    """The file cannot be written or removed; the message gives the reason."""


class PortFile:
    """
    Exists exactly while a server accepts requests, so that no program reads the port of an earlier one.

    Args:
        path: None if nobody wants to know the port. A pipe or device is written to, and never removed.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._is_file = path is not None and (path.is_file() or not path.exists())
        self._text = ""

    def remove(self) -> None:
        """
        Remove what an earlier server has left.

        Raises:
            CannotWritePortFile: It cannot be removed.
        """
        if self._path is not None and self._is_file:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                raise CannotWritePortFile(f"{self._path} of an earlier server cannot be removed: {error}") from error

    def write(self, port: int) -> None:
        """
        Write *port*, whole or not at all.

        Raises:
            CannotWritePortFile: It cannot be written.
        """
        if self._path is None:
            return
        self._text = f"{port}\n"
        try:
            if self._is_file:
                # Renamed when it is complete: a program that waits for the file must not read half of it.
                unfinished = self._path.with_name(f"{self._path.name}.{os.getpid()}")
                unfinished.write_text(self._text, encoding="ascii")
                unfinished.replace(self._path)
            else:
                self._path.write_text(self._text, encoding="ascii")
        except OSError as error:
            raise CannotWritePortFile(f"the port cannot be written: {error}") from error

    def remove_own(self) -> None:
        """Remove the file, unless another server has written its own port there meanwhile."""
        if self._path is not None and self._is_file and self._text:
            with suppress(OSError):
                if self._path.read_text(encoding="ascii") == self._text:
                    self._path.unlink()
