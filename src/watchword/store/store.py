"""The state of one sandbox: a TinyDB whose tables are keyed by the records' own identifiers."""

from collections.abc import Mapping
from typing import Any

from watchword.store.records import Document, RecordType
from watchword.store.rows import Base, Rows
from watchword.store.tiny import KeyedDB, LiveStorage
from watchword.store.transaction import Criteria, Transaction


class Store:
    """
    Records by key and by indexed fields.

    Threads may use one store; single reads and whole commits are atomic.

    Args:
        bases: What the tables begin with, as `frozen` gives it; shared, not copied.
    """

    def __init__(self, bases: Mapping[str, Base] | None = None) -> None:
        self._storage = LiveStorage(bases)
        self.database = KeyedDB(storage=lambda: self._storage)
        self._rows: dict[str, Rows] = {}
        self.commits = 0

    def transaction(self) -> Transaction:
        """Begin a transaction, which sees this store and changes it on ``commit`` alone."""
        return Transaction(self)

    def read(self, kind: RecordType[Any], key: str) -> Document | None:
        """Read one document, which nobody may change."""
        return self._table(kind).get(key)

    def search(self, kind: RecordType[Any], criteria: Criteria) -> dict[str, Document]:
        """Read all documents whose indexed fields equal *criteria*, by key; nobody may change them."""
        with self._storage.lock:
            rows = self._table(kind)
            if not criteria:
                return dict(rows)
            (first, value), *others = criteria
            found = {key: rows[key] for key in rows.equal(first, value)}
            return {
                key: document
                for key, document in found.items()
                if all(document[name] == wanted for name, wanted in others)
            }

    def apply(self, transaction: Transaction) -> bool:
        """
        Make the writes of *transaction* real, all or none.

        Returns:
            False, with nothing written, if something that it read has changed since.
        """
        with self._storage.lock:
            if self.commits != transaction.began_at and not transaction.still_true():
                return False
            if transaction.writes:
                self._storage.apply(transaction.writes)
                self.commits += 1
            return True

    def frozen(self) -> dict[str, Base]:
        """Give what is there now as a base for other stores."""
        with self._storage.lock:
            return {name: Base(dict(rows)) for name, rows in self._storage.read().items()}

    def _table(self, kind: RecordType[Any]) -> Rows:
        rows = self._rows.get(kind.table)
        if rows is None:
            with self._storage.lock:
                rows = self._rows[kind.table] = self._storage.rows(kind.table)
                for field in kind.indexed:
                    rows.add_index(field)
        return rows
