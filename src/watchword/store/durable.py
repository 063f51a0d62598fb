"""TinyDB's storage on a shelf: what is read is in memory, what is changed is kept first."""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.store.keeping import Shelf
from watchword.store.rows import Base, Rows
from watchword.store.tiny import Changes, LiveStorage, nothing


class DurableStorage(LiveStorage):
    """
    Tables in memory, each change of which is kept before it can be seen.

    Args:
        bases: What each table begins with.
        shelf: Where changes are kept.
    """

    def __init__(self, bases: Mapping[str, Base] | None, shelf: Shelf) -> None:
        super().__init__(bases)
        self._shelf = shelf

    def apply(self, changes: Changes, along: Callable[[], Changes] = nothing) -> None:
        """
        Keep *changes* and what goes *along* with them, then carry *changes* out.

        Raises:
            NotStored: Nothing was done.
        """
        with self.lock:
            self._shelf.write({**changes, **along()})
            self.recall(changes)

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
            self._shelf.write({**gone, **new})
            super().write(data)


def _documents(table: Mapping[Any, Any]) -> Mapping[str, Any]:
    return table if isinstance(table, Rows) else {str(key): dict(document) for key, document in table.items()}
