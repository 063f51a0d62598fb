"""
The format of the data file, and how an older file is upgraded.

A new file is created as format 0 and upgraded, so that there is only one way to create the tables.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from watchword.store.persistence import UnusableData

APPLICATION = int.from_bytes(b"WWrd")
"""Distinguishes our files from other SQLite files (``PRAGMA application_id``)."""

Step = tuple[str, ...]
"""The SQL statements that upgrade a file from one format to the next."""

STEPS: tuple[Step, ...] = (
    (
        "CREATE TABLE seeds (name BLOB PRIMARY KEY, tables BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE sandboxes ("
        " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,"
        " seed BLOB NOT NULL REFERENCES seeds (name))",
        "CREATE INDEX sandboxes_by_seed ON sandboxes (seed)",
        # A document of NULL deletes a row of the seed data.
        "CREATE TABLE documents ("
        " sandbox INTEGER NOT NULL REFERENCES sandboxes (id) ON DELETE CASCADE,"
        " place TEXT NOT NULL, key TEXT NOT NULL, document BLOB, PRIMARY KEY (sandbox, place, key)) WITHOUT ROWID",
    ),
)
"""The step at index *n* upgrades format *n* to *n + 1*. A published step is never changed."""

MODE = 0o600
"""Of all files: there are live codes and tokens in them."""
_MAGIC = b"SQLite format 3\0"
_HEADER_BYTES = 100


def check(path: Path, *, newest: int) -> None:
    """
    Check the file without opening it as a database, which could change it.

    The header is always up to date, because the format is changed without a write-ahead log.

    Raises:
        UnusableData: The file is not ours, or its format is newer than *newest*.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError as error:
        raise UnusableData(f"{path} cannot be read: {error.strerror}") from error
    version, application = int.from_bytes(header[60:64]), int.from_bytes(header[68:72])
    if not header.startswith(_MAGIC) or application != APPLICATION or version == 0:
        raise UnusableData(f"{path} was not written by watchword, and is left unchanged; use another directory")
    if version > newest:
        raise UnusableData(
            f"{path} was written by a newer watchword (format {version}, this one reads up to {newest}),"
            " and is left unchanged; use that version, or another directory"
        )


def create(path: Path, steps: Sequence[Step]) -> None:
    """Create a data file without sandboxes. It is renamed to *path* when it is complete."""
    unfinished = path.with_name(f"{path.name}.new")
    for leftover in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        leftover.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_WRONLY | os.O_EXCL, MODE))  # SQLite gives its log the same mode
    connection = sqlite3.connect(unfinished, isolation_level=None)
    try:
        upgrade(connection, steps)
    finally:
        connection.close()
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_newest(connection: sqlite3.Connection, steps: Sequence[Step]) -> bool:
    """Whether a file has the newest format already."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version == len(steps))


def upgrade(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Upgrade a file to the newest format, in one transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        for step in steps[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute(f"PRAGMA user_version={len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
