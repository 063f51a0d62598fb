"""
The rows of one table: a base that many sandboxes share, and one sandbox's own changes over it.

Reading by key or by an indexed field, and writing one row, cost the same however many rows there are.
A document is never changed in place: a change puts another one, so whoever holds one may keep it.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from watchword.store.records import Document

Index = dict[Any, dict[str, None]]
"""The keys of the rows with a value, in the order they came."""


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
        """Give the index on *field*, made when it is first asked for."""
        found = self._indexes.get(field)
        if found is None:
            found = {}
            for key, document in self.rows.items():
                _note(found, key, document.get(field))
            self._indexes[field] = found
        return found

    def sharing(self, other: "SharedRows | None") -> "SharedRows":
        """Give an equal base that has as much as possible in common with *other*."""
        if other is None:
            return self
        rows = {key: _same(other.rows.get(key), document) for key, document in self.rows.items()}
        return other if rows == other.rows else SharedRows(rows)


_EMPTY = SharedRows()


class Rows(Mapping[str, Document]):
    """
    One table of one sandbox.

    Args:
        base: What lies below; not changed.
        indexed: The fields that `equal` may be asked for.
    """

    __slots__ = ("_base", "_covered", "_gone", "_indexes", "_own")

    def __init__(self, base: SharedRows = _EMPTY, indexed: Iterable[str] = ()) -> None:
        self._base = base
        self._own: dict[str, Document] = {}
        self._gone: set[str] = set()
        self._covered = 0
        self._indexes: dict[str, Index] = {field: {} for field in indexed}

    def __getitem__(self, key: str) -> Document:
        found = self._own.get(key)
        if found is not None:
            return found
        if key in self._gone:
            raise KeyError(key)
        return self._base.rows[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Find a row, without the detour over an exception that a mapping takes by itself."""
        found = self._own.get(key)
        if found is not None:
            return found
        return default if key in self._gone else self._base.rows.get(key, default)

    def __contains__(self, key: object) -> bool:
        return key in self._own or (key in self._base.rows and key not in self._gone)

    def __iter__(self) -> Iterator[str]:
        for key in self._base.rows:
            if key not in self._gone:
                yield key
        for key in self._own:
            if key not in self._base.rows:
                yield key

    def __len__(self) -> int:
        return len(self._base.rows) - len(self._gone) - self._covered + len(self._own)

    @property
    def indexed(self) -> frozenset[str]:
        """The fields that `equal` may be asked for."""
        return frozenset(self._indexes)

    def add_index(self, field: str) -> None:
        """Index one more *field*."""
        if field not in self._indexes:
            index: Index = {}
            for key, document in self._own.items():
                _note(index, key, document.get(field))
            self._indexes[field] = index

    def put(self, key: str, document: Document) -> None:
        """Set the row called *key*; *document* belongs to this table from now on."""
        before = self._own.get(key)
        if before is None:
            if key in self._gone:
                self._gone.discard(key)
                self._covered += 1
            elif key in self._base.rows:
                self._covered += 1
        for field, index in self._indexes.items():
            value = document.get(field)
            if before is not None:
                if before.get(field) == value:
                    continue
                _forget(index, key, before.get(field))
            _note(index, key, value)
        self._own[key] = document

    def delete(self, key: str) -> None:
        """Remove the row called *key*; nothing happens if there is none."""
        before = self._own.pop(key, None)
        if before is not None:
            for field, index in self._indexes.items():
                _forget(index, key, before.get(field))
        if key in self._base.rows and key not in self._gone:
            self._gone.add(key)
            self._covered -= before is not None

    def equal(self, field: str, value: Any) -> dict[str, Document]:
        """Find the rows whose indexed *field* equals *value*, by key."""
        below, own, gone = self._base.rows, self._own, self._gone
        found = {
            key: below[key] for key in self._base.index(field).get(value, ()) if key not in gone and key not in own
        }
        for key in self._indexes[field].get(value, ()):
            found[key] = own[key]
        return found


def _same(known: Document | None, document: Document) -> Document:
    return known if known is not None and known == document else document


def _hashable(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else None


def _note(index: Index, key: str, value: Any) -> None:
    index.setdefault(_hashable(value), {})[key] = None


def _forget(index: Index, key: str, value: Any) -> None:
    place = _hashable(value)
    keys = index[place]
    del keys[key]
    if not keys:
        del index[place]
