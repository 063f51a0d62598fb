"""A TinyDB storage that writes to a disk: it reads from memory, and persists a change before it is visible."""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.store.persistence import PersistedSandbox
from watchword.store.records import Document
from watchword.store.rows import Rows, SharedRows
from watchword.store.storage import Changes, RowStorage, no_changes


class DurableStorage(RowStorage):
    """
    Tables in memory whose changes are persisted before they become visible.

    Args:
        shared_rows: The rows that each table starts with, by table.
        persisted: Where changes are written.
    """

    def __init__(self, shared_rows: Mapping[str, SharedRows] | None, persisted: PersistedSandbox) -> None:
        super().__init__(shared_rows)
        self._persisted = persisted

    def apply(self, changes: Changes, extra_documents: Callable[[], Changes] = no_changes) -> list[Document | None]:
        """
        Persist *changes* and *extra_documents* in one commit, then apply *changes* in memory.

        Raises:
            NotStored: Nothing was changed.
        """
        with self.lock:
            self._persisted.write({**changes, **extra_documents()})
            return self.restore(changes)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace all tables; TinyDB calls this to drop tables."""
        with self.lock:
            before, after = self.read(), {name: _documents(table) for name, table in data.items()}
            deleted = {
                (name, key): None for name, table in before.items() for key in table if key not in after.get(name, ())
            }
            written = {
                (name, key): document
                for name, table in after.items()
                if table is not before.get(name)
                for key, document in table.items()
            }
            self._persisted.write({**deleted, **written})
            super().write(data)


def _documents(table: Mapping[Any, Any]) -> Mapping[str, Any]:
    return table if isinstance(table, Rows) else {str(key): dict(document) for key, document in table.items()}
