"""What a request did to its sandbox: the records that it made, changed or removed, and the mails that it sent."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from typing import Any

from watchword.journal.captured import Captured
from watchword.journal.entry import ShownChange, ShownMail
from watchword.sandbox.history import Change, RecordChange
from watchword.store.records import Document, RecordType, find_record_type

_PLAIN_KEY = re.compile(r"[0-9]{1,20}\Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
"""Keys that are ids, and no digests of secrets."""
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


def documents_of(changes: Sequence[Change]) -> Iterator[Document]:
    """Give the records of commits as they became, or as they were if they were removed."""
    for change in changes:
        for one in change.records:
            yield one.after or one.before or {}


def shown_changes(changes: Sequence[Change]) -> Iterator[ShownChange]:
    """Tell which fields changed; a key that is a digest or a secret is a star."""
    for change in changes:
        for one in change.records:
            if changed := tuple(_changed_names(one)):
                yield ShownChange(one.table, one.key if _PLAIN_KEY.match(one.key) else "*", changed)


def shown_mails(changes: Sequence[Change]) -> Iterator[ShownMail]:
    """Tell of the messages that were sent."""
    for change in changes:
        for one in change.messages:
            yield ShownMail(one.id, one.to, one.subject)


def state_changes(captured: Captured) -> tuple[StateChange, ...]:
    """List what a request did to records, in the order in which it did it."""
    found = (_state_change(one) for change in captured.changes for one in change.records)
    return tuple(one for one in found if one.fields)


def _changed_names(one: RecordChange) -> Iterator[str]:
    before, after = one.before or {}, one.after or {}
    return (name for name in {**before, **after} if before.get(name) != after.get(name))


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
    for name in _changed_names(one):
        values = getattr(before, name, None), getattr(after, name, None)
        # Both are None where no type says what is stored.
        told = values != (None, None) and all(value is None or isinstance(value, _NEVER_SECRET) for value in values)
        yield FieldChange(name, told, *values) if told else FieldChange(name, told)
