"""
What answers have told of a thing earlier in a sequence: what has changed since, on both servers or on neither?

Some values are each server's own, and differ from server to server: how often a user was changed, and what a user's
data say. How they change is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

_Told = dict[tuple[str, str], tuple[Any, Any]]
Contrast = tuple[str, str]
"""What the server did, and what the stand-in did."""
_MOST_DIGITS = 20
"""Of a count: 64 bits have no more, and a longer text may be anything."""
_TO_READERS, _TO_WRITERS = "changes, as readers are told", "changes, as those are told who make them"


@dataclass
class ToldBefore:
    """
    What two servers have told of their things, in one sequence.

    Args:
        things: Fields, and parameters in paths, that hold the id of what an answer is about.
        reads: Operations that change nothing, by the part of their ids after the dot.
        messages: Tells how many messages have been sent so far: each may count as a change, and be counted late.
    """

    things: Sequence[str]
    reads: frozenset[str] = frozenset()
    messages: Callable[[], int] = lambda: 0
    _told: _Told = field(default_factory=dict)

    def thing_in(self, named: Mapping[str, Any]) -> Any:
        """Find the id of what a part of an answer, or a path, is about; None if that is not said."""
        return next((named[one] for one in self.things if one in named), None)

    def compare_value(self, thing: str, name: str, *, mine: Any, theirs: Any) -> Contrast | None:
        """
        Compare whether both servers tell of a thing what they have told of it before.

        Args:
            thing: Its id in the stand-in.
            name: Of the field.
        """
        before = self._replace(thing, name, mine, theirs)
        if before is None or (mine == before[0]) == (theirs == before[1]):
            return None
        told = ("another value than before", "the same value as before")
        return told if mine == before[0] else (told[1], told[0])

    def compare_count(self, thing: str, operation: str, *, mine: Any, theirs: Any) -> Contrast | None:
        """
        Compare how the count of a thing's changes has grown on both servers since they told it.

        Those who change a thing are told the number of that change, so it grows by as much on both. Readers are told
        the number of the last change that they can see, and how many others came before it differs: it grows or not.

        Args:
            operation: That tells it, by the part of its id after the dot.
        """
        counts, is_read = (_whole_number(mine), _whole_number(theirs)), operation in self.reads
        before = None if None in counts else self._replace(thing, _TO_READERS if is_read else _TO_WRITERS, *counts)
        if before is None:
            return None
        ours, others = (now - then for now, then in zip(counts, before, strict=True) if now is not None)
        if is_read:
            return None if (ours > 0) == (others > 0) else (_tell(others > 0), _tell(ours > 0))
        if abs(ours - others) <= self.messages():
            return None
        return f"{others} more than before", f"{ours} more than before"

    def forgetting(self) -> "ToldBefore":
        """Copy what was told: what is told to the copy is forgotten with it."""
        return replace(self, _told=dict(self._told))

    def _replace(self, thing: str, name: str, mine: Any, theirs: Any) -> tuple[Any, Any] | None:
        before = self._told.get((thing, name))
        self._told[thing, name] = mine, theirs
        return before


def _whole_number(value: Any) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


def _tell(grown: object) -> str:
    return "more than before" if grown else "no more than before"
