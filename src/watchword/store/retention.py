"""Retention: expired records are deleted beyond a number of them, because nothing else would ever delete them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword.store.records import record_type
from watchword.store.store import Store
from watchword.store.transaction import Transaction


@dataclass(frozen=True)
class Retention:
    """
    How many expired records of a type are kept.

    Args:
        kind: The type of the records.
        expires: The field with the moment at which a record expires; if it is None, the record never does.
        keep_newest: How many expired records to keep: "expired" and "unknown" are different answers,
            and a clock can be moved back.
    """

    kind: type[Any]
    expires: str
    keep_newest: int = 1000


@dataclass(slots=True)
class RetentionSweep:
    """
    Applies one `Retention` to one store.

    A sweep looks at all records of the type. It only does so when there are twice as many as after the last sweep,
    so that the average cost of a write does not depend on the number of records.

    Attributes:
        table: Where the records are.
    """

    retention: Retention
    table: str = field(init=False)
    _next_count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.table = record_type(self.retention.kind).table

    def __call__(
        self, store: Store, *, now: datetime, commit: Callable[[Transaction], bool] = Transaction.commit
    ) -> None:
        """
        Delete expired records, if a sweep is due.

        Args:
            commit: Commits the transaction that deletes them, like the method of that name.

        Raises:
            NotStored: The changes cannot be written to the disk; nothing is deleted.
        """
        retention, kind = self.retention, record_type(self.retention.kind)
        if store.count(kind) < max(self._next_count, 2 * retention.keep_newest):
            return
        transaction = store.transaction()
        expired = _find_expired(transaction.find(retention.kind), retention.expires, now)
        for one in expired[: max(0, len(expired) - retention.keep_newest)]:
            transaction.delete(retention.kind, kind.key_of(one))
        if commit(transaction):
            self._next_count = 2 * store.count(kind)


def _find_expired(records: Sequence[Any], field_name: str, now: datetime) -> list[Any]:
    """List the expired *records*, oldest first."""
    expired = [one for one in records if (moment := getattr(one, field_name)) is not None and moment <= now]
    return sorted(expired, key=lambda one: getattr(one, field_name))
