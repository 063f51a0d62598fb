"""What a deviation says: which rule of the vendor's the server does not keep, and how sure that rule is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from watchword.contract.comparison import Difference
from watchword.contract.driver import Reply
from watchword.contract.evidence import grade_of_code, grade_of_status, show_body
from watchword.contract.in_step import Deviation, Leader
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, LookAtMails, Step
from watchword.domain.order import Step as OrderStep
from watchword.domain.rule import Grade, Rule
from watchword.system import System

_WORDS_ARE_STABLE = ("status", "code")
"""Places at which the words of a difference are the same in every run; elsewhere they may hold moments and counts."""
_FORM = "Answers have the form that the document describes."
GRADES = (Grade.DOCUMENTED, Grade.VERIFIED, Grade.OBSERVED, Grade.ASSUMED)
"""The surest first."""


@dataclass(frozen=True)
class Finding:
    """
    A rule that a server does not keep.

    Args:
        title: What was played: the sentence of a scenario, or a walk.
        operation: The id of the operation that was answered otherwise.
        rule: The id of the rule; or the place in the document.
        grade: How sure the rule is.
        place: Where in the answer it shows.
        was: What the server did, in words that are the same in every run.
        should: What it should have done.
        told: The same two as people read them: a name that only the document gives to an answer is in parentheses.
        bodies: Of the server's answer and of the right one, masked; None if they say nothing about it.
        steps: What was done, in words, up to the step that was answered otherwise.
        replay: The same as lines of a shell script.
        fingerprint: The same in every run, as long as the server deviates in the same way.
        is_form: Whether it is about the form of answers: then it has one fingerprint, wherever it is seen.
        scenarios: Those that have seen it, by their sentences.
        rules: Those that they blame.
        accepted: Why somebody lives with it; empty if nobody does.
        is_passed: Whether what came after it was compared, too.
        played: The steps themselves, but for those that were not sent.
        over: The protocol that it shows over, if that is not the document's.
        contenders: How many of the last of them are done at once.
        answers: Of the server and of the stand-in; None if the difference is in no answer.
    """

    phase: str
    title: str
    operation: str
    rule: str
    grade: Grade
    sentence: str
    source: str
    place: str
    was: str
    should: str
    steps: tuple[str, ...]
    replay: tuple[str, ...]
    fingerprint: str
    told: tuple[str, str] = ("", "")
    bodies: tuple[Any, Any] | None = None
    is_form: bool = False
    scenarios: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    accepted: str = ""
    is_passed: bool = False
    played: tuple[Step, ...] = ()
    over: str = ""
    contenders: int = 0
    answers: tuple[Reply, Reply] | None = field(default=None, repr=False)

    @property
    def headline(self) -> str:
        """Say in a sentence what was found: that of the scenario which shows it, or else of the rule."""
        if self.phase in ("rules", "races") and len(self.rules) <= 1:
            return self.title
        return self.sentence

    @property
    def words(self) -> tuple[str, str]:
        """What was and what should be, as people read it."""
        return self.told[0] or self.was, self.told[1] or self.should

    @property
    def contrast(self) -> str:
        """Say what was, and what should be."""
        was, should = self.words
        return f"was {was}, should be {should}"

    @property
    def seen(self) -> str:
        """Where it was seen."""
        number, kind = len(self.scenarios), "scenarios"
        if self.phase == "document":
            number, kind = len(self.rules), "operations"
        return self.title if number <= 1 else f"Seen in {number} {kind}; shortest: {self.title}"

    def seen_again(self, other: "Finding") -> "Finding":
        """
        Tell the same difference once, with the shortest sequence, and as surely as any of those who saw it.

        The form of answers is nobody's rule if several rules are blamed for it.
        """
        best = min((self, other), key=lambda one: (one.accepted, len(one.steps)))
        rules = self.rules | other.rules
        seen = replace(
            best,
            grade=min(self.grade, other.grade, key=GRADES.index),
            scenarios=self.scenarios | other.scenarios,
            rules=rules,
            is_passed=self.is_passed and other.is_passed,
        )
        if len(rules) <= 1:
            return seen
        return replace(seen, rule=seen.place, sentence=_FORM, source="The document")


def make_finding(
    deviation: Deviation,
    steps: Sequence[Step],
    oracle: Leader,
    *,
    replay: Sequence[str],
    scenario: Scenario | None = None,
    phase: str = "rules",
) -> Finding:
    """Say what a deviation means; *scenario* is None for a walk."""
    difference, step = deviation.difference, steps[deviation.step]
    operation = step.operation if isinstance(step, Call) else _last_operation(steps[: deviation.step])
    rule = _blamed(deviation, oracle, step, scenario)
    if rule is not None:
        identifier, grade, sentence, source = rule.id, rule.grade, rule.sentence, rule.source
        place = _place_in_order(oracle.system, operation, rule)
        if place is not None and _refused_otherwise(deviation) and GRADES.index(place.grade) > GRADES.index(grade):
            grade, source = place.grade, f"The order of the checks: {place.source}"
    else:
        identifier = deviation.decided.id or operation
        grade = Grade.OBSERVED if difference.place.startswith("body") else Grade.DOCUMENTED
        described = f"{oracle.operations[operation].method} {oracle.operations[operation].path}"
        sentence = f"{described} is answered as the document says." if scenario is None else scenario.sentence
        source = "The document"
    grade = max(grade, _documented(difference, oracle, operation), key=GRADES.index)
    words = (difference.was, difference.should) if difference.place in _WORDS_ARE_STABLE else ()
    marks = (operation, identifier, difference.place, *words)
    if difference.is_form:
        # One status in the place of another, with the same codes, is the same for all of them.
        end = 1 if difference.place == "status" else None
        marks = (difference.place, *(" ".join(one.split()[:end]) for one in (difference.was, difference.should)))
    return Finding(
        "walks" if scenario is None else phase,
        "A random walk." if scenario is None else scenario.sentence,
        operation,
        identifier,
        grade,
        sentence,
        source,
        difference.place,
        difference.was,
        difference.should,
        tuple(one.says for one in steps[: deviation.step + 1]),
        tuple(replay),
        fingerprint_of(oracle.system.name, *marks),
        told=_told(deviation),
        bodies=_bodies(deviation, oracle, operation),
        is_form=difference.is_form,
        scenarios=frozenset() if scenario is None else frozenset({scenario.sentence}),
        rules=frozenset({identifier}),
        played=tuple(one for one, gained in zip(steps, deviation.gained, strict=False) if gained is not None),
        answers=deviation.answers,
    )


def _told(deviation: Deviation) -> tuple[str, str]:
    """Say what was and what should be, with the names that stand in no answer in parentheses."""
    words = deviation.difference.was, deviation.difference.should
    if deviation.answers is None or deviation.difference.place not in _WORDS_ARE_STABLE:
        return words
    was, should = (_as_it_stands(*one) for one in zip(words, deviation.answers, strict=True))
    return was, should


def _as_it_stands(words: str, answer: Reply) -> str:
    status, *codes = words.split()
    if not codes or codes[0] == "without":
        return words
    content = answer.content.decode(errors="replace")
    return " ".join([status, *(code if code in content else f"({code})" for code in codes)])


def _bodies(deviation: Deviation, oracle: Leader, operation: str) -> tuple[Any, Any] | None:
    if deviation.answers is None or all(one.body is None for one in deviation.answers):
        return None
    was, should = (
        show_body(oracle.document, oracle.operations[operation], one.status, one.body) for one in deviation.answers
    )
    return was, should


def _documented(difference: Difference, oracle: Leader, operation: str) -> Grade:
    """How sure the document is of the status or the code that should have come."""
    status, *codes = difference.should.split()
    about = oracle.document, oracle.operations[operation], int(status) if status.isdigit() else 0
    match difference.place:
        case "status":
            return grade_of_status(*about)
        case "code":
            return max((grade_of_code(*about, code) for code in codes), key=GRADES.index, default=Grade.DOCUMENTED)
        case _:
            return Grade.DOCUMENTED


def fingerprint_of(*marks: str) -> str:
    """Make the fingerprint of a finding, of what is the same about it in every run."""
    return blake2b("\0".join(marks).encode(), digest_size=6).hexdigest()


def _blamed(deviation: Deviation, oracle: Leader, step: Step, scenario: Scenario | None) -> Rule | None:
    """
    Find the rule that a server does not keep.

    It is what decided in the stand-in; but a scenario says better what its own last step shows.
    """
    decided = deviation.decided.rule
    catalogue = {one.id: one for one in oracle.system.catalogue()}
    about = () if scenario is None else (*scenario.proves, *scenario.shows)
    own = [catalogue[one] for one in about if one in catalogue]
    if decided is not None and (decided in own or not own or not _is_point(deviation, scenario)):
        return decided
    if own and (_is_point(deviation, scenario) or _is_stated(step)):
        return own[0]
    return _made_by(deviation, oracle)


def _is_point(deviation: Deviation, scenario: Scenario | None) -> bool:
    """Whether a scenario was told for what differs: its last step, or its mails."""
    return scenario is not None and (deviation.step == len(scenario.steps) - 1 or deviation.difference.place == "mails")


def _is_stated(step: Step) -> bool:
    return isinstance(step, LookAtMails) or (
        isinstance(step, Call) and step.expected is not None and step.expected.is_stated
    )


def _made_by(deviation: Deviation, oracle: Leader) -> Rule | None:
    """Find the rule that makes a mail or a value, among those that were asked."""
    wanted = oracle.subject.made_by.get(deviation.difference.place, ())
    return next((one for one in deviation.decided.rules if set(one.id.split(".")) & set(wanted)), None)


def _refused_otherwise(deviation: Deviation) -> bool:
    """Whether both refused, for different reasons: then it is about the order."""
    difference = deviation.difference
    return difference.place in ("status", "code") and difference.was[:1] == difference.should[:1] == "4"


def _place_in_order(system: System, operation: str, rule: Rule) -> OrderStep | None:
    """Find where a rule is asked, and how sure that is; None if its operation has no order of checks."""
    name = operation.partition(".")[2]
    steps = [step for order in system.orders if order.operation == name for step in order.steps]
    return next((step for step in steps if step.rule == rule.id), None)


def _last_operation(steps: Sequence[Step]) -> str:
    return next((one.operation for one in reversed(steps) if isinstance(one, Call)), "")
