"""Files with one sandbox: imported when a server starts, exported when it ends."""

import errno
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

import orjson

from watchword.control.errors import ControlError
from watchword.control.state import export_state, import_state
from watchword.edge.served_api import ServedApi
from watchword.sandbox import DEFAULT
from watchword.whole_file import write_whole

_log = logging.getLogger("watchword.state")


class CannotImport(Exception):
    """A file is no sandbox of this server; the message says where, and what would be right."""


class CannotExport(Exception):
    """A file cannot be written; the message says why."""


def import_file(path: Path, api: ServedApi) -> None:
    """
    Put the sandbox in a file in the place of the default one.

    Raises:
        CannotImport: It cannot be read, or does not fit.
    """
    try:
        import_state(api, DEFAULT, orjson.loads(path.read_bytes().removeprefix(b"\xef\xbb\xbf")))
    except OSError as error:
        raise CannotImport(f"{path}: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise CannotImport(f"{path}, line {error.lineno}, column {error.colno}: this is not JSON") from None
    except ControlError as error:
        raise CannotImport(f"{path}: {str(error).replace(chr(10), chr(10) + '  ')}") from None


def write_file(path: Path, written: Any) -> None:
    """
    Write a sandbox to a file that only its owner can read; what stood there before stays if that fails.

    Raises:
        CannotExport: It cannot be written.
    """
    try:
        write_whole(path, orjson.dumps(written, option=orjson.OPT_INDENT_2) + b"\n")
    except OSError as error:
        raise CannotExport(f"{str(path)!r} cannot be written: {error.strerror}") from error


class ExportFile:
    """
    The file that the default sandbox is exported to at the end.

    Attributes:
        due: Whether anything could have happened; a server that does not start leaves an earlier file as it is.

    Raises:
        CannotExport: It cannot be written.
    """

    def __init__(self, path: Path, api: ServedApi) -> None:
        try:
            if path.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            # As it will be written at the end: a file beside it, which then takes its place.
            tempfile.TemporaryFile(dir=path.parent).close()
        except OSError as error:
            raise CannotExport(f"{str(path)!r} cannot be written: {error.strerror}") from error
        self._path, self._api, self.due = path, api, False

    def write(self) -> bool:
        """Write it if it is due; False, with a line in the log, if that fails."""
        if not self.due:
            return True
        sandbox = self._api.sandboxes.get(DEFAULT)
        assert sandbox is not None  # noqa: S101  # the default one always exists
        try:
            write_file(self._path, export_state(self._api, sandbox))
        except CannotExport as error:
            _log.error("The sandbox was not exported: %s.", error)
            return False
        return True
