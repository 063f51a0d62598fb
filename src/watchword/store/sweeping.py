"""Records that would pile up are swept: what is over goes once there is enough of it, the oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from watchword.store.records import type_of
from watchword.store.store import Store


@dataclass(slots=True)
class Sweep:
    """
    Looks after one type of records in one store.

    It looks at all of them, but only when there are twice as many as it left the last time.
    So a write costs the same on average, however many there are.

    Args:
        kind: The type.
        past: The field with the moment from which on a record matters less; None in it: never.
        kept: So many of those stay, the newest.

    Attributes:
        table: Where they are.
    """

    kind: type[Any]
    past: str
    kept: int
    table: str = field(init=False)
    _enough: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.table = type_of(self.kind).table

    def __call__(self, store: Store, *, now: datetime) -> None:
        """
        Remove what is over, if it is time to look.

        Raises:
            NotStored: Nothing was removed.
        """
        kind = type_of(self.kind)
        if store.size(kind) < max(self._enough, 2 * self.kept):
            return
        transaction = store.transaction()
        over = _over(transaction.find(self.kind), self.past, now)
        for one in over[: max(0, len(over) - self.kept)]:
            transaction.delete(self.kind, kind.key_of(one))
        if transaction.commit():
            self._enough = 2 * store.size(kind)


def _over(records: Sequence[Any], past: str, now: datetime) -> list[Any]:
    over = [one for one in records if (moment := getattr(one, past)) is not None and moment <= now]
    return sorted(over, key=lambda one: getattr(one, past))
