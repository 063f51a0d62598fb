"""
Read the rows of a file that may be damaged, one by one.

SQLite ends a query at the first page that it cannot read. So a table is read from both ends, and what lies between is
read in smaller and smaller ranges, until only the rows of the damaged page are missing.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from watchword.store.inspection import TABLES

Row = tuple[Any, ...]

_KEYS = {"seeds": 1, "sandboxes": 1, "documents": 3}
"""How many columns identify a row: the first ones."""
_DEEPEST = 3
_BOUNDS = [chr(number) for number in range(0x20, 0x7F)]
_AFTER_ALL = "\U0010ffff"


class Scan:
    """
    All rows that can be read.

    Args:
        connection: Its texts are changed to keep bytes that are not UTF-8.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        connection.text_factory = _read_text
        # SQLite then reads a file that has lost its end, too.
        with suppress(sqlite3.DatabaseError):
            connection.execute("PRAGMA writable_schema=ON")
        self.seeds: dict[Row, Row] = {}
        self.sandboxes: dict[Row, Row] = {}
        self.documents: dict[Row, Row] = {}
        self.complete = self._read("seeds", self.seeds)
        self.complete &= self._read("sandboxes", self.sandboxes)
        if not self._read("documents", self.documents):
            self.complete = False
            self._read_documents_by_sandbox()
        if not self.complete:
            self._read_sandboxes_by_id()
            self._read_seeds_by_name()

    def rows(self) -> Iterator[tuple[str, Row]]:
        """Give every row, with its table."""
        for table, found in (("seeds", self.seeds), ("sandboxes", self.sandboxes), ("documents", self.documents)):
            for row in found.values():
                yield table, row

    def _read(self, table: str, found: dict[Row, Row], where: str = "", values: Iterable[object] = ()) -> bool:
        """Read a range of *table* from both ends into *found*; return whether that is all of it."""
        columns, bound = _KEYS[table], tuple(values)
        order = ", ".join(f"{number} DESC" for number in range(1, columns + 1))
        for query in (f"{TABLES[table]} {where}", f"{TABLES[table]} {where} ORDER BY {order}"):
            try:
                for row in self._execute(query, bound):
                    found.setdefault(row[:columns], row)
            except sqlite3.DatabaseError:
                continue
            return True
        return False

    def _read_documents_by_sandbox(self) -> None:
        places = sorted({place for _, place, _ in self.documents if isinstance(place, str)})
        for number in self._ids():
            if self._read("documents", self.documents, "WHERE sandbox = ?", (number,)):
                continue
            for place in places:
                if not self._read("documents", self.documents, "WHERE sandbox = ? AND place = ?", (number, place)):
                    self._read_keys(number, place, "", _DEEPEST)
            for low, high in zip(["", *places], [*places, _AFTER_ALL], strict=True):
                between = "WHERE sandbox = ? AND place > ? AND place < ?"
                self._read("documents", self.documents, between, (number, low, high))

    def _read_keys(self, number: int, place: str, prefix: str, depth: int) -> None:
        """Read the keys that start with *prefix*, by their next character."""
        where = "WHERE sandbox = ? AND place = ? AND key >= ? AND key < ?"
        broken, ranges = [], list(zip(["", *_BOUNDS], [*_BOUNDS, _AFTER_ALL], strict=True))
        for low, high in ranges:
            if not self._read("documents", self.documents, where, (number, place, prefix + low, prefix + high)):
                broken.append(low)
        # If none could be read, smaller ones cannot either.
        if depth and len(broken) < len(ranges):
            for low in filter(None, broken):
                self._read_keys(number, place, prefix + low, depth - 1)

    def _ids(self) -> list[int]:
        """Give the ids of all sandboxes that there may be."""
        known = {key[0] for found in (self.sandboxes, self.documents) for key in found if isinstance(key[0], int)}
        return sorted(known)

    def _read_sandboxes_by_id(self) -> None:
        for number in self._ids():
            if (number,) not in self.sandboxes:
                self._read("sandboxes", self.sandboxes, "WHERE id = ?", (number,))

    def _read_seeds_by_name(self) -> None:
        for name in {row[3] for row in self.sandboxes.values()}:
            if (name,) not in self.seeds:
                self._read("seeds", self.seeds, "WHERE name = ?", (name,))


def _read_text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
