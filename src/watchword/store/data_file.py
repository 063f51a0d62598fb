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
from watchword.store.persistence import UnusableData
from watchword.store.wal import measure_unfinished_write

_log = logging.getLogger("watchword.data")
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
        self.connection = _open(path, steps)
        self._failing = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """
        Commit what a ``with`` block executes, or roll it back if the block raises an error.

        Raises:
            NotStored: It cannot be written.
        """
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._not_stored(error) from error
            raise
        if self._failing:
            self._failing = False
            _log.warning("%s: changes are stored again", self.path.parent)

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _not_stored(self, error: sqlite3.Error) -> NotStored:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        reason = _REASONS.get(code, "the data file cannot be written")
        if not self._failing:
            self._failing = True
            _log.error("%s: changes cannot be stored: %s (%s); reading still works", self.path.parent, reason, error)
        return NotStored(reason)


def _open(path: Path, steps: Sequence[file_format.Step]) -> sqlite3.Connection:
    log = path.with_name(f"{path.name}-wal")
    try:
        if path.exists():
            file_format.check(path, newest=len(steps))
        elif log.exists():
            raise UnusableData(f"{log} exists without {path.name}: restore that file, or use another directory")
        else:
            file_format.create(path, steps)
        unfinished = measure_unfinished_write(log)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        with _close_on_error(connection):
            # Other programs must not write to it; and without them, SQLite needs no shared-memory file either.
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise UnusableData(f"{path} is damaged: {found[0]}")
            file_format.upgrade(connection, steps)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA foreign_keys=ON")
    except (sqlite3.Error, OSError) as error:
        raise UnusableData(f"{path} cannot be used: {error}") from error
    if unfinished:
        _log.warning("%s: the last write was not finished, so its %d bytes are dropped", log, unfinished)
    return connection


@contextmanager
def _close_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
