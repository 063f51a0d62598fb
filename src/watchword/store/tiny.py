"""
TinyDB's public interface over this project's own tables.

That interface is what the project promises: every record is in a TinyDB table, and TinyDB's queries, operations,
upserts and document ids work there as its documentation says (``make tinydb`` runs TinyDB's own tests over these
tables). How a table stores its rows is not part of the promise.

Why not TinyDB's own table: it copies all tables for every write, its results share nested values with the database, a
failed update leaves half of its changes, and concurrent threads lose writes. Here the cost of a write depends on what
it changes, results are copies, a failed update changes nothing, and a lock makes every operation atomic.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Document as TinyDocument
from tinydb.table import Table

from watchword.store.json_values import copy_json
from watchword.store.records import Document
from watchword.store.storage import RowStorage
from watchword.store.table_update import TableUpdate


class RowTable(Table):
    """A TinyDB table over `Rows`: reading or writing one document costs the same at any size of the table."""

    _storage: RowStorage

    def index(self, *fields: str) -> "RowTable":
        """Index these *fields*, so that queries for a value of one of them do not look at every document."""
        for field in fields:
            self._storage.rows(self.name).add_index(field)
        return self

    def search(self, cond: QueryLike) -> list[TinyDocument]:
        """Search for all documents that match *cond*; uses an index for an equality on an indexed field."""
        with self._storage.lock:
            return [self._copy(key, document) for key, document in self._candidates(cond) if cond(document)]

    def get(self, cond: Any = None, doc_id: Any = None, doc_ids: Any = None) -> Any:
        """Get one document by query or id, or several by their ids."""
        rows = self._storage.rows(self.name)
        with self._storage.lock:
            if doc_id is not None:
                document = rows.get(str(doc_id))
                return None if document is None else self._copy(str(doc_id), document)
            if doc_ids is not None:
                wanted = dict.fromkeys(str(one) for one in doc_ids)
                return [self._copy(key, rows[key]) for key in wanted if key in rows]
            if cond is not None:
                found = ((key, document) for key, document in self._candidates(cond) if cond(document))
                return next((self._copy(key, document) for key, document in found), None)
        raise RuntimeError("You have to pass either cond or doc_id or doc_ids")  # TinyDB's own sentence

    def update(self, fields: Any, cond: Any = None, doc_ids: Any = None) -> list[Any]:
        """Update documents by query or ids, or all documents."""
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
        """Insert several documents: all of them or none."""
        with self._storage.lock:
            return super().insert_multiple(documents)

    def upsert(self, document: Mapping[str, Any], cond: Any = None) -> list[Any]:
        """Update or insert, atomically."""
        with self._storage.lock:
            return super().upsert(document, cond)

    def __iter__(self) -> Iterator[TinyDocument]:
        for key, document in list(self._storage.rows(self.name).items()):
            yield self._copy(key, document)

    def _ids(self, cond: Any, doc_ids: Any) -> Any:
        if doc_ids is not None or cond is None:
            return doc_ids
        return [self.document_id_class(key) for key, document in self._candidates(cond) if cond(document)]

    def _copy(self, key: str, document: Document) -> TinyDocument:
        return self.document_class(copy_json(dict(document)), self.document_id_class(key))

    def _candidates(self, cond: Any) -> Iterable[tuple[str, Document]]:
        """List the documents that *cond* can match: those with the value of an index, or all."""
        rows = self._storage.rows(self.name)
        for field, value in _find_equalities(getattr(cond, "_hash", None)):
            if field in rows.indexed and isinstance(value, str | int | float | bool | None):
                found = rows.find(field, value)
                # An index has the order in which the value was set; TinyDB's own tables have one order for all queries.
                return [(key, rows[key]) for key in (rows if len(found) > 1 else found) if key in found]
        return list(rows.items())

    def _read_table(self) -> Any:
        return self._storage.rows(self.name)

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        with self._storage.lock:
            update = TableUpdate(self._storage.rows(self.name), self.document_id_class)
            updater(update)
            self._storage.apply(update.changes(self.name))
        self.clear_cache()


def _find_equalities(query_hash: Any) -> Iterator[tuple[str, Any]]:
    """List the equalities that a query requires: ``field == value``, alone or joined by *and*, read from its hash."""
    match query_hash:
        case ("==", (str() as field,), value):
            yield field, value
        case ("and", parts):
            for part in parts:
                yield from _find_equalities(part)


class RowDB(TinyDB):
    """A TinyDB in memory, with `RowTable`."""

    table_class = RowTable
    default_storage_class = RowStorage  # type: ignore[assignment]  # the annotation is TinyDB's own default


class KeyedTable(RowTable):
    """A table whose document ids are strings, the records' own keys, instead of numbers."""

    document_id_class = str  # type: ignore[assignment]  # TinyDB allows any class, its annotation says int


class KeyedDB(RowDB):
    """A TinyDB in memory, with `KeyedTable`."""

    table_class = KeyedTable
