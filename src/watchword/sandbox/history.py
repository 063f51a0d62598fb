"""
What happened to a sandbox: every commit and every control call as a value, with what is needed to undo it.

Documents, messages, settings and rule switches are never changed in place, only replaced.
So a change is a few references, and what it holds stays what it was.
Writes through TinyDB's own interface, past `Sandbox.commit`, are not in the history.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count, takewhile
from typing import Any, NamedTuple

from watchword.domain.outbox import Message
from watchword.domain.rule import Alternative
from watchword.sandbox.chances import Positions
from watchword.sandbox.faults import ArmedFault
from watchword.store import Document
from watchword.store.storage import Changes
from watchword.system.settings import SystemSettings

_new = tuple.__new__


class HistoryGone(LookupError):
    """The history does not reach back so far, or the change belongs to what the sandbox was before a reset."""


class RecordChange(NamedTuple):
    """
    One record that a commit wrote, which may be equal to what it was.

    Args:
        before: None if there was none.
        after: None if it was deleted.
    """

    table: str
    key: str
    before: Document | None
    after: Document | None

    def __repr__(self) -> str:
        return f"<change of a record in {self.table}>"


class Change(NamedTuple):
    """
    One commit, or one control call.

    A request makes one of these, so it takes references as they come; `records` is made when it is asked for.

    Args:
        number: Later changes have greater numbers; no two changes of a server have the same.
        at: When it happened, by the sandbox's clock.
        system: Whose operation made it; empty for control calls and for the removal of expired records.
        writes: What was written, by place.
        former: What stood there before, in the same order.
        messages: What it sent.
        dropped: Messages that left the inbox, oldest first.
        drew_from: The position of the system's sequence before the first draw for this change; None without any.
            So the same request, run before this change, draws the same again.
        clock: How far the clock was ahead of the wall clock before, and where it was frozen, if it was.
        pace: How fast it ran before, since when; None for as fast as the wall clock.
        settings: What they were before.
        altered_rules: What decided before in the place of some rules, by their ids.
        chances: The position of each system's sequence at the commit.
        messages_sent: How many messages there had ever been before.
        faults: Those that were armed before, with their counts.
        fault_count: How many had been armed before, since the last reset.
        proposal: The name of the proposal that described the imitated systems before; empty for none.
    """

    number: int
    at: datetime
    owner: "History"
    system: str
    writes: Changes
    former: Sequence[Document | None]
    messages: Sequence[Message]
    dropped: Sequence[Message]
    drew_from: int | None
    clock: tuple[timedelta, datetime | None]
    pace: tuple[float, datetime] | None
    settings: Mapping[str, SystemSettings]
    altered_rules: Mapping[str, Alternative]
    chances: Positions
    messages_sent: int
    faults: tuple[ArmedFault, ...]
    fault_count: int
    proposal: str

    def __repr__(self) -> str:
        return f"<change {self.number}: {len(self.writes)} records, {len(self.messages)} messages>"

    @property
    def records(self) -> tuple[RecordChange, ...]:
        """The records that it wrote, with what they were and what they became."""
        return tuple(
            RecordChange(table, key, before, after)
            for ((table, key), after), before in zip(self.writes.items(), self.former, strict=True)
        )


class HistoryLimit:
    """
    The changes of all sandboxes of a server, of which the newest are remembered.

    Args:
        capacity: How many; 0 for none at all.

    Attributes:
        changes: Oldest first.
        numbers: Numbers the changes; a sandbox also takes one, for its beginning.
        forgotten: The number of the newest change that was forgotten.
    """

    __slots__ = ("capacity", "changes", "forgotten", "numbers")

    def __init__(self, capacity: int) -> None:
        self.capacity, self.numbers, self.forgotten = capacity, count(1), 0
        self.changes: deque[Change] = deque(maxlen=capacity)


class History:
    """
    The changes of one sandbox.

    Its sandbox adds them under a lock of its own.

    Args:
        limit: Shared by all sandboxes of a server.

    Attributes:
        remembers: Whether changes are remembered at all.
        position: The number from which on the next change is numbered: all that it has now are before it.
    """

    __slots__ = ("_began_at", "limit", "position", "remembers")

    def __init__(self, limit: HistoryLimit) -> None:
        self.limit, self.remembers = limit, limit.capacity > 0
        # No change has this number: those of a former sandbox of the same name are before it.
        self.position = self._began_at = next(limit.numbers)

    def add(self, at: datetime, *fields: Any) -> Change:
        """Remember a change that happened *at* a moment; *fields* are those of `Change` from its system on."""
        limit = self.limit
        number = next(limit.numbers)
        self.position = number + 1
        if len(limit.changes) == limit.capacity:
            limit.forgotten = limit.changes[0].number
        # Not by its class, which would be another call for every request.
        change = _new(Change, (number, at, self, *fields))
        limit.changes.append(change)
        return change

    @property
    def oldest(self) -> int:
        """The first position from which on all changes are remembered."""
        return max(self._began_at, self.limit.forgotten + 1)

    def since(self, position: int) -> tuple[Change, ...]:
        """
        List the changes from *position* on, newest first: those that have to be undone to be before it.

        Raises:
            HistoryGone: Some of them are not remembered, or *position* is none of this sandbox.
        """
        limit = self.limit
        if not self.remembers or position <= limit.forgotten or not self._began_at <= position <= self.position:
            raise HistoryGone(position)
        newest_first = takewhile(lambda one: one.number >= position, reversed(tuple(limit.changes)))
        return tuple(one for one in newest_first if one.owner is self)
