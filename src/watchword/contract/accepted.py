"""Differences that somebody lives with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

import orjson

from watchword.contract.finding import Finding
from watchword.contract.missing_operations import PLACE, write_lacks
from watchword.contract.one_cause import WORDS_ARE_STABLE

MARKS = ("fingerprint", "rule", "operation", "place", "was", "should")
"""What can be said of a difference, in the words of a report."""
_ALONE = ("fingerprint", "rule", "place", "was", "should")
"""One of these has to be said."""


class UnusableEntry(Exception):
    """An entry cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class Accepted:
    """
    A difference that somebody lives with.

    Args:
        marks: What a finding is like that it covers, by the names in `MARKS`; ``*`` stands for anything.
        until: The last day; None for good.
        goes_on: Whether what comes after it in the same sequence is compared.
    """

    marks: Mapping[str, str]
    reason: str
    until: date | None = None
    goes_on: bool = True

    def covers(self, finding: Finding, today: date) -> bool:
        """Whether it is this difference, and the day has not passed."""
        if self.until is not None and today > self.until:
            return False
        marks = dict(self.marks)
        if finding.place == "code" and {"was", "should"} <= marks.keys() and marks.get("place", "").startswith("/"):
            del marks["place"]  # where the code stands: which code it is, the others say
        return all(_is_like(mark, text, finding) for mark, text in marks.items())


def read_accepted(place: str, one: object) -> Accepted:
    """
    Read an entry of a bindings file.

    Args:
        place: Of the entry, for messages.

    Raises:
        UnusableEntry: It cannot be used.
    """
    if not isinstance(one, Mapping) or not one.get("reason") or not any(name in one for name in _ALONE):
        raise UnusableEntry(f"{place} needs a reason, and one at least of {', '.join(_ALONE)}")
    for name, value in one.items():
        if name not in (*MARKS, "reason", "until"):
            raise UnusableEntry(f"{place}.{name} is not known; there are: {', '.join((*MARKS, 'reason', 'until'))}")
        if name != "until" and not (isinstance(value, str) and value):
            raise UnusableEntry(f"{place}.{name} has to be a text: write it in quotes")
    until = one.get("until")
    if until is not None and type(until) is not date:
        raise UnusableEntry(f"{place}.until has to be a date, as in 2027-01-31 without quotes")
    return Accepted({name: one[name] for name in MARKS if name in one}, one["reason"], until)


def write_accepted(finding: Finding) -> Sequence[str]:
    """Write the lines of a bindings file that accept a finding, wherever its form or its cause shows."""
    if finding.place == PLACE:
        return write_lacks(finding)
    marks = {"fingerprint": finding.fingerprint}
    if len(finding.fingerprints) > 1 and len(finding.rules) == 1:
        marks = {"rule": finding.rule, "operation": finding.operation, "place": finding.place}
        if finding.place in WORDS_ARE_STABLE:
            marks |= {"was": finding.was, "should": finding.should}
    if finding.is_form and finding.phase != "document":  # whose words depend on the status
        marks = {"place": finding.place}
        if {finding.was, finding.should} != {"there", "not there"}:
            marks |= {"was": finding.was, "should": finding.should}
        if finding.place == "status":
            marks |= {"was": finding.was.split()[0], "should": finding.should.split()[0]}
    said = (f"{name} = {orjson.dumps(text).decode()}" for name, text in marks.items())
    return ["[[accepted]]", *said, 'reason = "…"']


def _is_like(mark: str, text: str, finding: Finding) -> bool:
    said = str(getattr(finding, mark))
    match mark:
        case "place":
            return _is(said, f"body{text}" if text.startswith("/") else text)
        case "operation":
            return _is(said, text) or _is(said.partition(".")[2], text)
        case "was" | "should":
            # "409 A_CODE" or "A_CODE", and 'a text' or a text
            ways = [said, said.partition(" ")[2], said.strip("'")]
            if mark == "was" and finding.read_as:  # entries that an earlier version wrote have that name
                ways += [finding.read_as, finding.read_as.partition(" ")[2]]
            if finding.is_form and finding.place == "status":
                ways.append(said.split(maxsplit=1)[0])
            return any(_is(one, text) for one in ways)
        case _:
            return _is(said, text)


def _is(said: str, wanted: str) -> bool:
    return said == wanted or fnmatchcase(said, wanted)
