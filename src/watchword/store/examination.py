"""
Find out what of a data directory can be read, without changing a byte of it.

Every row counts for itself: a sandbox can be read if its own row can, whatever is wrong with its documents. Seed data
that cannot be read can be written anew, as this release has them.
"""

import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from watchword.store import format as file_format
from watchword.store.inspection import opened
from watchword.store.persistence import UnusableData
from watchword.store.records import find_record_type
from watchword.store.scan import Row, Scan
from watchword.store.seal import Seal, Sum, Verdict, digest_row
from watchword.store.shared_tables import SharedTables
from watchword.store.wal import measure_unfinished_write

IsReadable = Callable[[str, str, Any], bool]
"""Whether a document that is no record can be read, by its place and key."""


@dataclass
class FoundSandbox:
    """
    A sandbox of the file.

    Args:
        name: None if it cannot be read.
        reason: Why it is lost; None if it can be read.
        row: As it stands in the file; None if it cannot be read.
        documents: The rows of its documents that can be read.
        damaged: How many others it has.
        seedless: Whether its seed data cannot be read.
    """

    number: int
    name: str | None = None
    reason: str | None = None
    row: Row | None = None
    documents: list[Row] = field(default_factory=list, repr=False)
    damaged: int = 0
    seedless: bool = False


@dataclass(frozen=True)
class Examination:
    """
    What was found.

    Args:
        wrong: What SQLite finds wrong; None if nothing.
        verdict: What the seal says about the rows.
        missing: How many rows fewer there are than the last server left; None if that is not known.
        complete: Whether SQLite could read every row.
        unfinished: The length of a last write that was not finished, in bytes.
        seeds: The rows of seed data that can be read, by name.
    """

    wrong: str | None
    verdict: Verdict
    missing: int | None
    complete: bool
    unfinished: int
    sandboxes: list[FoundSandbox]
    seeds: dict[bytes, Row] = field(repr=False)

    @property
    def saved(self) -> list[FoundSandbox]:
        """The sandboxes that can be read."""
        return [one for one in self.sandboxes if one.reason is None]

    @property
    def lost(self) -> list[FoundSandbox]:
        """The sandboxes that cannot be read."""
        return [one for one in self.sandboxes if one.reason is not None]

    @property
    def loses(self) -> bool:
        """Whether something is lost, or may have changed."""
        unread = not self.complete and self.verdict is not Verdict.TRUE
        return (
            bool(self.lost)
            or any(one.damaged or one.seedless for one in self.saved)
            or self.verdict is Verdict.WRONG
            or unread
        )

    @property
    def sound(self) -> bool:
        """Whether a server starts with it and everything is there."""
        return self.wrong is None and not self.loses


def examine(path: Path, is_readable: IsReadable) -> Examination:
    """
    Read every row of the data file at *path*; no server may use it meanwhile.

    Raises:
        UnusableData: There is no such file, it is not ours, it is newer, or it cannot be opened.
    """
    if not path.exists():
        raise UnusableData(f"{path} does not exist")
    file_format.check(path, newest=len(file_format.STEPS))
    seal = Seal(path.with_name(f"{path.name}-seal"))
    try:
        unfinished = measure_unfinished_write(path.with_name(f"{path.name}-wal"))
        with opened(path) as connection:
            wrong = _integrity(connection)
            scan = Scan(connection)
    except (sqlite3.Error, OSError) as error:
        raise UnusableData(f"{path} cannot be read: {error}") from error
    digests = [digest_row(table, *row) for table, row in scan.rows()]
    verdict, known = seal.judge(Sum().change(added=sum(digests), rows=len(digests))), seal.known_rows()
    seeds = {row[0]: row for row in scan.seeds.values() if _is_seed(row)}
    return Examination(
        wrong=wrong,
        verdict=verdict,
        missing=None if known is None else known - len(digests),
        complete=scan.complete,
        unfinished=unfinished,
        sandboxes=_sandboxes(scan, seeds, is_readable, trusted=verdict is Verdict.TRUE),
        seeds=seeds,
    )


def _integrity(connection: sqlite3.Connection) -> str | None:
    try:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        return str(error)
    return None if found == "ok" else str(found).replace("\n", " ")


def _sandboxes(scan: Scan, seeds: dict[bytes, Row], is_readable: IsReadable, *, trusted: bool) -> list[FoundSandbox]:
    found: dict[int, FoundSandbox] = {}
    names: set[str] = set()
    for row in scan.sandboxes.values():
        one = found[row[0]] = FoundSandbox(row[0], row=row, reason=_why_lost(row, names))
        one.seedless = row[3] not in seeds
        one.name = row[1] if _is_text(row[1]) else None
        names.add(row[1])
    for row in scan.documents.values():
        number = row[0]
        one = found.setdefault(number, FoundSandbox(number, reason="its row cannot be read"))
        if _is_document(row, is_readable, trusted=trusted):
            one.documents.append(row)
        else:
            one.damaged += 1
    return list(found.values())


def _why_lost(row: Row, names: set[str]) -> str | None:
    _, name, created_at, _ = row
    if not _is_text(name) or not _is_time(created_at):
        return "its row is damaged"
    return "another has the same name" if name in names else None


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _is_time(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None
    except ValueError:
        return False


def _is_seed(row: Row) -> bool:
    try:
        SharedTables.unpack(row[1])
    except (zlib.error, ValueError, TypeError, AttributeError):
        return False
    return isinstance(row[0], bytes)


def _is_document(row: Row, is_readable: IsReadable, *, trusted: bool) -> bool:
    _, place, key, raw = row
    if not _is_text(place) or not isinstance(key, str) or not isinstance(raw, bytes | None):
        return False
    if raw is None:
        return True
    try:
        key.encode()
        document = orjson.loads(raw)
        if not isinstance(document, dict):
            return False
        if (kind := find_record_type(place)) is not None:
            # What a server wrote and nothing changed is kept, even if an earlier release gave it another shape.
            return trusted or kind.to_value(document) is not None
        return is_readable(place, key, document)
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
        return False
