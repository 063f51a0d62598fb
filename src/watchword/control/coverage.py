"""Coverage: which documented answers and which rules the requests so far have reached, and what they rest on."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from watchword.control.errors import JournalOff, NoSuchOperation
from watchword.document import Operation
from watchword.document.outcomes import NamedOutcome, named_outcomes
from watchword.domain.rule import Grade, Rule
from watchword.edge.served_api import ServedApi
from watchword.journal.coverage import Coverage, Heard, Reached, Tally, merge
from watchword.journal.entry import Said
from watchword.journal.findings import Finding

_WEAKEST_FIRST = (Grade.ASSUMED, Grade.OBSERVED, Grade.VERIFIED, Grade.DOCUMENTED)


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
        return next((grade for grade in _WEAKEST_FIRST if self.rests_on.get(grade)), None)


@dataclass(frozen=True)
class CoverageReport:
    """
    What was reached.

    Args:
        requests: How many requests were counted.
        uncounted: How many more there were that the journal forgot before anybody asked.
        operations: Those that were asked for, in the document's order.
        rules: Those that decide these operations, by id.
        sandboxes: Oldest first.
        findings: Each with how often it was made.
        more_findings: How many others were made that are not told apart.
    """

    requests: int
    uncounted: int
    operations: tuple[OperationCoverage, ...]
    rules: tuple[RuleCount, ...]
    sandboxes: tuple[SandboxCoverage, ...]
    findings: tuple[tuple[Finding, int], ...]
    more_findings: int

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
        return {grade: sum(one.weakest is grade for one in self.sandboxes) for grade in reversed(_WEAKEST_FIRST)}


def share_of(outcomes: Iterable[OutcomeCount]) -> Share:
    """Find how many of *outcomes* were reached."""
    wanted = [one for one in outcomes if one.wanted]
    return Share(sum(bool(one.count) for one in wanted), len(wanted))


@dataclass(frozen=True)
class CoverageReader:
    """
    Reads what the requests of a server have reached.

    Args:
        coverage: None if there is no journal.
    """

    coverage: Coverage | None
    imitated: ServedApi

    async def report(self, *, sandbox: str = "", operations: Sequence[str] = ()) -> CoverageReport:
        """
        Report what was reached.

        Args:
            sandbox: Only by requests of this sandbox, or of those that fit a pattern with stars; empty for all.
            operations: Ids, or patterns with stars (``weavr_multi.*``); none for all.

        Raises:
            JournalOff: There is no journal.
            NoSuchOperation: No operation fits one of *operations*.
        """
        coverage = self._held
        wanted = _matching(self.imitated.document.operations, operations)
        await coverage.count()
        named = {name: one for name, one in coverage.by_sandbox.items() if not sandbox or fnmatchcase(name, sandbox)}
        tally = merge(named.values()) if sandbox else coverage.total
        ids = {one.id for one in wanted}
        findings = [(one, count) for one, count in tally.findings.items() if one.operation in ids or not one.operation]
        return CoverageReport(
            tally.requests,
            coverage.uncounted,
            tuple(self._operation(one, tally) for one in wanted),
            tuple(self._rule(rule, tally, ids & deciding) for rule, deciding in self._rules if ids & deciding),
            tuple(_sandbox(name, one, self._grades) for name, one in named.items()),
            tuple(findings),
            tally.more_findings,
        )

    async def findings(self, sandbox: str | None) -> Tally:
        """
        Find what a gate may forbid in the requests so far.

        Args:
            sandbox: The name of a sandbox; empty for requests that belong to none; None for all.

        Raises:
            JournalOff: There is no journal.
        """
        coverage = self._held
        await coverage.count()
        return coverage.total if sandbox is None else coverage.by_sandbox.get(sandbox, Tally())

    def clear(self) -> None:
        """
        Start afresh; what the journal holds stays there and never counts.

        Raises:
            JournalOff: There is no journal.
        """
        self._held.clear()

    @property
    def _held(self) -> Coverage:
        if self.coverage is None:
            raise JournalOff
        return self.coverage

    def _operation(self, operation: Operation, tally: Tally) -> OperationCoverage:
        declared = self._declared[operation.id]
        known = {(one.status, one.name) for one in declared}
        counted = [
            OutcomeCount(one.status, one.name, tally.outcomes[reached], one.unreachable)
            for one in declared
            for reached in (Reached(operation.id, one.status, one.name),)
        ]
        others = sorted(
            (one.status, one.name, count)
            for one, count in tally.outcomes.items()
            if one.operation == operation.id and (one.status, one.name) not in known
        )
        counted += [OutcomeCount(status, name, count, declared=False) for status, name, count in others]
        own = tuple(self._rule(rule, tally, {operation.id}) for rule, ids in self._rules if operation.id in ids)
        return OperationCoverage(operation, tuple(counted), own)

    def _rule(self, rule: Rule, tally: Tally, operations: Iterable[str]) -> RuleCount:
        held, refused, changed = (
            sum(tally.rules[Heard(one, rule.id, said)] for one in operations)
            for said in (Said.HELD, Said.REFUSED, Said.CHANGED)
        )
        return RuleCount(rule, held, refused, changed, rule.id in self._refusing)

    @cached_property
    def _rules(self) -> Sequence[tuple[Rule, frozenset[str]]]:
        """Every rule, by id, with the operations that it decides."""
        return [(rule, frozenset(operations)) for rule, operations in self.imitated.rules()]

    @cached_property
    def _grades(self) -> Mapping[str, Grade]:
        return {rule.id: rule.grade for rule, _ in self._rules}

    @cached_property
    def _declared(self) -> Mapping[str, Sequence[NamedOutcome]]:
        """The outcomes that the document names, by operation."""
        document = self.imitated.document
        return {name: tuple(named_outcomes(document, one)) for name, one in document.operations.items()}

    @cached_property
    def _refusing(self) -> frozenset[str]:
        """The rules that can refuse a request: those that have a place in an order of checks."""
        orders = (order for system in self.imitated.systems.values() for order in system.orders)
        return frozenset(step.rule for order in orders for step in order.steps)


def _matching(known: Mapping[str, Operation], patterns: Sequence[str]) -> list[Operation]:
    for pattern in patterns:
        if not any(fnmatchcase(one, pattern) for one in known):
            raise NoSuchOperation
    return [one for one in known.values() if not patterns or any(fnmatchcase(one.id, each) for each in patterns)]


def _sandbox(name: str, tally: Tally, grades: Mapping[str, Grade]) -> SandboxCoverage:
    rests_on = {
        grade: found
        for grade in _WEAKEST_FIRST
        if (found := tuple(sorted(one for one in tally.deciding if grades[one] is grade)))
    }
    reached = sum(bool(one.name) for one in tally.outcomes)
    return SandboxCoverage(name, tally.requests, reached, rests_on, tally.findings.total() + tally.more_findings)
