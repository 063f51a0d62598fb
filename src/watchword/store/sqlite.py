"""
Sandboxes on a disk: one SQLite file in one directory, for one server at a time.

The file is only written to: it is read once, at the start.
A commit is one SQLite transaction, so it survives a killed process completely or not at all.
"""

import logging
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import MappingProxyType

import orjson

from watchword.domain.refusal import NotStored
from watchword.store import format as file_format
from watchword.store.durable import DurableStorage
from watchword.store.lock import lock_directory
from watchword.store.persistence import PersistedSandbox, Persistence, StoredSandbox, UnusableData
from watchword.store.rows import SharedRows
from watchword.store.shared_tables import SharedTables
from watchword.store.tiny import Changes, LiveStorage
from watchword.store.wal import unfinished

FILE = "watchword.sqlite3"
_log = logging.getLogger("watchword.data")
_BECAUSE: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "the disk is full",
        sqlite3.SQLITE_READONLY: "the data directory is read-only",
        sqlite3.SQLITE_IOERR: "the disk reports an error, or a limit on file sizes is reached",
        sqlite3.SQLITE_CORRUPT: "the data file is damaged",
    }
)


class SqlitePersistence(Persistence):
    """
    A directory with the sandboxes of one server.

    Args:
        folder: Created if it does not exist.
        steps: The formats; others than ours are for tests.

    Raises:
        UnusableData: It is in use, damaged, not ours or cannot be written.
    """

    def __init__(self, folder: Path, *, steps: Sequence[file_format.Step] = file_format.STEPS) -> None:
        self.folder = folder
        self._lock_file = lock_directory(folder)
        try:
            self._connection = _opened(folder / FILE, steps)
        except BaseException:
            self._lock_file.close()
            raise
        self._lock = RLock()
        self._failing = False

    def sandbox(
        self, name: str, tables: SharedTables, created_at: datetime, *, replaces: PersistedSandbox | None = None
    ) -> PersistedSandbox:
        """Make room for a new sandbox."""
        new = SqliteSandbox(self, name, tables, created_at)
        if replaces is not None:
            assert isinstance(replaces, SqliteSandbox)  # noqa: S101  # every sandbox of this file is one
            self.replace(replaces, new)
        return new

    def stored(self) -> Iterator[StoredSandbox]:
        """Read what an earlier server left."""
        try:
            yield from self._read()
        except (sqlite3.Error, zlib.error, ValueError, KeyError) as error:
            raise UnusableData(f"{self.folder / FILE} is damaged: {error}") from error

    def close(self) -> None:
        """Close the file and unlock the directory."""
        with self._lock:
            self._connection.close()
            self._lock_file.close()

    def write(self, sandbox: "SqliteSandbox", changes: Changes) -> None:
        """
        Write *changes* of one sandbox, and the sandbox itself if it is new.

        Raises:
            NotStored: Nothing was written.
        """
        with self._lock:
            if not sandbox.deleted:
                with self._transaction():
                    number = self._row_id(sandbox)
                    self._put(number, sandbox.tables, changes)
                sandbox.number = number

    def replace(self, old: "SqliteSandbox", new: "SqliteSandbox | None") -> None:
        """
        Delete *old* and insert *new* in one commit.

        Raises:
            NotStored: Nothing was written.
        """
        with self._lock:
            number = None
            if new is not None or old.number is not None:
                with self._transaction():
                    self._delete(old)
                    number = None if new is None else self._row_id(new)
            old.deleted, old.number = True, None
            if new is not None:
                new.number = number

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._refused(error) from error
            raise
        if self._failing:
            self._failing = False
            _log.warning("%s: changes are stored again", self.folder)

    def _refused(self, error: sqlite3.Error) -> NotStored:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        because = _BECAUSE.get(code, "the data file cannot be written")
        if not self._failing:
            self._failing = True
            _log.error("%s: changes cannot be stored: %s (%s); reading goes on", self.folder, because, error)
        return NotStored(because)

    def _row_id(self, sandbox: "SqliteSandbox") -> int:
        if sandbox.number is not None:
            return sandbox.number
        execute, tables = self._connection.execute, sandbox.tables
        if execute("SELECT 1 FROM seeds WHERE name = ?", (tables.name,)).fetchone() is None:
            execute("INSERT INTO seeds (name, tables) VALUES (?, ?)", (tables.name, tables.packed()))
        made = (sandbox.name, sandbox.created_at.isoformat(), tables.name)
        (number,) = execute(
            "INSERT INTO sandboxes (name, created_at, seed) VALUES (?, ?, ?) RETURNING id", made
        ).fetchone()
        return int(number)

    def _put(self, number: int, tables: SharedTables, changes: Changes) -> None:
        written: list[tuple[int, str, str, bytes | None]] = []
        removed: list[tuple[int, str, str]] = []
        for (place, key), document in changes.items():
            if document is not None:
                written.append((number, place, key, orjson.dumps(document, default=dict)))
            elif tables.holds(place, key):
                written.append((number, place, key, None))
            else:
                removed.append((number, place, key))
        self._connection.executemany(
            "REPLACE INTO documents (sandbox, place, key, document) VALUES (?, ?, ?, ?)", written
        )
        self._connection.executemany("DELETE FROM documents WHERE sandbox = ? AND place = ? AND key = ?", removed)

    def _delete(self, sandbox: "SqliteSandbox") -> None:
        execute = self._connection.execute
        execute("DELETE FROM sandboxes WHERE id = ?", (sandbox.number,))
        execute(
            "DELETE FROM seeds WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM sandboxes WHERE seed = ?1)",
            (sandbox.tables.name,),
        )

    def _read(self) -> Iterator[StoredSandbox]:
        execute = self._connection.execute
        shared: dict[bytes, SharedTables] = {}
        like: SharedTables | None = None
        for name, packed in execute("SELECT name, tables FROM seeds"):
            like = shared[name] = SharedTables.unpacked(packed, like=like)
        for number, name, created_at, seed in execute("SELECT id, name, created_at, seed FROM sandboxes ORDER BY id"):
            rows = execute("SELECT place, key, document FROM documents WHERE sandbox = ?", (number,))
            documents = {
                (place, key): None if document is None else orjson.loads(document) for place, key, document in rows
            }
            made = datetime.fromisoformat(created_at)
            sandbox = SqliteSandbox(self, name, shared[seed], made, number=number)
            yield StoredSandbox(name, made, shared[seed], sandbox, documents)


