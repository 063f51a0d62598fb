"""
What the file looks like, and how an older one becomes a newer one.

A new file is a file of format 0 that is brought up to date, so there is one way to make tables.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from watchword.store.persistence import UnusableData

APPLICATION = int.from_bytes(b"WWrd")
"""Tells our files from other SQLite files (``PRAGMA application_id``)."""

Step = tuple[str, ...]
"""The SQL that leads from one format to the next."""

STEPS: tuple[Step, ...] = (
    (
        "CREATE TABLE seeds (name BLOB PRIMARY KEY, tables BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE sandboxes ("
        " id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, created_at TEXT NOT NULL,"
        " seed BLOB NOT NULL REFERENCES seeds (name))",
        "CREATE INDEX sandboxes_by_seed ON sandboxes (seed)",
        # A document of NULL removes a row of the seed.
        "CREATE TABLE documents ("
        " sandbox INTEGER NOT NULL REFERENCES sandboxes (id) ON DELETE CASCADE,"
        " place TEXT NOT NULL, key TEXT NOT NULL, document BLOB, PRIMARY KEY (sandbox, place, key)) WITHOUT ROWID",
    ),
)
"""The step at place *n* leads from format *n* to *n + 1*; a step that was published is never changed."""

_MAGIC = b"SQLite format 3\0"
_HEADER = 100


def check(path: Path, *, newest: int) -> None:
    """
    Look at the file without opening it as a database, which could change it.

    Changes of format are made without a write-ahead log, so the head of the file always tells the truth.

    Raises:
        UnusableData: It is not ours, or of a format after *newest*.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except OSError as error:
        raise UnusableData(f"{path} cannot be read: {error.strerror}") from error
    version, application = int.from_bytes(head[60:64]), int.from_bytes(head[68:72])
    if not head.startswith(_MAGIC) or application != APPLICATION or version == 0:
        raise UnusableData(f"{path} was not written by watchword; it is left alone. Name another directory")
    if version > newest:
        raise UnusableData(
            f"{path} was written by a newer watchword (format {version}, this one reads up to {newest});"
            " it is left alone. Use that version, or name another directory"
        )


def create(path: Path, steps: Sequence[Step]) -> None:
    """Make an empty file, which appears under its name when it is whole."""
    unfinished = path.with_name(f"{path.name}.new")
    for left in (unfinished, unfinished.with_name(f"{unfinished.name}-journal")):
        left.unlink(missing_ok=True)
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


def upgrade(connection: sqlite3.Connection, steps: Sequence[Step]) -> None:
    """Bring a file up to date, in one transaction."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version == len(steps):
        return
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
