"""
TinyDB with tables that do not copy themselves for every write.

TinyDB's own table reads all tables, copies its own, changes the copy and writes everything back;
its results share nested values with the database, and threads lose each other's writes.
Here a write costs what it touches, results are copies, a failed update leaves nothing, and
one lock keeps threads apart. Its public interface stays: queries, upserts, document ids.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from threading import RLock
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.storages import Storage
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from watchword.store.records import Document
from watchword.store.rows import Rows, SharedRows

Changes = Mapping[tuple[str, str], Document | None]
"""Documents by table and key; None removes one."""


def no_changes() -> Changes:
    """Change nothing."""
    return {}


def copied(value: Any) -> Any:
    """Copy a value of JSON types, to the bottom."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    if isinstance(value, list):
        return [copied(item) for item in value]
    return value


class LiveStorage(Storage):
    """
    Tables in memory, over shared bases.

    Args:
        shared_rows: What each table begins with.
    """

    def __init__(self, shared_rows: Mapping[str, SharedRows] | None = None) -> None:
        self.lock = RLock()
        self._bases = shared_rows or {}
        self._tables: dict[str, Rows] = {name: Rows(base) for name, base in self._bases.items()}

    def read(self) -> dict[str, Any]:
        """Give all tables, live: to be read only."""
        return dict(self._tables)

    def write(self, data: Mapping[str, Mapping[str, Any]]) -> None:
        """Replace all tables, as TinyDB does to drop some."""
        with self.lock:
            self._tables = {name: _rows(table) for name, table in data.items()}

    def rows(self, table: str) -> Rows:
        """Give the rows of *table*, which is made if it is not there."""
        found = self._tables.get(table)
        if found is None:
            with self.lock:
                found = self._tables.setdefault(table, Rows())
        return found

    def apply(self, changes: Changes, extra_documents: Callable[[], Changes] = no_changes) -> None:  # noqa: ARG002
        """
        Carry out *changes*, all of them; the documents belong to the storage from now on.

        Args:
            extra_documents: Documents that a durable storage writes in the same commit; called under the lock.
        """
        self.restore(changes)

    def restore(self, changes: Changes) -> None:
        """Apply *changes* in memory only."""
        with self.lock:
            for (table, key), document in changes.items():
                if document is None:
                    self.rows(table).delete(key)
                else:
                    self.rows(table).put(key, document)


def _rows(table: Mapping[str, Any]) -> Rows:
    if isinstance(table, Rows):
        return table
    rows = Rows()
    for key, document in table.items():
        rows.put(str(key), copied(dict(document)))
    return rows


class _View(MutableMapping[Any, dict[str, Any]]):
    """What an updater of TinyDB works on: rows by document id, copies on touch, changes collected."""

    def __init__(self, rows: Rows, identifier: Callable[[str], Any]) -> None:
        self._rows, self._identifier = rows, identifier
        self._touched: dict[str, dict[str, Any] | None] = {}

    def __getitem__(self, identifier: Any) -> dict[str, Any]:
        key = str(identifier)
        if key not in self._touched:
            self._touched[key] = copied(dict(self._rows[key]))
        found = self._touched[key]
        if found is None:
            raise KeyError(identifier)
        return found

    def __setitem__(self, identifier: Any, document: Mapping[str, Any]) -> None:
        self._touched[str(identifier)] = copied(dict(document))

    def __delitem__(self, identifier: Any) -> None:
        if identifier not in self:
            raise KeyError(identifier)
        self._touched[str(identifier)] = None

    def __contains__(self, identifier: object) -> bool:
        key = str(identifier)
        return self._touched[key] is not None if key in self._touched else key in self._rows

    def __iter__(self) -> Iterator[Any]:
        for key in self._rows:
            if self._touched.get(key, key) is not None:
                yield self._identifier(key)
        for key, document in self._touched.items():
            if document is not None and key not in self._rows:
                yield self._identifier(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def changes(self, table: str) -> dict[tuple[str, str], Document | None]:
        return {
            (table, key): document
            for key, document in self._touched.items()
            if not _alike(document, _plain(self._rows.get(key)))
        }


def _plain(document: Document | None) -> dict[str, Any] | None:
    return None if document is None else dict(document)


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON, in which 1 is neither true nor 1.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_alike(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_alike, one, other))
    return bool(one == other)


