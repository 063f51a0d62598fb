"""Whom a sandbox knew when a request arrived, as far as its history reaches back."""

from bisect import bisect_left
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from watchword.edge.concerned import People
from watchword.edge.exchange import Exchange
from watchword.sandbox import Sandbox, Sandboxes
from watchword.sandbox.fork import fork_in_memory
from watchword.sandbox.history import Change, HistoryGone
from watchword.store.records import Document, record_type
from watchword.system import System
from watchword.system.people import MadePerson

_MOST_CACHED = 32
"""How many states of the people of one sandbox are held; entries are read in order, so most need the last one."""
_NAMING = ("id", "name", "email", "login", "login_name")


@dataclass(slots=True)
class _Followed:
    """
    What is known of a sandbox's people.

    Attributes:
        position: Up to where the history has been looked at.
        turns: The numbers of the changes that made, renamed or removed somebody, ascending.
        people: Those before each of these changes, and under None those of now, as far as somebody has asked.
        deleted: Records that are no more, by place.
    """

    position: int = 0
    turns: list[int] = field(default_factory=list)
    people: dict[int | None, People] = field(default_factory=dict)
    deleted: dict[tuple[str, str], tuple[int, Document]] = field(default_factory=dict)

    def forget_before(self, number: int) -> None:
        """Forget what no request can ask for any more."""
        gone = bisect_left(self.turns, number)
        for turn in self.turns[:gone]:
            self.people.pop(turn, None)
        del self.turns[:gone]
        for key in [key for key, (deleted_by, _) in self.deleted.items() if deleted_by < number]:
            del self.deleted[key]


class PeopleThen:
    """
    Finds the people of a request's sandbox as they were when it arrived, whenever somebody asks.

    Args:
        systems: Whose people are followed.
    """

    def __init__(self, systems: Iterable[System]) -> None:
        kinds = (kind for one in systems if one.roster is not None for kind in one.roster.accounts)
        self._tables = {record_type(kind).table for kind in (MadePerson, *kinds)}
        self._all: WeakKeyDictionary[Sandbox, _Followed] = WeakKeyDictionary()

    def of(self, exchange: Exchange) -> People:
        """Give the people at the history's position of a request; for one before all that is remembered, the oldest."""
        sandbox = exchange.sandbox
        followed = self._all.setdefault(sandbox, _Followed())
        with sandbox.store.lock:
            self._follow(sandbox, followed)
            place = bisect_left(followed.turns, exchange.position)
            turn = followed.turns[place] if place < len(followed.turns) else None
            if turn not in followed.people or not sandbox.history.remembers:
                followed.people[turn] = _read(exchange.api.sandboxes, sandbox, turn, followed)
            found = followed.people[turn]
            while len(followed.people) > _MOST_CACHED:
                del followed.people[next(iter(followed.people))]
        return found

    def _follow(self, sandbox: Sandbox, followed: _Followed) -> None:
        history = sandbox.history
        if followed.position == history.position:
            return
        with suppress(HistoryGone):  # nothing of this sandbox is remembered
            for change in reversed(history.since(max(followed.position, history.oldest))):
                self._note(change, followed)
        followed.position = history.position
        followed.forget_before(history.oldest)

    def _note(self, change: Change, followed: _Followed) -> None:
        turns = False
        for one in change.records:
            if one.before is not None and one.after is None:
                followed.deleted[one.table, one.key] = change.number, one.before
            if one.table in self._tables:
                turns = turns or _names(one.before) != _names(one.after)
        if turns:
            followed.turns.append(change.number)
            if None in followed.people:
                followed.people[change.number] = followed.people.pop(None)


def _names(document: Document | None) -> Any:
    return None if document is None else [document.get(name) for name in _NAMING]


def _read(sandboxes: Sandboxes, sandbox: Sandbox, turn: int | None, followed: _Followed) -> People:
    then = sandbox
    if turn is not None:
        with suppress(HistoryGone):
            then = fork_in_memory(sandbox, before=max(turn, sandbox.history.oldest))

    # Not the sandbox itself, nor what is known of it: who is found here is held as long as the sandbox is.
    store, deleted_records = sandbox.store, followed.deleted

    def find(cls: type[Any], key: str) -> Any:
        kind = record_type(cls)
        deleted = deleted_records.get((kind.table, key))
        found = store.transaction().get(cls, key)
        return kind.to_value(deleted[1]) if found is None and deleted is not None else found

    return People(sandboxes.population.read(then), find)
