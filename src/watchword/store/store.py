"""
The records of one sandbox: a TinyDB (`tiny.KeyedDB`) whose document ids are the keys of the records.

Every record is in a table of `Store.database`, where TinyDB's own interface reads and writes it too.
Transactions read the rows under those tables directly, because they need no copies.
"""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.store.persistence import PersistedSandbox
from watchword.store.records import Document, RecordType
from watchword.store.rows import Rows, SharedRows
from watchword.store.shared_tables import SharedTables
from watchword.store.storage import Changes, RowStorage
from watchword.store.tiny import KeyedDB
from watchword.store.transaction import Criteria, Transaction


class Store:
    """
    Records by key and by indexed fields.

    Thread-safe: single reads and whole commits are atomic.

    Args:
        shared_rows: The rows that the tables start with, as `to_shared_rows` returns them; shared, not copied.
        persisted: Where changes are written.
    """

    def __init__(
        self, shared_rows: Mapping[str, SharedRows] | None = None, persisted: PersistedSandbox | None = None
    ) -> None:
        self._begin((persisted or PersistedSandbox()).make_storage(shared_rows))

    def _begin(self, storage: RowStorage) -> None:
        self._storage = storage
        self.lock = self._storage.lock
        self.database = KeyedDB(storage=lambda: self._storage)
        self._rows: dict[str, Rows] = {}
        self.commits = 0

    def copy(self, persisted: PersistedSandbox | None = None) -> "Store":
        """
        Copy the records; the copy shares every document, and neither sees what the other writes.

        Args:
            persisted: Where changes of the copy are written, and where its records already are.
        """
        other = Store.__new__(Store)
        other._begin(self._storage.copy((persisted or PersistedSandbox()).make_storage()))
        return other

    def changes_since(self, tables: SharedTables) -> Changes:
        """Give what turns *tables*, with which this store began, into what it holds now."""
        with self._storage.lock:
            present = self._storage.read()
            deleted: dict[tuple[str, str], Document | None] = {
                (name, key): None
                for name, table in tables.tables.items()
                for key in table.rows
                if key not in present.get(name, ())
            }
            no_rows = SharedRows()
            return deleted | {
                (name, key): document
                for name, rows in present.items()
                for key, document in rows.items()
                if tables.tables.get(name, no_rows).rows.get(key) is not document
            }

    def transaction(self) -> Transaction:
        """Begin a transaction, which changes this store only when it commits."""
        return Transaction(self)

    def read(self, kind: RecordType[Any], key: str) -> Document | None:
        """Read a document; do not change it."""
        rows = self._rows.get(kind.table)
        found: Document | None = (self._table(kind) if rows is None else rows).get(key)
        return found

    def read_again(self, table: str, key: str) -> Document | None:
        """Read a document of a table that was read before."""
        found: Document | None = self._rows[table].get(key)
        return found

    def search(self, kind: RecordType[Any], criteria: Criteria) -> dict[str, Document]:
        """Read all documents whose indexed fields equal *criteria*, by key; do not change them."""
        with self._storage.lock:
            rows = self._table(kind)
            if not criteria:
                return dict(rows)
            (first, value), *others = criteria
            found = rows.find(first, value)
            if not others:
                return found
            return {
                key: document
                for key, document in found.items()
                if all(document[name] == wanted for name, wanted in others)
            }

    def apply(self, transaction: Transaction, extra_documents: Callable[[], Changes] | None = None) -> bool:
        """
        Commit the writes of *transaction*: all or none.

        Args:
            extra_documents: Documents that are not records and are written in the same commit.

        Returns:
            False if something that the transaction read has changed since; then nothing is written.

        Raises:
            NotStored: The changes cannot be written to the disk; nothing is written.
        """
        with self._storage.lock:
            if self.commits != transaction.commits_before and not transaction.reads_are_current():
                return False
            if extra_documents is not None:
                transaction.former = self._storage.apply(transaction.writes, extra_documents)
            elif transaction.writes:
                transaction.former = self._storage.apply(transaction.writes)
            self.commits += bool(transaction.writes)
            return True

    def restore(self, changes: Changes) -> None:
        """Restore *changes* that an earlier server persisted."""
        with self._storage.lock:
            self._storage.restore(changes)

    def to_shared_rows(self) -> dict[str, SharedRows]:
        """Return the present rows, for other stores to start with."""
        with self._storage.lock:
            return {name: SharedRows(dict(rows)) for name, rows in self._storage.read().items()}

    def count(self, kind: RecordType[Any]) -> int:
        """Count the records of one type."""
        return len(self._table(kind))

    def _table(self, kind: RecordType[Any]) -> Rows:
        rows = self._rows.get(kind.table)
        if rows is None:
            with self._storage.lock:
                rows = self._rows[kind.table] = self._storage.rows(kind.table)
                for field in kind.indexed:
                    rows.add_index(field)
        return rows
