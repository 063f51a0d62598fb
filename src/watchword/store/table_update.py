"""One update of a TinyDB table: what TinyDB's operations change, collected until all of them have succeeded."""

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

from watchword.store.json_values import copy_json, same_json
from watchword.store.records import Document
from watchword.store.rows import Rows


class TableUpdate(MutableMapping[Any, dict[str, Any]]):
    """
    The table that an updater of TinyDB works on.

    It reads from *rows*, copies a document when the updater asks for it, and changes nothing itself.

    Args:
        document_id: Makes a document id out of a key.
    """

    def __init__(self, rows: Rows, document_id: Callable[[str], Any]) -> None:
        self._rows, self._document_id = rows, document_id
        self._documents: dict[str, dict[str, Any] | None] = {}
        """The documents that the updater read, set or deleted (None), by key."""

    def __getitem__(self, identifier: Any) -> dict[str, Any]:
        key = str(identifier)
        if key not in self._documents:
            self._documents[key] = copy_json(dict(self._rows[key]))
        found = self._documents[key]
        if found is None:
            raise KeyError(identifier)
        return found

    def __setitem__(self, identifier: Any, document: Mapping[str, Any]) -> None:
        self._documents[str(identifier)] = copy_json(dict(document))

    def __delitem__(self, identifier: Any) -> None:
        if identifier not in self:
            raise KeyError(identifier)
        self._documents[str(identifier)] = None

    def __contains__(self, identifier: object) -> bool:
        key = str(identifier)
        return self._documents[key] is not None if key in self._documents else key in self._rows

    def __iter__(self) -> Iterator[Any]:
        for key in self._rows:
            if self._documents.get(key, key) is not None:
                yield self._document_id(key)
        for key, document in self._documents.items():
            if document is not None and key not in self._rows:
                yield self._document_id(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changes(self, table: str) -> dict[tuple[str, str], Document | None]:
        """List the documents that differ from the rows; *table* is their name in the result."""
        return {
            (table, key): document
            for key, document in self._documents.items()
            if not same_json(document, _plain(self._rows.get(key)))
        }


def _plain(document: Document | None) -> dict[str, Any] | None:
    return None if document is None else dict(document)
