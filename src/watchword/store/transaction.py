"""
Optimistic transactions.

A transaction collects what it read and what it wants to write.
At its end the store compares what was read with what is there now;
if anything differs nothing is written and the caller runs again.
So no lock is held while a password is hashed, and still of fifty
requests that redeem one code exactly one wins.
"""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from watchword.store.records import Document, RecordType, type_of
from watchword.store.tiny import Changes

R = TypeVar("R")
Criteria = tuple[tuple[str, Any], ...]
"""Indexed fields with the values they must have."""


class TransactionOverError(RuntimeError):
    """Something was written to a transaction that has been committed: it could only be lost."""


class TransactionalStore(Protocol):
    """What a transaction needs of its store."""

    commits: int

    def read(self, kind: RecordType[Any], key: str) -> Document | None:
        """Read one document."""

    def present(self, table: str, key: str) -> Document | None:
        """Read one document of a table that was read before."""

    def search(self, kind: RecordType[Any], criteria: Criteria) -> dict[str, Document]:
        """Read all documents that match *criteria*, by key."""

    def apply(self, transaction: "Transaction", extra_documents: Callable[[], Changes] | None = None) -> bool:
        """Commit the writes of *transaction*; False if something that it read has changed."""


class Transaction:
    """What one call reads and writes."""

    __slots__ = ("_over", "_searched", "_seen", "_store", "began_at", "writes")

    def __init__(self, store: TransactionalStore) -> None:
        self._store = store
        self._over = False
        self.began_at = store.commits
        self.writes: dict[tuple[str, str], Document | None] = {}
        self._seen: dict[tuple[str, str], Document | None] = {}
        self._searched: dict[tuple[RecordType[Any], Criteria], dict[str, Document]] = {}

    def get(self, cls: type[R], key: str) -> R | None:
        """Find the record of type *cls* with this *key*."""
        kind = type_of(cls)
        place = kind.table, key
        if place in self.writes:
            document = self.writes[place]
        elif place in self._seen:
            # What was seen once stays seen: a second look must not hide that the first is out of date.
            document = self._seen[place]
        else:
            document = self._seen[place] = self._store.read(kind, key)
        return None if document is None else kind.value(document)

    def find(self, cls: type[R], **equal: Any) -> list[R]:
        """
        List the records of type *cls* whose fields *equal* the given values, in the order of their keys.

        Args:
            equal: Indexed fields of *cls* with strings, numbers or booleans.
        """
        kind = type_of(cls)
        for field in equal:
            if field not in kind.indexed:
                raise TypeError(f"{cls.__name__} has no index on {field}")
        criteria = tuple(sorted(equal.items()))
        place = kind, criteria
        found = self._searched.get(place)
        if found is None:
            found = self._searched[place] = self._store.search(kind, criteria)
        if self.writes:
            found = self._with_writes(kind, criteria, found)
        return [kind.value(found[key]) for key in sorted(found)]

    def _with_writes(
        self, kind: RecordType[Any], criteria: Criteria, stored: dict[str, Document]
    ) -> dict[str, Document]:
        found = dict(stored)
        for (table, key), document in self.writes.items():
            if table != kind.table:
                continue
            found.pop(key, None)
            if document is not None and all(document[name] == value for name, value in criteria):
                found[key] = document
        return found

    def put(self, value: object) -> None:
        """Store *value*, in place of a record with the same key."""
        self._check_open()
        kind = type_of(type(value))
        self.writes[kind.table, kind.key_of(value)] = kind.document(value)

    def delete(self, cls: type[object], key: str) -> None:
        """Remove the record with this *key*; nothing happens if there is none."""
        self._check_open()
        self.writes[type_of(cls).table, key] = None

    def abandon(self) -> None:
        """Forget every write; what was read is still compared by `commit`."""
        self.writes.clear()

    def commit(self, extra_documents: Callable[[], Changes] | None = None) -> bool:
        """
        Write everything, or nothing.

        Args:
            extra_documents: Documents besides records that are written in the same commit.

        Returns:
            False if something that was read has changed meanwhile: run again from the start.

        Raises:
            NotStored: The disk refused; nothing is written.
        """
        self._over = self._store.apply(self, extra_documents)
        return self._over

    def _check_open(self) -> None:
        if self._over:
            raise TransactionOverError("this transaction has been committed; a later write would be lost")

    def still_true(self) -> bool:
        """Whether the store still holds what was read; asked by the store, under its lock."""
        return all(self._store.present(*place) == document for place, document in self._seen.items()) and all(
            self._store.search(*place) == found for place, found in self._searched.items()
        )
