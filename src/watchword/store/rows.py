"""
The rows of one table in one sandbox: rows that many sandboxes share, and the sandbox's own changes to them.

Reading by key or by an indexed field and writing one row cost the same, however many rows there are.
A document is never changed in place, only replaced. So a reader can keep a document, and it stays what it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from watchword.store.records import Document

Index = dict[Any, dict[str, None]]
"""The keys of the rows with a value, by value, in the order in which they were added."""


class SharedRows:
    """
    Rows that no longer change, shared by any number of `Rows`.

    Args:
        rows: Documents by key; not copied.
    """

    __slots__ = ("_indexes", "rows")

    def __init__(self, rows: Mapping[str, Document] | None = None) -> None:
        self.rows: Mapping[str, Document] = rows or {}
        self._indexes: dict[str, Index] = {}

    def index(self, field: str) -> Index:
        """Return the index on *field*, which is made on first use."""
        found = self._indexes.get(field)
        if found is None:
            found = {}
            for key, document in self.rows.items():
                _add(found, key, document.get(field))
            self._indexes[field] = found
        return found

    def share_with(self, other: "SharedRows | None") -> "SharedRows":
        """Return equal rows that share every equal document with *other*; if all are equal, that is *other* itself."""
        if other is None:
            return self
        rows = {key: _reuse(other.rows.get(key), document) for key, document in self.rows.items()}
        return other if rows == other.rows else SharedRows(rows)


_NO_ROWS = SharedRows()


class Rows(Mapping[str, Document]):
    """
    One table of one sandbox.

    Args:
        shared: The rows that the table starts with; not changed.
        indexed: The fields that `find` can search.
    """

    __slots__ = ("_deleted", "_indexes", "_own", "_replaced", "_shared")

    def __init__(self, shared: SharedRows = _NO_ROWS, indexed: Iterable[str] = ()) -> None:
        self._shared = shared
        self._own: dict[str, Document] = {}
        self._deleted: set[str] = set()
        """Keys of shared rows that are deleted here."""
        self._replaced = 0
        """How many own rows replace a shared row."""
        self._indexes: dict[str, Index] = {field: {} for field in indexed}

    def copy(self) -> "Rows":
        """Copy the table: the copy shares every document, and what was shared before; its indexes are made anew."""
        other = Rows(self._shared)
        other._own, other._deleted, other._replaced = self._own.copy(), self._deleted.copy(), self._replaced
        return other

    def __getitem__(self, key: str) -> Document:
        found = self._own.get(key)
        if found is not None:
            return found
        if key in self._deleted:
            raise KeyError(key)
        return self._shared.rows[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Find a row; faster than the method of `Mapping`, which catches a `KeyError`."""
        found = self._own.get(key)
        if found is not None:
            return found
        return default if key in self._deleted else self._shared.rows.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._own or (key in self._shared.rows and key not in self._deleted)

    def __iter__(self) -> Iterator[str]:
        for key in self._shared.rows:
            if key not in self._deleted:
                yield key
        for key in self._own:
            if key not in self._shared.rows:
                yield key

    def __len__(self) -> int:
        return len(self._shared.rows) - len(self._deleted) - self._replaced + len(self._own)

    @property
    def indexed(self) -> frozenset[str]:
        """The fields that `find` can search."""
        return frozenset(self._indexes)

    def add_index(self, field: str) -> None:
        """Index one more *field*."""
        if field not in self._indexes:
            index: Index = {}
            for key, document in self._own.items():
                _add(index, key, document.get(field))
            self._indexes[field] = index

    def put(self, key: str, document: Document) -> Document | None:
        """Set the row with this *key*, and return what it was; do not change *document* afterwards."""
        before = former = self._own.get(key)
        if before is None:
            if key in self._deleted:
                self._deleted.discard(key)
                self._replaced += 1
            elif (former := self._shared.rows.get(key)) is not None:
                self._replaced += 1
        for field, index in self._indexes.items():
            value = document.get(field)
            if before is not None:
                if before.get(field) == value:
                    continue
                _remove(index, key, before.get(field))
            _add(index, key, value)
        self._own[key] = document
        return former

    def delete(self, key: str) -> Document | None:
        """Delete the row with this *key*, if there is one, and return what it was."""
        before = former = self._own.pop(key, None)
        if before is not None:
            for field, index in self._indexes.items():
                _remove(index, key, before.get(field))
        if key in self._shared.rows and key not in self._deleted:
            self._deleted.add(key)
            self._replaced -= before is not None
            former = former or self._shared.rows[key]
        return former

    def find(self, field: str, value: Any) -> dict[str, Document]:
        """Find the rows in which an indexed *field* equals *value*, by key."""
        shared, own, deleted = self._shared.rows, self._own, self._deleted
        found = {
            key: shared[key]
            for key in self._shared.index(field).get(value, ())
            if key not in deleted and key not in own
        }
        for key in self._indexes[field].get(value, ()):
            found[key] = own[key]
        return found


def _reuse(known: Document | None, document: Document) -> Document:
    return known if known is not None and known == document else document


def _index_key(value: Any) -> Any:
    # Lists and objects cannot be searched, nor be keys of a dictionary.
    return value if isinstance(value, str | int | float | bool | None) else None


def _add(index: Index, key: str, value: Any) -> None:
    index.setdefault(_index_key(value), {})[key] = None


def _remove(index: Index, key: str, value: Any) -> None:
    index_key = _index_key(value)
    keys = index[index_key]
    del keys[key]
    if not keys:
        del index[index_key]
