"""
Sandboxes on the disk: one SQLite file in one directory, for one server at a time.

The file is written and never asked: everything is read from it once, at the start.
A change is one transaction of SQLite, so whatever ends the process leaves it whole or not at all.
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
from watchword.store.keeping import Keeping, Kept, Shelf, Unusable
from watchword.store.lock import take
from watchword.store.rows import Base
from watchword.store.seed import Seed
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


class Disk(Keeping):
    """
    A directory that keeps the sandboxes of one server.

    Args:
        folder: Made if it is not there.
        steps: The formats; others than ours are for tests.

    Raises:
        Unusable: It is in use, damaged, not ours or cannot be written.
    """

    def __init__(self, folder: Path, *, steps: Sequence[file_format.Step] = file_format.STEPS) -> None:
        self.folder = folder
        self._held = take(folder)
        try:
            self._connection = _opened(folder / FILE, steps)
        except BaseException:
            self._held.close()
            raise
        self._lock = RLock()
        self._failing = False

    def shelf(self, name: str, seed: Seed, created_at: datetime, *, instead_of: Shelf | None = None) -> Shelf:
        """Give a new sandbox its place."""
        new = DiskShelf(self, name, seed, created_at)
        if instead_of is not None:
            assert isinstance(instead_of, DiskShelf)  # noqa: S101  # all shelves of a disk are
            self.move(instead_of, new)
        return new

    def kept(self) -> Iterator[Kept]:
        """Read what an earlier server left."""
        try:
            yield from self._read()
        except (sqlite3.Error, zlib.error, ValueError, KeyError) as error:
            raise Unusable(f"{self.folder / FILE} is damaged: {error}") from error

    def close(self) -> None:
        """Finish the file and let go of the directory."""
        with self._lock:
            self._connection.close()
            self._held.close()

    def write(self, shelf: "DiskShelf", changes: Changes) -> None:
        """
        Keep *changes* of one sandbox, and the sandbox if it is new.

        Raises:
            NotStored: Nothing was done.
        """
        with self._lock:
            if not shelf.given_up:
                with self._transaction():
                    number = self._numbered(shelf)
                    self._put(number, shelf.seed, changes)
                shelf.number = number

    def move(self, old: "DiskShelf", new: "DiskShelf | None") -> None:
        """
        Forget *old*, and have *new* in the same moment.

        Raises:
            NotStored: Nothing was done.
        """
        with self._lock:
            number = None
            if new is not None or old.number is not None:
                with self._transaction():
                    self._forget(old)
                    number = None if new is None else self._numbered(new)
            old.given_up, old.number = True, None
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

    def _numbered(self, shelf: "DiskShelf") -> int:
        if shelf.number is not None:
            return shelf.number
        execute, seed = self._connection.execute, shelf.seed
        if execute("SELECT 1 FROM seeds WHERE name = ?", (seed.name,)).fetchone() is None:
            execute("INSERT INTO seeds (name, tables) VALUES (?, ?)", (seed.name, seed.packed()))
        made = (shelf.name, shelf.created_at.isoformat(), seed.name)
        (number,) = execute(
            "INSERT INTO sandboxes (name, created_at, seed) VALUES (?, ?, ?) RETURNING id", made
        ).fetchone()
        return int(number)

    def _put(self, number: int, seed: Seed, changes: Changes) -> None:
        written: list[tuple[int, str, str, bytes | None]] = []
        removed: list[tuple[int, str, str]] = []
        for (place, key), document in changes.items():
            if document is not None:
                written.append((number, place, key, orjson.dumps(document, default=dict)))
            elif seed.holds(place, key):
                written.append((number, place, key, None))
            else:
                removed.append((number, place, key))
        self._connection.executemany(
            "REPLACE INTO documents (sandbox, place, key, document) VALUES (?, ?, ?, ?)", written
        )
        self._connection.executemany("DELETE FROM documents WHERE sandbox = ? AND place = ? AND key = ?", removed)

    def _forget(self, shelf: "DiskShelf") -> None:
        execute = self._connection.execute
        execute("DELETE FROM sandboxes WHERE id = ?", (shelf.number,))
        execute(
            "DELETE FROM seeds WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM sandboxes WHERE seed = ?1)",
            (shelf.seed.name,),
        )

    def _read(self) -> Iterator[Kept]:
        execute = self._connection.execute
        seeds: dict[bytes, Seed] = {}
        like: Seed | None = None
        for name, tables in execute("SELECT name, tables FROM seeds"):
            like = seeds[name] = Seed.unpacked(tables, like=like)
        for number, name, created_at, seed in execute("SELECT id, name, created_at, seed FROM sandboxes ORDER BY id"):
            rows = execute("SELECT place, key, document FROM documents WHERE sandbox = ?", (number,))
            documents = {
                (place, key): None if document is None else orjson.loads(document) for place, key, document in rows
            }
            made = datetime.fromisoformat(created_at)
            shelf = DiskShelf(self, name, seeds[seed], made, number=number)
            yield Kept(name, made, seeds[seed], shelf, documents)


class DiskShelf(Shelf):
    """
    The place of one sandbox in the file.

    Args:
        number: Its number there; None while nothing of it is kept.
    """

    def __init__(self, disk: Disk, name: str, seed: Seed, created_at: datetime, *, number: int | None = None) -> None:
        self.name, self.seed, self.created_at, self.number = name, seed, created_at, number
        self.given_up = False
        self._disk = disk

    def storage(self, bases: Mapping[str, Base] | None = None) -> LiveStorage:
        """Make the tables of the sandbox, which keep here what they hold."""
        return DurableStorage(bases, self)

    def write(self, changes: Changes) -> None:
        """Keep *changes*, all or none."""
        self._disk.write(self, changes)

    def leave(self) -> None:
        """Give the place up."""
        self._disk.move(self, None)


def _opened(path: Path, steps: Sequence[file_format.Step]) -> sqlite3.Connection:
    log = path.with_name(f"{path.name}-wal")
    try:
        if path.exists():
            file_format.check(path, newest=len(steps))
        elif log.exists():
            raise Unusable(f"{log} is there without {path.name}: put that back, or name another directory")
        else:
            file_format.create(path, steps)
        lost = unfinished(log)
        # Nobody else may write underneath; it also spares SQLite the file that would tell others what is going on.
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        with _closed_on_error(connection):
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            found = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != ("ok",):
                raise Unusable(f"{path} is damaged: {found[0]}")
            file_format.upgrade(connection, steps)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            connection.execute("PRAGMA foreign_keys=ON")
    except (sqlite3.Error, OSError) as error:
        raise Unusable(f"{path} cannot be used: {error}") from error
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
