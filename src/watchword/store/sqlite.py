"""
Sandboxes on a disk: one SQLite file in one directory, for one server at a time.

The file is read once, when the server starts; afterwards it is only written to.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import MappingProxyType

import orjson

from watchword.store import format as file_format
from watchword.store.data_file import DataFile
from watchword.store.durable import DurableStorage
from watchword.store.lock import lock_directory
from watchword.store.persistence import DamagedData, PersistedSandbox, Persistence, StoredSandbox
from watchword.store.rows import SharedRows
from watchword.store.seal import digest_row
from watchword.store.shared_tables import SharedTables
from watchword.store.storage import Changes, RowStorage, no_changes

FILE = "watchword.sqlite3"


class SqlitePersistence(Persistence):
    """
    A directory with the sandboxes of one server.

    Args:
        folder: Created if it does not exist.
        steps: The upgrades from format to format; only tests use others than ours.

    Raises:
        UnusableData: The directory is in use, damaged, not ours, or not writable.
    """

    def __init__(self, folder: Path, *, steps: Sequence[file_format.Step] = file_format.STEPS) -> None:
        self.folder = folder
        self._lock_file = lock_directory(folder)
        try:
            self.file = DataFile(folder / FILE, steps)
        except BaseException:
            self._lock_file.close()
            raise
        self._lock = RLock()

    def add_sandbox(
        self,
        name: str,
        tables: SharedTables,
        created_at: datetime,
        *,
        replaces: PersistedSandbox | None = None,
        documents: Callable[[], Changes] = no_changes,
    ) -> PersistedSandbox:
        """Add a new sandbox; without *replaces* and *documents* nothing is written before its first change."""
        new, written = SqliteSandbox(self, name, tables, created_at), documents()
        if replaces is not None or written:
            assert isinstance(replaces, SqliteSandbox | None)  # noqa: S101  # every sandbox of this directory is one
            self.replace([] if replaces is None else [replaces], new, written)
        return new

    def read_sandboxes(self) -> Iterator[StoredSandbox]:
        """Read the sandboxes that an earlier server persisted."""
        try:
            yield from self._read()
        except (sqlite3.Error, zlib.error, ValueError, KeyError) as error:
            raise DamagedData(f"{self.file.path} is damaged: {error}") from error

    def close(self) -> None:
        """Close the file and unlock the directory."""
        with self._lock:
            self.file.close()
            self._lock_file.close()

    def write(self, sandbox: "SqliteSandbox", changes: Changes) -> None:
        """
        Write *changes* of one sandbox, and the sandbox itself if it is new.

        Raises:
            NotStored: Nothing was written.
        """
        with self._lock:
            if not sandbox.deleted:
                with self.file.transaction():
                    row_id = self._row_id(sandbox)
                    digests = self._put(row_id, sandbox, changes)
                sandbox.row_id = row_id
                for place, digest in digests.items():
                    if digest is None:
                        sandbox.digests.pop(place, None)
                    else:
                        sandbox.digests[place] = digest

    def replace(
        self, old: "Sequence[SqliteSandbox]", new: "SqliteSandbox | None", documents: Changes = MappingProxyType({})
    ) -> None:
        """
        Delete all of *old*, and insert *new*, if there is one, with its *documents*, in one commit.

        Raises:
            NotStored: Nothing was changed.
        """
        with self._lock:
            row_id, digests = None, {}
            if new is not None or any(one.row_id is not None for one in old):
                with self.file.transaction():
                    for one in old:
                        self._delete(one)
                    if new is not None:
                        row_id = self._row_id(new)
                        digests = self._put(row_id, new, documents)
            for one in old:
                one.deleted, one.row_id = True, None
            if new is not None:
                new.row_id = row_id
                new.digests = {place: digest for place, digest in digests.items() if digest is not None}

    def _row_id(self, sandbox: "SqliteSandbox") -> int:
        """Return the id of the sandbox's row, which is inserted if it does not exist."""
        if sandbox.row_id is not None:
            return sandbox.row_id
        execute, tables = self.file.connection.execute, sandbox.tables
        if execute("SELECT 1 FROM seeds WHERE name = ?", (tables.name,)).fetchone() is None:
            packed = tables.pack()
            execute("INSERT INTO seeds (name, tables) VALUES (?, ?)", (tables.name, packed))
            self.file.note(added=digest_row("seeds", tables.name, packed), rows=1)
        row = (sandbox.name, sandbox.created_at.isoformat(), tables.name)
        (row_id,) = execute(
            "INSERT INTO sandboxes (name, created_at, seed) VALUES (?, ?, ?) RETURNING id", row
        ).fetchone()
        self.file.note(added=digest_row("sandboxes", row_id, *row), rows=1)
        return int(row_id)

    def _put(self, row_id: int, sandbox: "SqliteSandbox", changes: Changes) -> dict[tuple[str, str], int | None]:
        """Write *changes*; return the digest of each row, and None for one that is no longer there."""
        tables = sandbox.tables
        written: list[tuple[int, str, str, bytes | None]] = []
        deleted: list[tuple[int, str, str]] = []
        for (table, key), document in changes.items():
            if document is not None:
                written.append((row_id, table, key, orjson.dumps(document, default=dict)))
            elif tables.has_row(table, key):
                written.append((row_id, table, key, None))
            else:
                deleted.append((row_id, table, key))
        connection = self.file.connection
        connection.executemany("REPLACE INTO documents (sandbox, place, key, document) VALUES (?, ?, ?, ?)", written)
        connection.executemany("DELETE FROM documents WHERE sandbox = ? AND place = ? AND key = ?", deleted)
        digests: dict[tuple[str, str], int | None] = {(table, key): None for _, table, key in deleted}
        for row in written:
            digests[row[1], row[2]] = digest_row("documents", *row)
        new = [one for one in digests.values() if one is not None]
        old = [sandbox.digests[place] for place in digests if place in sandbox.digests]
        self.file.note(added=sum(new), removed=sum(old), rows=len(new) - len(old))
        return digests

    def _delete(self, sandbox: "SqliteSandbox") -> None:
        """Delete a sandbox, and the seed data that no other sandbox shares."""
        execute = self.file.connection.execute
        if sandbox.row_id is None:
            return
        execute("DELETE FROM sandboxes WHERE id = ?", (sandbox.row_id,))
        row = digest_row("sandboxes", sandbox.row_id, sandbox.name, sandbox.created_at.isoformat(), sandbox.tables.name)
        self.file.note(removed=row + sum(sandbox.digests.values()), rows=-1 - len(sandbox.digests))
        for name, packed in execute(
            "DELETE FROM seeds WHERE name = ?1 AND NOT EXISTS (SELECT 1 FROM sandboxes WHERE seed = ?1)"
            " RETURNING name, tables",
            (sandbox.tables.name,),
        ).fetchall():
            self.file.note(removed=digest_row("seeds", name, packed), rows=-1)

    def _read(self) -> Iterator[StoredSandbox]:
        execute = self.file.connection.execute
        shared: dict[bytes, SharedTables] = {}
        latest: SharedTables | None = None
        for name, packed in execute("SELECT name, tables FROM seeds"):
            latest = shared[name] = SharedTables.unpack(packed, share_with=latest)
        sandboxes = execute("SELECT id, name, created_at, seed FROM sandboxes ORDER BY id")
        for row_id, name, created_at_text, seed in sandboxes:
            rows = execute("SELECT place, key, document FROM documents WHERE sandbox = ?", (row_id,)).fetchall()
            documents = {
                (table, key): None if document is None else orjson.loads(document) for table, key, document in rows
            }
            created_at = datetime.fromisoformat(created_at_text)
            sandbox = SqliteSandbox(self, name, shared[seed], created_at, row_id=row_id)
            sandbox.digests = {
                (table, key): digest_row("documents", row_id, table, key, document) for table, key, document in rows
            }
            yield StoredSandbox(name, created_at, shared[seed], sandbox, documents)


class SqliteSandbox(PersistedSandbox):
    """
    The rows of one sandbox in the data file.

    Args:
        row_id: The id of its row; None before it is written.
    """

    def __init__(
        self,
        persistence: SqlitePersistence,
        name: str,
        tables: SharedTables,
        created_at: datetime,
        *,
        row_id: int | None = None,
    ) -> None:
        self.name, self.tables, self.created_at, self.row_id = name, tables, created_at, row_id
        self.deleted = False
        self.digests: dict[tuple[str, str], int] = {}
        """The digest of every row of its documents."""
        self._persistence = persistence

    def make_storage(self, shared_rows: Mapping[str, SharedRows] | None = None) -> RowStorage:
        """Make the tables of the sandbox, which write their changes here."""
        return DurableStorage(shared_rows, self)

    def write(self, changes: Changes) -> None:
        """Write *changes*: all or none."""
        self._persistence.write(self, changes)

    def delete(self, *, along_with: Sequence[PersistedSandbox] = ()) -> None:
        """Delete the sandbox from the file."""
        others = [one for one in along_with if isinstance(one, SqliteSandbox)]
        self._persistence.replace([self, *others], None)
