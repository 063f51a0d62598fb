"""How many expired records to keep: nothing else would ever remove them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword.store.records import type_of
from watchword.store.store import Store


@dataclass(frozen=True)
class Retention:
    """
    A type of record that would pile up.

    Args:
        kind: The type of the records.
        expires: The field with the moment from which a record counts as expired; None in it: never.
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

    It looks at all records, but only when there are twice as many as after the last sweep,
    so a write costs the same on average, however many there are.

    Attributes:
        table: Where the records are.
    """

    retention: Retention
    table: str = field(init=False)
    _next_count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.table = type_of(self.retention.kind).table

    def __call__(self, store: Store, *, now: datetime) -> None:
        """
        Remove what has expired, if a sweep is due.

        Raises:
            NotStored: Nothing was removed.
        """
        retention, kind = self.retention, type_of(self.retention.kind)
        if store.size(kind) < max(self._next_count, 2 * retention.keep_newest):
            return
        transaction = store.transaction()
        expired = _expired(transaction.find(retention.kind), retention.expires, now)
        for one in expired[: max(0, len(expired) - retention.keep_newest)]:
            transaction.delete(retention.kind, kind.key_of(one))
        if transaction.commit():
            self._next_count = 2 * store.size(kind)


def _expired(records: Sequence[Any], field_name: str, now: datetime) -> list[Any]:
    """List the expired *records*, oldest first."""
    expired = [one for one in records if (moment := getattr(one, field_name)) is not None and moment <= now]
    return sorted(expired, key=lambda one: getattr(one, field_name))
