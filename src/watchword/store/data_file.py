"""
The data file: opening it, and its transactions.

A transaction survives a killed process completely or not at all. If it cannot be written, the caller gets `NotStored`,
and the log says so once.
"""

import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType

from watchword.domain.refusal import NotStored
from watchword.store import format as file_format
from watchword.store.inspection import add_up, inspect
from watchword.store.persistence import DamagedData, UnusableData
from watchword.store.seal import Seal, Sum, Verdict
from watchword.store.wal import measure_unfinished_write

_log = logging.getLogger("watchword.data")
DOUBTS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.UNREADABLE: "this file cannot be read as a seal",
        Verdict.OF_ANOTHER_RUN: "the machine was restarted while a server ran, or this file is damaged",
    }
)
"""Why a seal says nothing about the rows."""
_REASONS: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the data directory is read-only",
        sqlite3.SQLITE_IOERR: "the disk reports an error, or a limit on file sizes is reached",
        sqlite3.SQLITE_CORRUPT: "the data file is damaged",
    }
)


class DataFile:
    """
    An open data file.

    Args:
        path: Created if it does not exist.
        steps: The upgrades from format to format.

    Raises:
        UnusableData: The file is damaged, not ours, or cannot be opened.
    """

    def __init__(self, path: Path, steps: Sequence[file_format.Step]) -> None:
        self.path = path
        self._seal = Seal(path.with_name(f"{path.name}-seal"))
        self.connection, self._present = _open(path, steps, self._seal)
        self._next = self._present
        self._failing = False
        self._keep_seal()

    def note(self, *, added: int = 0, removed: int = 0, rows: int = 0) -> None:
        """Note the digests of rows that the present transaction has added and removed, and how many more there are."""
        self._next = self._next.change(added=added, removed=removed, rows=rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """
        Commit what a ``with`` block executes, or roll it back if the block raises an error.

        The block has to `note` every row that it changes.

        Raises:
            NotStored: It cannot be written.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self._seal.pledge(self._next)
            self.connection.execute("COMMIT")
        except BaseException as error:
            self._next = self._present
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._not_stored(error) from error
            raise
        self._present = self._next
        self._seal.confirm(self._present)
        if self._failing:
            self._failing = False
            _log.warning("%s: changes are stored again", self.path.parent)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()
        self._seal.close()

    def _keep_seal(self) -> None:
        try:
            self._seal.open(self._present)
        except OSError as error:
            # A full disk is read on. What an earlier server left would be wrong after the next write.
            self._seal.void()
            _log.warning("%s cannot be kept: %s; damage will not be noticed", self._seal.path, error.strerror or error)

    def _not_stored(self, error: sqlite3.Error) -> NotStored:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        reason = _REASONS.get(code, "the data file cannot be written")
        if not self._failing:
            self._failing = True
            _log.error("%s: changes cannot be stored: %s (%s); reading still works", self.path.parent, reason, error)
        return NotStored(reason)


def _open(path: Path, steps: Sequence[file_format.Step], seal: Seal) -> tuple[sqlite3.Connection, Sum]:
    """Open the file, and add up its rows."""
    log = path.with_name(f"{path.name}-wal")
    try:
        if path.exists():
            file_format.check(path, newest=len(steps))
        elif left := next((one for one in (log, seal.path) if one.exists()), None):
            # A server had data here; without the file they would be missing without a word.
            raise UnusableData(f"{left} exists without {path.name}: restore that file, or use another directory")
        else:
            file_format.create(path, steps)
        unfinished = measure_unfinished_write(log)
        present, verdict = inspect(path, seal)
        for one in (path, log, seal.path):
            with suppress(OSError):
                one.chmod(file_format.MODE)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        with _close_on_error(connection):
            # Other programs must not write to it; and without them, SQLite needs no shared-memory file either.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            if not file_format.is_newest(connection, steps):
                # An upgrade may change rows, and may be killed before there is another seal.
                seal.void()
                file_format.upgrade(connection, steps)
                present = add_up(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA foreign_keys=ON")
    except (sqlite3.Error, OSError) as error:
        raise _unusable(error)(f"{path} cannot be used: {error}") from error
    if verdict in DOUBTS:
        _log.warning("%s: the last writes may be missing: %s", seal.path, DOUBTS[verdict])
    if unfinished:
        _log.warning("%s: the last write was not finished, so its %d bytes are dropped", log, unfinished)
    return connection, present


def _unusable(error: Exception) -> type[UnusableData]:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    return DamagedData if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) else UnusableData


@contextmanager
def _close_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
