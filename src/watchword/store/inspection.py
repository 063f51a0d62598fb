"""
Inspect a data file before it is opened for writing, so that a refused one is left byte for byte as it was.

SQLite writes its log into a file when it opens it. So a file that a killed server has left is inspected as a copy:
as large as the file and its log, readable for their owner only, and gone when the inspection ends or fails.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from watchword.store.persistence import DamagedData
from watchword.store.seal import Seal, Sum, Verdict, digest_row

_SHOWN = 10
TABLES = {
    "seeds": "SELECT name, tables FROM seeds",
    "sandboxes": "SELECT id, name, created_at, seed FROM sandboxes",
    "documents": "SELECT sandbox, place, key, document FROM documents",
}


def inspect(path: Path, seal: Seal) -> tuple[Sum, Verdict]:
    """
    Read everything in the file at *path*.

    Returns:
        What its rows add up to, and what its seal says about that.

    Raises:
        DamagedData: It is damaged, or writes that were acknowledged are missing.
        sqlite3.Error, OSError: It cannot be read at all.
    """
    with opened(path) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
            wrong = None if found == ("ok",) else str(found[0])
            present = Sum() if wrong else add_up(connection)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            wrong, present = str(error), Sum()
        if wrong:
            raise DamagedData(
                f"{path} is damaged: {wrong}. It is left unchanged, and so is its log. {_what_is_left(connection)}"
            )
        verdict = seal.judge(present)
        if verdict is Verdict.WRONG:
            raise DamagedData(
                f"{path} is damaged, or writes that were acknowledged are missing: its rows are not those that the last"
                f" server left ({seal.path.name}). It is left unchanged, and so is its log."
                f" {_what_is_left(connection)}"
            )
    return present, verdict


def add_up(connection: sqlite3.Connection) -> Sum:
    """Add up all rows of an open file."""
    digest = rows = 0
    for table, query in TABLES.items():
        for row in connection.execute(query):
            digest += digest_row(table, *row)
            rows += 1
    return Sum().change(added=digest, rows=rows)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """
    Open the file at *path*, with what a killed server or upgrade has left beside it, and change neither.

    Raises:
        sqlite3.Error, OSError: It cannot be opened.
    """
    left = [one for one in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")) if one.exists()]
    if not left:
        # Nothing is to be replayed, so the file itself can be read: "immutable" neither locks nor writes.
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?immutable=1", uri=True)) as connection:
            yield connection
        return
    with TemporaryDirectory(prefix="watchword-") as folder:
        for one in (path, *left):
            _copy(one, Path(folder) / one.name)
        with closing(sqlite3.connect(Path(folder) / path.name, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            yield connection


def _copy(source: Path, target: Path) -> None:
    private = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as read, open(private, "wb") as written:
        shutil.copyfileobj(read, written)


def _what_is_left(connection: sqlite3.Connection) -> str:
    names: list[str] = []
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for (name,) in connection.execute("SELECT name FROM sandboxes ORDER BY id"):
            names.append(str(name))  # one by one: a later row may be unreadable
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"Sandboxes that can be read: {', '.join(names[:_SHOWN]) or 'none'}{more}"