class SqliteSandbox(PersistedSandbox):
    """
    The rows of one sandbox in the file.

    Args:
        number: Its row's id; None while it has no row.
    """

    def __init__(
        self,
        file: SqlitePersistence,
        name: str,
        tables: SharedTables,
        created_at: datetime,
        *,
        number: int | None = None,
    ) -> None:
        self.name, self.tables, self.created_at, self.number = name, tables, created_at, number
        self.deleted = False
        self._file = file

    def storage(self, shared_rows: Mapping[str, SharedRows] | None = None) -> LiveStorage:
        """Make the tables of the sandbox, which write their changes here."""
        return DurableStorage(shared_rows, self)

    def write(self, changes: Changes) -> None:
        """Write *changes*, all or none."""
        self._file.write(self, changes)

    def delete(self) -> None:
        """Remove the sandbox from the file."""
        self._file.replace(self, None)


def _opened(path: Path, steps: Sequence[file_format.Step]) -> sqlite3.Connection:
    log = path.with_name(f"{path.name}-wal")
    try:
        if path.exists():
            file_format.check(path, newest=len(steps))
        elif log.exists():
            raise UnusableData(f"{log} is there without {path.name}: put that back, or name another directory")
        else:
            file_format.create(path, steps)
        lost = unfinished(log)
        # Nobody else may write underneath; it also spares SQLite the file that would tell others what is going on.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        with _closed_on_error(connection):
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
    if lost:
        _log.warning(
            "%s: the last write was not finished; its %d bytes are dropped, everything before is there", log, lost
        )
    return connection


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        connection.close()
        raise
