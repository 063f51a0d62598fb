"""What a deviation says: which rule of the vendor's the server does not keep, and how sure that rule is."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from watchword.contract.blame import find_blame
from watchword.contract.comparison import Difference
from watchword.contract.driver import Reply
from watchword.contract.evidence import GRADES, show_body
from watchword.contract.in_step import Deviation, Leader
from watchword.contract.one_cause import WORDS_ARE_STABLE, Cause, find_cause
from watchword.contract.scenario import Scenario
from watchword.contract.shown_names import in_parentheses, without_guesses
from watchword.contract.steps import Call, Step
from watchword.domain.rule import Grade

_FORM = "Answers have the form that the document describes."


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
        read_as: The same with the names that the answer does not show, as the comparison read it; empty without any.
        should: What it should have done.
        told: The same two as people read them: a name that only the document gives to an answer is in parentheses.
        bodies: Of the server's answer and of the right one, masked; None if they say nothing about it.
        steps: What was done, in words, up to the step that was answered otherwise.
        replay: The same as lines of a shell script.
        fingerprint: The same in every run, as long as the server deviates in the same way.
        is_form: Whether it is about the form of answers: then it has one fingerprint, wherever it is seen.
        is_titled: Whether *title* says what was found; otherwise *sentence* does.
        cause: What led to it; None if nothing else is told with it.
        scenarios: Those that have seen it, by their sentences.
        rules: Those that they blame.
        fingerprints: Its own, and those of others that it explains.
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
    read_as: str = ""
    told: tuple[str, str] = ("", "")
    bodies: tuple[Any, Any] | None = None
    is_form: bool = False
    is_titled: bool = False
    cause: Cause | None = None
    scenarios: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    accepted: str = ""
    is_passed: bool = False
    played: tuple[Step, ...] = ()
    over: str = ""
    contenders: int = 0
    answers: tuple[Reply, Reply] | None = field(default=None, repr=False)

    @property
    def headline(self) -> str:
        """Say in a sentence what was found: that of the scenario which shows it, or else of the rule."""
        return self.title if self.is_titled else self.sentence

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
        elif not self.is_passed:
            kind += ", which end there"
        return self.title if number <= 1 else f"Seen in {number} {kind}; shortest: {self.title}"

    def explains(self, other: "Finding") -> bool:
        """Whether *other* is the same difference in a longer sequence, of which nothing is surer."""
        if self.cause is None or other.cause is None or self.is_form or other.is_form or self.over != other.over:
            return False
        is_as_sure = GRADES.index(self.grade) <= GRADES.index(other.grade)
        if not is_as_sure or not self.cause.explains(other.cause, blame_the_same=self.rule == other.rule):
            return False
        return self.cause.course != other.cause.course or self._detours <= other._detours

    @property
    def _detours(self) -> tuple[bool, int]:
        """What makes a finding harder to read than another one with the same course."""
        return not self.is_titled, len(self.steps)

    def counting(self, other: "Finding") -> "Finding":
        """Count *other*, which is the same or which this explains, with this one: as surely as any of both."""
        return replace(
            self,
            grade=min(self.grade, other.grade, key=GRADES.index),
            scenarios=self.scenarios | other.scenarios,
            rules=self.rules | other.rules,
            fingerprints=self.fingerprints | other.fingerprints,
            is_passed=self.is_passed and other.is_passed,
        )

    def seen_again(self, other: "Finding") -> "Finding":
        """
        Tell the same difference once, with the shortest sequence.

        The form of answers is nobody's rule if several rules are blamed for it.
        """
        best, rest = sorted((self, other), key=lambda one: (one.accepted, len(one.steps)))
        seen = best.counting(rest)
        if not self.is_form or len(seen.rules) <= 1:
            return seen
        return replace(seen, rule=seen.place, sentence=_FORM, source="The document", is_titled=False)


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
    blame = find_blame(deviation, operation, step, oracle, scenario)
    fingerprint = fingerprint_of(oracle.system.name, *_marks(difference, operation, blame.shown))
    # Over another protocol a code is what its clients read, whatever stands in the answer.
    was = difference.was if phase == "wires" else _was(deviation, operation, oracle)
    return Finding(
        "walks" if scenario is None else phase,
        "A random walk." if scenario is None else scenario.sentence,
        operation,
        blame.id,
        blame.grade,
        blame.sentence,
        blame.source,
        difference.place,
        was,
        difference.should,
        tuple(one.says for one in steps[: deviation.step + 1]),
        tuple(replay),
        fingerprint,
        read_as="" if was == difference.was else difference.was,
        told=_told(deviation, was),
        bodies=_bodies(deviation, oracle, operation),
        is_form=difference.is_form,
        is_titled=blame.is_titled and phase != "wires",
        cause=None if phase == "races" else find_cause(deviation, operation, blame),
        scenarios=frozenset() if scenario is None else frozenset({scenario.sentence}),
        rules=frozenset({blame.id}),
        fingerprints=frozenset({fingerprint}),
        played=tuple(one for one, gained in zip(steps, deviation.gained, strict=False) if gained is not None),
        answers=deviation.answers,
    )


def _marks(difference: Difference, operation: str, shown: str) -> Sequence[str]:
    """List what is the same of a difference in every run, given what a sequence shows not to be kept."""
    if difference.is_form:
        # One status in the place of another, with the same codes, is the same for all of them.
        end = 1 if difference.place == "status" else None
        return difference.place, *(" ".join(one.split()[:end]) for one in (difference.was, difference.should))
    words = (difference.was, difference.should) if difference.place in WORDS_ARE_STABLE else ()
    return operation, shown, difference.place, *words


def _was(deviation: Deviation, operation: str, oracle: Leader) -> str:
    """Say what the server did, without names that its answer does not show."""
    difference = deviation.difference
    if deviation.answers is None or difference.place not in WORDS_ARE_STABLE:
        return difference.was
    return without_guesses(difference.was, deviation.answers[0], oracle.operations[operation], oracle)


def _told(deviation: Deviation, was: str) -> tuple[str, str]:
    """Say what was and what should be, with the names that stand in no answer in parentheses."""
    words = was, deviation.difference.should
    if deviation.answers is None or deviation.difference.place not in WORDS_ARE_STABLE:
        return words
    was, should = map(in_parentheses, words, deviation.answers)
    return was, should


def _bodies(deviation: Deviation, oracle: Leader, operation: str) -> tuple[Any, Any] | None:
    if deviation.answers is None or all(one.body is None for one in deviation.answers):
        return None
    was, should = (
        show_body(oracle.document, oracle.operations[operation], one.status, one.body) for one in deviation.answers
    )
    return was, should


def fingerprint_of(*marks: str) -> str:
    """Make the fingerprint of a finding, of what is the same about it in every run."""
    return blake2b("\0".join(marks).encode(), digest_size=6).hexdigest()


def _last_operation(steps: Sequence[Step]) -> str:
    return next((one.operation for one in reversed(steps) if isinstance(one, Call)), "")
