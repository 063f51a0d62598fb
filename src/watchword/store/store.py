"""A TinyDB in memory, whose tables are keyed by the records' own identifiers."""

from collections.abc import Iterable
from threading import RLock
from typing import Any

from tinydb import TinyDB, where
from tinydb.storages import MemoryStorage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from watchword.store.records import Document
from watchword.store.transaction import Transaction


class _KeyedTable(Table):
    """A table whose document ids are the records' keys instead of numbers."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB allows any class, its annotation says int


class _Database(TinyDB):
    table_class = _KeyedTable
    default_storage_class = MemoryStorage  # type: ignore[assignment]  # the annotation names the default, no bound


class Store:
    """
    The state of one sandbox.

    Threads may use one store; single reads and whole commits are atomic.
    """

    def __init__(self) -> None:
        self._database = _Database()
        self._lock = RLock()
        self.commits = 0

    def transaction(self) -> Transaction:
        """Begin a transaction, which sees this store and changes it on ``commit`` alone."""
        return Transaction(self)

    def read(self, table: str, key: str) -> Document | None:
        """Read a copy of one document."""
        with self._lock:
            found = self._database.table(table).get(doc_id=key)  # type: ignore[call-overload]  # see _KeyedTable
        return None if found is None else dict(found)

    def search(self, table: str, equal: Iterable[tuple[str, Any]]) -> dict[str, Document]:
        """Read copies of all documents whose fields *equal* the given values, by key."""
        criteria = list(equal)
        with self._lock:
            rows = self._database.table(table)
            if not criteria:
                return {str(row.doc_id): dict(row) for row in rows}
            query = where(criteria[0][0]) == criteria[0][1]
            for name, value in criteria[1:]:
                query &= where(name) == value
            return {str(row.doc_id): dict(row) for row in rows.search(query)}

    def apply(self, transaction: Transaction) -> bool:
        """
        Make the writes of *transaction* real, all or none.

        Returns:
            False, with nothing written, if something that it read has changed since.
        """
        with self._lock:
            if self.commits != transaction.began_at and not transaction.still_true():
                return False
            writes = transaction.writes
            if writes:
                for (table, key), document in writes.items():
                    rows = self._database.table(table)
                    if document is None:
                        if rows.contains(doc_id=key):  # type: ignore[arg-type]  # see _KeyedTable
                            rows.remove(doc_ids=[key])  # type: ignore[list-item]
                    else:
                        rows.upsert(TinyDocument(document, doc_id=key))  # type: ignore[arg-type]
                self.commits += 1
            return True
