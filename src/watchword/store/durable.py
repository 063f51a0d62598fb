"""TinyDB storage that writes to a disk: reads are served from memory, changes are persisted first."""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.store.persistence import PersistedSandbox
from watchword.store.rows import Rows, SharedRows
from watchword.store.tiny import Changes, LiveStorage, no_changes


class DurableStorage(LiveStorage):
    """
    Tables in memory whose changes are persisted before they become visible.

    Args:
        shared_rows: What each table begins with.
        persisted: Where changes are written.
    """

    def __init__(self, shared_rows: Mapping[str, SharedRows] | None, persisted: PersistedSandbox) -> None:
        super().__init__(shared_rows)
        self._persisted = persisted

    def apply(self, changes: Changes, extra_documents: Callable[[], Changes] = no_changes) -> None:
        """
        Persist *changes* and *extra_documents* in one commit, then apply *changes* in memory.

        Raises:
            NotStored: Nothing was changed.
        """
        with self.lock:
            self._persisted.write({**changes, **extra_documents()})
            self.restore(changes)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace all tables, as TinyDB does to drop some."""
        with self.lock:
            before, after = self.read(), {name: _documents(table) for name, table in data.items()}
            gone = {
                (name, key): None for name, table in before.items() for key in table if key not in after.get(name, ())
            }
            new = {
                (name, key): document
                for name, table in after.items()
                if table is not before.get(name)
                for key, document in table.items()
            }
            self._persisted.write({**gone, **new})
            super().write(data)


def _documents(table: Mapping[Any, Any]) -> Mapping[str, Any]:
    return table if isinstance(table, Rows) else {str(key): dict(document) for key, document in table.items()}
