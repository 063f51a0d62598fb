"""Finding entries: by operation, status, code, person, rule, path, moment."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchword.journal.entry import Entry

_CLASS = re.compile(r"[1-5]xx\Z", re.IGNORECASE)
STATUS = re.compile(r"(?:[1-5](?:\d\d|[xX]{2})|0)\Z")
"""How a status is written: ``409``, ``4xx``; 0 stands for no answer."""


@dataclass(frozen=True, slots=True)
class Filter:
    """
    What entries are wanted; empty or None for everything.

    Args:
        operation: An operation's id; with a star at its end all that begin so.
        status: As `STATUS` matches it.
        code: One of the vendor's codes.
        rule: The id of a rule that was asked.
        person: The name of somebody whom it concerns.
        path: A part of the path.
        words: In lower case; each stands in the method, path, operation, status, code or one of the people.
        since: Received at this moment or later.
        after: The number of an entry; only those that came after it.
        unmatched: Only those without an operation (True), or only those with one (False).
        violations: Only those with violations of the document (True), or only those without any (False).
    """

    operation: str = ""
    system: str = ""
    status: str = ""
    code: str = ""
    outcome: str = ""
    rule: str = ""
    person: str = ""
    path: str = ""
    words: tuple[str, ...] = ()
    since: datetime | None = None
    after: int | None = None
    unmatched: bool | None = None
    violations: bool | None = None

    def matches(self, entry: Entry) -> bool:
        """Whether *entry*, whose number is already looked at, is wanted."""
        return (
            _is_operation(self.operation, entry.operation)
            and self.system in ("", entry.system)
            and has_status(self.status, entry.response.status)
            and (not self.code or self.code in entry.code.split(","))
            and self.outcome in ("", entry.outcome)
            and (not self.rule or any(one.rule.id == self.rule for one in entry.rules))
            and (not self.person or self.person in entry.people)
            and self.path in entry.request.path
            and (not self.words or _has_words(self.words, entry))
            and (self.since is None or entry.received_at >= self.since)
            and self.unmatched in (None, entry.unmatched)
            and self.violations in (None, bool(entry.violations))
        )


def _is_operation(wanted: str, operation: str) -> bool:
    if wanted.endswith("*"):
        return operation.startswith(wanted[:-1])
    return wanted in ("", operation)


def _has_words(words: Sequence[str], entry: Entry) -> bool:
    request, status = entry.request, str(entry.response.status)
    parts = (request.method, request.path, entry.operation, status, f"{status[0]}xx", entry.code, *entry.people)
    text = " ".join(parts).lower()
    return all(one in text for one in words)


def has_status(wanted: str, status: int) -> bool:
    """Whether *status* is the one that is *wanted*, or of that class; empty for any."""
    if _CLASS.match(wanted):
        return str(status)[:1] == wanted[0]
    return wanted in ("", str(status))
