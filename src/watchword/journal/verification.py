"""Whether the requests that a test expects were sent, and which others come nearest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from watchword.journal.entry import Entry
from watchword.journal.masking import MASK
from watchword.journal.search import has_status

_NEAREST = 3
_LONGEST = 200
"""Characters of a value that are told."""


class Anything(Enum):
    """Stands for any body, where null is one."""

    ANYTHING = "anything"


ANYTHING: Final = Anything.ANYTHING


@dataclass(frozen=True, slots=True)
class Expected:
    """
    A request that a test expects; empty or None for whatever.

    Args:
        operation: An operation's id.
        method: An HTTP method.
        path: The whole path.
        person: The name of somebody whom it concerns.
        status: Of the answer, as `STATUS` matches it.
        body: Members that the body of the request has, as readers see them; `ANYTHING` for whatever.
    """

    operation: str = ""
    method: str = ""
    path: str = ""
    person: str = ""
    status: str = ""
    body: Any = ANYTHING

    def differences(self, entry: Entry) -> list[str]:
        """Say in what *entry* is another request."""
        found = [
            _differs("operation", self.operation, entry.operation),
            _differs("method", self.method, entry.request.method),
            _differs("path", self.path, entry.request.path),
            "" if not self.person or self.person in entry.people else _people(self.person, entry.people),
            "" if has_status(self.status, entry.response.status) else f"status is {entry.response.status}",
        ]
        return [*filter(None, found), *_compare(self.body, entry.request.body, "body")]


@dataclass(frozen=True, slots=True)
class Count:
    """How often; *most* is None for any number."""

    least: int
    most: int | None

    def holds(self, number: int) -> bool:
        """Whether *number* is right."""
        return number >= self.least and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return f"exactly {self.least}"
        if self.most is None:
            return f"at least {self.least}"
        return f"at most {self.most}" if not self.least else f"{self.least} to {self.most}"


@dataclass(frozen=True, slots=True)
class Near:
    """An entry that is nearly what was expected, and in what it differs."""

    entry: Entry
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """
    What came of it.

    Args:
        count: How many entries are as expected.
        nearest: If it failed, the nearest others; the newest of those that are as expected if these are too many.
    """

    verified: bool
    count: int
    nearest: tuple[Near, ...] = ()


def verify(entries: Sequence[Entry], expected: Expected, count: Count) -> Verification:
    """
    Count the entries that are as expected.

    Args:
        entries: Newest first.
    """
    compared = [(expected.differences(one), one) for one in entries]
    number = sum(not differences for differences, _ in compared)
    if count.holds(number):
        return Verification(verified=True, count=number)
    too_many = number >= count.least
    others = [pair for pair in compared if bool(pair[0]) is not too_many]
    others.sort(key=lambda pair: len(pair[0]))
    return Verification(
        verified=False,
        count=number,
        nearest=tuple(Near(one, tuple(differences)) for differences, one in others[:_NEAREST]),
    )


def _differs(what: str, wanted: object, found: object) -> str:
    return f"{what} is {_told(found)}" if wanted not in (None, "", found) else ""


def _people(wanted: str, found: Sequence[str]) -> str:
    return f"it concerns {', '.join(found) or 'nobody known'}, not {wanted}"


def _compare(wanted: Any, found: Any, place: str) -> list[str]:
    """Compare what is wanted with what readers see; what is not wanted may be there too."""
    if isinstance(wanted, Mapping):
        if not isinstance(found, Mapping):
            return [f"{place} is {_told(found)}, and no object"]
        return [
            difference
            for name, member in wanted.items()
            for difference in (
                _compare(member, found[name], f"{place}.{name}") if name in found else [f"{place}.{name} is missing"]
            )
        ]
    if wanted is ANYTHING or (wanted == found and isinstance(wanted, bool) is isinstance(found, bool)):
        return []
    masked = " here, because the journal masks it" if found == MASK else ""
    return [f"{place} is {_told(found)}{masked}"]


def _told(found: Any) -> str:
    """Write a value that readers see, in JSON."""
    text = json.dumps(found, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
