"""A TinyDB storage that holds its tables in memory, as rows."""

from collections.abc import Callable, Mapping
from threading import RLock
from typing import Any

from tinydb.storages import Storage

from watchword.store.json_values import copy_json
from watchword.store.records import Document
from watchword.store.rows import Rows, SharedRows

Place = tuple[str, str]
"""A table and a key."""
Changes = Mapping[Place, Document | None]
"""Documents by their places; None deletes one."""


def no_changes() -> Changes:
    """Return no changes."""
    return {}


class RowStorage(Storage):
    """
    Tables in memory.

    Args:
        shared_rows: The rows that each table starts with, by table.
    """

    def __init__(self, shared_rows: Mapping[str, SharedRows] | None = None) -> None:
        self.lock = RLock()
        self._tables: dict[str, Rows] = {name: Rows(rows) for name, rows in (shared_rows or {}).items()}

    def copy(self, into: "RowStorage | None" = None) -> "RowStorage":
        """Copy the tables *into* another storage, or else one in memory; the copy shares every document."""
        other = RowStorage() if into is None else into
        with self.lock:
            other._tables = {name: rows.copy() for name, rows in self._tables.items()}
        return other

    def read(self) -> dict[str, Any]:
        """Return all tables: the live ones, so do not change them."""
        return dict(self._tables)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace all tables; TinyDB calls this to drop tables."""
        with self.lock:
            self._tables = {name: _as_rows(table) for name, table in data.items()}

    def rows(self, table: str) -> Rows:
        """Return the rows of *table*, which is created if it does not exist."""
        found = self._tables.get(table)
        if found is None:
            with self.lock:
                found = self._tables.setdefault(table, Rows())
        return found

    def apply(
        self,
        changes: Changes,
        extra_documents: Callable[[], Changes] = no_changes,  # noqa: ARG002
    ) -> list[Document | None]:
        """
        Apply all *changes*; the caller gives the documents away and must not change them afterwards.

        Args:
            extra_documents: Further documents, which a durable storage writes in the same commit; called under the
                lock.

        Returns:
            What stood at the places of *changes*, in their order.
        """
        return self.restore(changes)

    def restore(self, changes: Changes) -> list[Document | None]:
        """Apply *changes* in memory only, and return what stood in their places."""
        former: list[Document | None] = []
        with self.lock:
            for (table, key), document in changes.items():
                rows = self.rows(table)
                former.append(rows.delete(key) if document is None else rows.put(key, document))
        return former


def _as_rows(table: Mapping[str, Any]) -> Rows:
    if isinstance(table, Rows):
        return table
    rows = Rows()
    for key, document in table.items():
        rows.put(str(key), copy_json(dict(document)))
    return rows
