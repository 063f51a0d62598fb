"""
Optimistic transactions.

A transaction notes what it reads, and collects what it writes. When it commits, the store compares what was read with
what is there now. If anything has changed, nothing is written, and the caller runs again.
So no lock is held while a password is hashed; and of fifty requests that redeem the same code, exactly one succeeds.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from watchword.store.records import Document, RecordType, record_type
from watchword.store.storage import Changes

R = TypeVar("R")
Criteria = tuple[tuple[str, Any], ...]
"""Indexed fields, and the values that they must have."""


class TransactionOverError(RuntimeError):
    """A write after the commit: it would be lost."""


class TransactionalStore(Protocol):
    """What a transaction needs from its store."""

    commits: int
    """How many transactions have changed something."""

    def read(self, kind: RecordType[Any], key: str) -> Document | None:
        """Read a document."""

    def read_again(self, table: str, key: str) -> Document | None:
        """Read a document of a table that was read before."""

    def search(self, kind: RecordType[Any], criteria: Criteria) -> dict[str, Document]:
        """Read all documents that match *criteria*, by key."""

    def apply(self, transaction: "Transaction", extra_documents: Callable[[], Changes] | None = None) -> bool:
        """Commit the writes of *transaction*; False if something that it read has changed."""


class Transaction:
    """
    What one call reads and writes.

    Attributes:
        writes: What it writes, by place.
        former: What stood at the places of *writes* when it was committed, in their order.
    """

    __slots__ = ("_committed", "_read", "_searched", "_store", "commits_before", "former", "writes")

    def __init__(self, store: TransactionalStore) -> None:
        self._store = store
        self._committed = False
        self.commits_before = store.commits
        self.writes: dict[tuple[str, str], Document | None] = {}
        self.former: Sequence[Document | None] = ()
        self._read: dict[tuple[str, str], Document | None] = {}
        self._searched: dict[tuple[RecordType[Any], Criteria], dict[str, Document]] = {}

    def get(self, cls: type[R], key: str) -> R | None:
        """Find the record of type *cls* with this *key*."""
        kind = record_type(cls)
        place = kind.table, key
        if place in self.writes:
            document = self.writes[place]
        elif place in self._read:
            # Not from the store: a second, newer reading would hide that the first one is out of date.
            document = self._read[place]
        else:
            document = self._read[place] = self._store.read(kind, key)
        return None if document is None else kind.to_value(document)

    def find(self, cls: type[R], **equal: Any) -> list[R]:
        """
        List the records of type *cls* whose fields *equal* the given values, in the order of their keys.

        Args:
            equal: Indexed fields of *cls*, with strings, numbers or booleans.
        """
        kind = record_type(cls)
        for field in equal:
            if field not in kind.indexed:
                raise TypeError(f"{cls.__name__} has no index on {field}")
        criteria = tuple(sorted(equal.items()))
        search = kind, criteria
        found = self._searched.get(search)
        if found is None:
            found = self._searched[search] = self._store.search(kind, criteria)
        if self.writes:
            found = self._with_writes(kind, criteria, found)
        return [kind.to_value(found[key]) for key in sorted(found)]

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
        """Store *value*; it replaces the record with the same key."""
        self._check_open()
        kind = record_type(type(value))
        self.writes[kind.table, kind.key_of(value)] = kind.to_document(value)

    def delete(self, cls: type[object], key: str) -> None:
        """Delete the record with this *key*; nothing happens if there is none."""
        self._check_open()
        self.writes[record_type(cls).table, key] = None

    def discard_writes(self) -> None:
        """Forget all writes; `commit` still checks what was read."""
        self.writes.clear()

    def commit(self, extra_documents: Callable[[], Changes] | None = None) -> bool:
        """
        Write everything or nothing.

        Args:
            extra_documents: Documents that are not records and are written in the same commit.

        Returns:
            False if something that was read has changed meanwhile; then the caller runs again from the start.

        Raises:
            NotStored: The changes cannot be written to the disk; nothing is written.
        """
        self._committed = self._store.apply(self, extra_documents)
        return self._committed

    def _check_open(self) -> None:
        if self._committed:
            raise TransactionOverError("this transaction has been committed; a later write would be lost")

    def reads_are_current(self) -> bool:
        """Whether the store still holds everything that was read; the store calls this under its lock."""
        return all(self._store.read_again(*place) == document for place, document in self._read.items()) and all(
            self._store.search(*search) == found for search, found in self._searched.items()
        )
