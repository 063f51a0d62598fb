"""What was reached, as values: of operations, rules and sandboxes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from watchword.document import Operation
from watchword.domain.rule import Grade, Rule
from watchword.journal.findings import Finding

WEAKEST_FIRST = (Grade.ASSUMED, Grade.OBSERVED, Grade.VERIFIED, Grade.DOCUMENTED)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    reached: int
    of: int

    @property
    def percent(self) -> float:
        """Rounded down to a tenth, so that 100 means all; 100 of nothing, too."""
        return self.reached * 1000 // self.of / 10 if self.of else 100.0


@dataclass(frozen=True, slots=True)
class OutcomeCount:
    """
    How often an operation gave an answer.

    Args:
        name: Of the example in the document; empty for an answer that it does not declare.
        unreachable: Why it cannot happen; empty if it can.
        declared: Whether the document declares this status by itself, and not only a range or ``default``.
    """

    status: int
    name: str
    count: int
    unreachable: str = ""
    declared: bool = True

    @property
    def wanted(self) -> bool:
        """Whether it is among those that should be reached: the document names it, and it can happen."""
        return self.declared and not (self.unreachable and not self.count)


@dataclass(frozen=True, slots=True)
class RuleCount:
    """
    How many requests a rule told what.

    Args:
        can_refuse: Whether it can refuse a request at all; others can only be asked.
    """

    rule: Rule
    held: int
    refused: int
    changed: int
    can_refuse: bool

    @property
    def asked(self) -> bool:
        """Whether it was asked at all."""
        return bool(self.held or self.refused or self.changed)

    @property
    def both_ways(self) -> bool:
        """Whether it was asked in every way: one that can refuse has let a request pass, and refused one."""
        return self.asked and (not self.can_refuse or bool(self.refused and (self.held or self.changed)))


@dataclass(frozen=True, slots=True)
class OperationCoverage:
    """How far an operation is covered."""

    operation: Operation
    outcomes: tuple[OutcomeCount, ...]
    rules: tuple[RuleCount, ...]

    @property
    def requests(self) -> int:
        """How many requests reached it."""
        return sum(one.count for one in self.outcomes)

    @property
    def share(self) -> Share:
        """Of its documented answers."""
        return share_of(self.outcomes)


@dataclass(frozen=True, slots=True)
class SandboxCoverage:
    """
    What the requests of one sandbox have reached.

    Args:
        name: Empty for requests that belong to none.
        outcomes: How many documented answers.
        rests_on: The ids of the rules that decided an answer, by their grade.
        findings: How many things were found.
    """

    name: str
    requests: int
    outcomes: int
    rests_on: Mapping[Grade, tuple[str, ...]]
    findings: int

    @property
    def weakest(self) -> Grade | None:
        """The grade of the least sure rule that decided one of its answers; None if no rule did."""
        return next((grade for grade in WEAKEST_FIRST if self.rests_on.get(grade)), None)


@dataclass(frozen=True)
class CoverageReport:
    """
    What was reached.

    Args:
        requests: How many requests were counted.
        uncounted: How many more there were that the journal forgot before anybody asked.
        operations: Those that count, in the document's order.
        rules: Those that decide these operations, by id.
        sandboxes: Oldest first.
        findings: Each with how often it was made.
        more_findings: How many others were made that are not told apart.
        left_out: Systems that do not count, because nothing of them was called, and nobody asked for them.
    """

    requests: int
    uncounted: int
    operations: tuple[OperationCoverage, ...]
    rules: tuple[RuleCount, ...]
    sandboxes: tuple[SandboxCoverage, ...]
    findings: tuple[tuple[Finding, int], ...]
    more_findings: int
    left_out: tuple[str, ...] = ()

    @property
    def outcomes(self) -> Share:
        """Of the documented answers."""
        return share_of(outcome for one in self.operations for outcome in one.outcomes)

    @property
    def called(self) -> Share:
        """Of the operations."""
        return Share(sum(bool(one.requests) for one in self.operations), len(self.operations))

    @property
    def both_ways(self) -> Share:
        """Of the rules: those that were asked in every way."""
        return Share(sum(one.both_ways for one in self.rules), len(self.rules))

    @property
    def systems(self) -> Mapping[str, Share]:
        """The share of the documented answers, by system."""
        found: dict[str, list[OutcomeCount]] = defaultdict(list)
        for one in self.operations:
            found[one.operation.system] += one.outcomes
        return {name: share_of(outcomes) for name, outcomes in found.items()}

    @property
    def evidence(self) -> Mapping[Grade, int]:
        """How many sandboxes rest on rules of a grade, each counted with its least sure one."""
        return {grade: sum(one.weakest is grade for one in self.sandboxes) for grade in reversed(WEAKEST_FIRST)}


def share_of(outcomes: Iterable[OutcomeCount]) -> Share:
    """Find how many of *outcomes* were reached."""
    wanted = [one for one in outcomes if one.wanted]
    return Share(sum(bool(one.count) for one in wanted), len(wanted))
