"""The state of one sandbox: a TinyDB whose tables are keyed by the records' own identifiers."""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.store.persistence import PersistedSandbox
from watchword.store.records import Document, RecordType
from watchword.store.rows import Rows, SharedRows
from watchword.store.tiny import Changes, KeyedDB
from watchword.store.transaction import Criteria, Transaction


class Store:
    """
    Records by key and by indexed fields.

    Threads may use one store; single reads and whole commits are atomic.

    Args:
        shared_rows: What the tables begin with, as `frozen` gives it; shared, not copied.
        persisted: Where changes are written.
    """

    def __init__(
        self, shared_rows: Mapping[str, SharedRows] | None = None, persisted: PersistedSandbox | None = None
    ) -> None:
        self._storage = (persisted or PersistedSandbox()).storage(shared_rows)
        self.lock = self._storage.lock
        self.database = KeyedDB(storage=lambda: self._storage)
        self._rows: dict[str, Rows] = {}
        self.commits = 0

    def transaction(self) -> Transaction:
        """Begin a transaction, which sees this store and changes it on ``commit`` alone."""
        return Transaction(self)

    def read(self, kind: RecordType[Any], key: str) -> Document | None:
        """Read one document, which nobody may change."""
        rows = self._rows.get(kind.table)
        found: Document | None = (self._table(kind) if rows is None else rows).get(key)
        return found

    def present(self, table: str, key: str) -> Document | None:
        """Read one document of a table that was read before."""
        found: Document | None = self._rows[table].get(key)
        return found

    def search(self, kind: RecordType[Any], criteria: Criteria) -> dict[str, Document]:
        """Read all documents whose indexed fields equal *criteria*, by key; nobody may change them."""
        with self._storage.lock:
            rows = self._table(kind)
            if not criteria:
                return dict(rows)
            (first, value), *others = criteria
            found = rows.equal(first, value)
            if not others:
                return found
            return {
                key: document
                for key, document in found.items()
                if all(document[name] == wanted for name, wanted in others)
            }

    def apply(self, transaction: Transaction, extra_documents: Callable[[], Changes] | None = None) -> bool:
        """
        Make the writes of *transaction* real, all or none.

        Args:
            extra_documents: Documents besides records that are written in the same commit.

        Returns:
            False, with nothing written, if something that it read has changed since.

        Raises:
            NotStored: The disk refused; nothing is written.
        """
        with self._storage.lock:
            if self.commits != transaction.began_at and not transaction.still_true():
                return False
            if extra_documents is not None:
                self._storage.apply(transaction.writes, extra_documents)
            elif transaction.writes:
                self._storage.apply(transaction.writes)
            self.commits += bool(transaction.writes)
            return True

    def restore(self, changes: Changes) -> None:
        """Restore *changes* that an earlier server persisted."""
        with self._storage.lock:
            self._storage.restore(changes)

    def frozen(self) -> dict[str, SharedRows]:
        """Give what is there now as a base for other stores."""
        with self._storage.lock:
            return {name: SharedRows(dict(rows)) for name, rows in self._storage.read().items()}

    def size(self, kind: RecordType[Any]) -> int:
        """Count the records of one kind."""
        return len(self._table(kind))

    def _table(self, kind: RecordType[Any]) -> Rows:
        rows = self._rows.get(kind.table)
        if rows is None:
            with self._storage.lock:
                rows = self._rows[kind.table] = self._storage.rows(kind.table)
                for field in kind.indexed:
                    rows.add_index(field)
        return rows