class FlatTable(Table):
    """A table of TinyDB whose single reads and writes cost the same at any size."""

    _storage: LiveStorage

    def index(self, *fields: str) -> "FlatTable":
        """Find documents by these *fields* without looking at all of them."""
        for field in fields:
            self._storage.rows(self.name).add_index(field)
        return self

    def search(self, cond: QueryLike) -> list[TinyDocument]:
        """Search for all documents that *cond* is true of; an equality on an indexed field is looked up."""
        with self._storage.lock:
            return [self._out(key, document) for key, document in self._candidates(cond) if cond(document)]

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """Get one document by query or id, or several by their ids."""
        rows = self._storage.rows(self.name)
        with self._storage.lock:
            if doc_id is not None:
                document = rows.get(str(doc_id))
                return None if document is None else self._out(str(doc_id), document)
            if doc_ids is not None:
                wanted = dict.fromkeys(str(one) for one in doc_ids)
                return [self._out(key, rows[key]) for key in wanted if key in rows]
            if cond is not None:
                found = ((key, document) for key, document in self._candidates(cond) if cond(document))
                return next((self._out(key, document) for key, document in found), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")

    def update(self, fields: Any, cond: Any = None, doc_ids: Any = None) -> list[Any]:
        """Update documents by query or ids, or all of them."""
        with self._storage.lock:
            return super().update(fields, cond, self._ids(cond, doc_ids))

    def remove(self, cond: Any = None, doc_ids: Any = None) -> list[Any]:
        """Remove documents by query or ids."""
        with self._storage.lock:
            return super().remove(cond, self._ids(cond, doc_ids))

    def insert(self, document: Mapping[str, Any]) -> Any:
        """Insert one document."""
        with self._storage.lock:
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[Any]:
        """Insert several documents, all or none."""
        with self._storage.lock:
            return super().insert_multiple(documents)

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[Any]:
        """Update or insert, with nothing in between."""
        with self._storage.lock:
            return super().upsert(document, cond)

    def __iter__(self) -> Iterator[TinyDocument]:
        for key, document in list(self._storage.rows(self.name).items()):
            yield self._out(key, document)

    def _ids(self, cond: Any, doc_ids: Any) -> Any:
        if doc_ids is not None or cond is None:
            return doc_ids
        return [self.document_id_class(key) for key, document in self._candidates(cond) if cond(document)]

    def _out(self, key: str, document: Document) -> TinyDocument:
        return self.document_class(copied(dict(document)), self.document_id_class(key))

    def _candidates(self, cond: Any) -> Iterable[tuple[str, Document]]:
        """List the documents that *cond* could be true of: those of one value, or all."""
        rows = self._storage.rows(self.name)
        for field, value in _equalities(getattr(cond, "_hash", None)):
            if field in rows.indexed and isinstance(value, str | int | float | bool | None):
                return list(rows.equal(field, value).items())
        return list(rows.items())

    def _read_table(self) -> Any:
        return self._storage.rows(self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        with self._storage.lock:
            view = _View(self._storage.rows(self.name), self.document_id_class)
            updater(view)
            self._storage.apply(view.changes(self.name))
        self.clear_cache()


def _equalities(planned: Any) -> Iterator[tuple[str, Any]]:
    """Read the equalities that must all hold out of a query's hash: ``field == value``, joined by *and*."""
    match planned:
        case ("==", (str() as field,), value):
            yield field, value
        case ("and", parts):
            for part in parts:
                yield from _equalities(part)


class FlatDB(TinyDB):
    """TinyDB in memory, with `FlatTable`."""

    table_class = FlatTable
    default_storage_class = LiveStorage  # type: ignore[assignment]  # the annotation is TinyDB's own default


class KeyedTable(FlatTable):
    """A table whose document ids are the records' own keys instead of numbers."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB allows any class, its annotation says int


class KeyedDB(FlatDB):
    """TinyDB in memory, with `KeyedTable`."""

    table_class = KeyedTable
