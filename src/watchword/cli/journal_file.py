"""The journal as a file: one JSON object a line, masked, written at most a second later."""

import asyncio
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import orjson

from watchword.admin import journal_shapes
from watchword.journal import Captured, Journal
from watchword.journal.entry import Entry

_DELAY_SECONDS = 1.0
_log = logging.getLogger("watchword.journal")


class CannotWriteJournal(Exception):
    """The file cannot be opened; the message says why."""


class JournalFile:
    """
    Appends every entry to a file, which only its owner can read.

    If the disk refuses later, the server goes on and says so once.

    Args:
        journal: Whose entries are written.
        read: Makes what readers see of an entry.

    Raises:
        CannotWriteJournal: The file cannot be opened.
    """

    def __init__(self, path: Path, journal: Journal, read: Callable[[Captured], Entry]) -> None:
        try:
            self._file: BinaryIO | None = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
        except OSError as error:
            raise CannotWriteJournal(f"{str(path)!r} cannot be written: {error.strerror}") from error
        self._path, self._read = path, read
        self._waiting: list[Captured] = []
        journal.on_entry(self._note)

    def close(self) -> None:
        """Write what is left."""
        self._write()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _note(self, captured: Captured) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(_DELAY_SECONDS, self._write)
        self._waiting.append(captured)

    def _write(self) -> None:
        waiting, self._waiting = self._waiting, []
        if self._file is None or not waiting:
            return
        lines = b"".join(orjson.dumps(journal_shapes.entry(self._read(one))) + b"\n" for one in waiting)
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            _log.error("The journal is no longer written to %s: %s.", self._path, error.strerror)
            self._file = None
