"""What a request did to the records of its sandbox: which, and each field before and after."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from typing import Any

from watchword.journal.captured import Captured
from watchword.sandbox.history import RecordChange
from watchword.sandbox.unit_of_work import UnitOfWork
from watchword.store.records import Document, RecordType, find_record_type

_NEVER_SECRET = (bool, int, float, date, timedelta, Enum)
_WHOSE = ("user_id", "user", "id")
"""Fields of records that hold the id of a user."""


class Done(StrEnum):
    """What was done to a record."""

    MADE = "made"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """
    One field of a record that changed.

    Args:
        name: Of the field.
        told: Whether its values can be told: texts cannot, because some are secrets.
        before: None if that is not told, or if there was none.
        after: The same.
    """

    name: str
    told: bool
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """
    One record that a request made, changed or removed.

    Args:
        table: Where it is stored, such as ``weavr_users``.
        whose: The id of the user whom it belongs to; empty if it belongs to none.
        fields: Those that changed; of a record that was made or removed all that had a value.
    """

    table: str
    whose: str
    done: Done
    fields: tuple[FieldChange, ...]


def state_changes(captured: Captured) -> tuple[StateChange, ...]:
    """List what a request did to records, in the order in which it did it."""
    work: UnitOfWork | None = getattr(captured.exchange, "work", None)  # a request that met no operation has none
    done = () if work is None else work.changes
    found = (_state_change(one) for change in done for one in change.records)
    return tuple(one for one in found if one.fields)


def _state_change(one: RecordChange) -> StateChange:
    kind = find_record_type(one.table)
    before, after = _value(kind, one.before), _value(kind, one.after)
    done = Done.MADE if one.before is None else Done.REMOVED if one.after is None else Done.CHANGED
    last = before if after is None else after
    whose = next((value for name in _WHOSE if isinstance(value := getattr(last, name, None), str)), "")
    return StateChange(one.table, whose, done, tuple(_fields(one, before, after)))


def _value(kind: RecordType[Any] | None, document: Document | None) -> Any:
    return None if kind is None or document is None else kind.to_value(document)


def _fields(one: RecordChange, before: Any, after: Any) -> Iterator[FieldChange]:
    old, new = one.before or {}, one.after or {}
    for name in {**old, **new}:
        if old.get(name) == new.get(name):
            continue
        values = getattr(before, name, None), getattr(after, name, None)
        # Both are None where no type says what is stored.
        told = values != (None, None) and all(value is None or isinstance(value, _NEVER_SECRET) for value in values)
        yield FieldChange(name, told, *values) if told else FieldChange(name, told)
