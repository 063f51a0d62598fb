"""In which words a difference in behaviour is told: what was, what should have been, and which rule says so."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from watchword.contract.accepted import Accepted
from watchword.contract.comparison import Difference
from watchword.contract.driver import Reply
from watchword.contract.finding import Finding, make_finding
from watchword.contract.in_step import Deviation
from watchword.contract.lane import SUCCESS
from watchword.contract.oracle import Decided, Oracle
from watchword.contract.steps import Call
from watchword.contract.values import at
from watchword.document import Operation
from watchword.domain.rule import Rule
from watchword.journal.masking import MASK
from watchword.journal.outcomes import name_outcome
from watchword.system import Answer, System

DecidedBy = Mapping[str, Mapping[str, Sequence[str]]]
"""Which rules give an answer, by operation and outcome (``409 PASSWORD_INCORRECT``)."""
_MOST_NAMED = 4
"""Rules besides the first one."""
_HUMP, _WORD = re.compile(r"(?<=[a-z])(?=[A-Z])"), re.compile(r"[a-z]+")
_TEXT = ("'", '"')
"""What the text of an answer begins with, in the words of a difference."""


class Departure(NamedTuple):
    """
    One difference in behaviour.

    Args:
        place: Where in the answer: ``status``, or the names that lead to a member or a header.
        message: Without a secret.
    """

    place: tuple[str, ...]
    message: str

    @property
    def pointer(self) -> str:
        """The place as a JSON pointer."""
        return "".join(f"/{one}" for one in self.place)


@dataclass(frozen=True)
class Answers:
    """
    The answers of both to one request.

    Args:
        decided: What decided in the stand-in.
    """

    operation: Operation
    mine: Reply
    theirs: Reply
    decided: Decided

    @property
    def mine_did(self) -> bool:
        """Whether the stand-in did what was asked."""
        return self.mine.status in SUCCESS

    @property
    def theirs_did(self) -> bool:
        """Whether the server did."""
        return self.theirs.status in SUCCESS


@dataclass(frozen=True)
class Teller:
    """
    Tells differences.

    Args:
        system: As the proxy reads its codes: in answers of any form.
        decided_by: Finds the rules by which a server may have refused what the stand-in does.
        accepted: What somebody lives with, until a day that is not before *today*.
    """

    oracle: Oracle
    system: System
    decided_by: DecidedBy
    accepted: Sequence[Accepted]
    today: date

    def departure(self, difference: Difference, answers: Answers) -> Departure | None:
        """Tell a difference; None if somebody lives with it."""
        deviation = Deviation(0, difference, answers.decided, (frozenset(),), (answers.theirs, answers.mine))
        finding = make_finding(deviation, [Call("", answers.operation.id)], self.oracle, replay=())
        if any(one.covers(finding, self.today) for one in self.accepted):
            return None
        was, should = _words(finding)
        return Departure(_place(finding.place), f"{was}, {should}: {self._because(finding, answers)}")

    def _because(self, finding: Finding, answers: Answers) -> str:
        if answers.mine_did and not answers.theirs_did and (held := self._would_refuse(answers)):
            return f"nothing is wrong {_by(held)}"
        if finding.rule == answers.operation.id:
            return _by(self._likely(finding.place, answers.decided)) or finding.sentence
        return f"{finding.sentence.removesuffix('.')} ({finding.rule}, {finding.grade.value}: {finding.source})"

    def _would_refuse(self, answers: Answers) -> Sequence[Rule]:
        """List the rules that refuse as the server did: those that held in the stand-in, the one asked last first."""
        status = answers.theirs.status
        answer = Answer(status, answers.theirs.body, answers.theirs.headers)
        name = name_outcome(answers.operation, self.system, answer)
        deciding = self.decided_by.get(answers.operation.id, {}).get(f"{status} {name}", ())
        ids = {one.removeprefix("rule ") for one in deciding}
        held = [one for one in dict.fromkeys(reversed(answers.decided.rules)) if one.id in ids]
        return held or [one for one in self.system.catalogue() if one.id in ids]

    def _likely(self, place: str, decided: Decided) -> Sequence[Rule]:
        """List the rules that may have decided what stands at a place, the likeliest first."""
        words = frozenset(_WORD.findall(_HUMP.sub(" ", place).lower()))
        named = [one for one in self.system.catalogue() if _words_of(one) <= words]
        said = (*decided.refusing[::-1], *decided.making[::-1])
        if place == "status":
            said = (*decided.making[::-1], *decided.refusing[::-1])
        alike = [one for one in (*said, *decided.rules) if words & _words_of(one)]
        return list(dict.fromkeys((*named, *alike, *said)))


def _words_of(rule: Rule) -> frozenset[str]:
    """List what the id of a rule says, without its system."""
    return frozenset(_WORD.findall(rule.id.partition(".")[2]))


def _by(rules: Sequence[Rule]) -> str:
    """Name rules, and say what the first of them says; empty for none."""
    if not rules:
        return ""
    first, *others = rules
    told = f"by {first.id}: {first.sentence.removesuffix('.')} ({first.grade.value}: {first.source})"
    return f"{told}; also by {', '.join(one.id for one in others[:_MOST_NAMED])}" if others else told


def _words(finding: Finding) -> tuple[str, str]:
    """Say what was and what should have been, without a text that the document does not show."""
    was, should = finding.words
    if finding.place.startswith("body"):
        shown = finding.bodies or (None, None)
        was, should = (_shown(one, body, finding.place) for one, body in zip((was, should), shown, strict=True))
    return f"was {was}", f"should be {should}"


def _shown(told: str, body: object, place: str) -> str:
    if not told.startswith(_TEXT):
        return told
    try:
        return repr(at(body, place.removeprefix("body")))
    except (LookupError, TypeError, ValueError):
        return MASK


def _place(place: str) -> tuple[str, ...]:
    """Give the names that lead to a place of a difference."""
    kind, _, name = place.partition(" ")
    return (kind, name) if name else tuple(kind.split("/"))
