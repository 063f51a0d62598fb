"""Coverage: which documented answers and which rules the requests so far have reached, and what they rest on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from watchword.control.coverage_report import (
    WEAKEST_FIRST,
    CoverageReport,
    OperationCoverage,
    OutcomeCount,
    RuleCount,
    SandboxCoverage,
)
from watchword.control.errors import JournalOff, NoSuchOperation
from watchword.document import Operation
from watchword.document.outcomes import NamedOutcome, named_outcomes
from watchword.domain.rule import Grade, Rule
from watchword.edge.served_api import ServedApi
from watchword.journal.coverage import Coverage, Heard, Reached, Tally, merge
from watchword.journal.entry import Said


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
        Report what was reached, of the document of a proposal if no other answered these requests, or else of today's.

        Before the first request it is the document of the proposal that the *sandbox* has chosen, or else the first one
        that has the *operations*: they may be those of a proposal.

        Args:
            sandbox: Only by requests of this sandbox, or of those that fit a pattern with stars; empty for all.
            operations: Ids, or patterns with stars (``weavr_multi.*``); none for those of the systems that were called,
                or for all if nothing was.

        Raises:
            JournalOff: There is no journal.
            NoSuchOperation: No operation fits one of *operations*.
        """
        coverage = self._held
        await coverage.count()
        named = {name: one for name, one in coverage.by_sandbox.items() if not sandbox or fnmatchcase(name, sandbox)}
        tally = merge(named.values()) if sandbox else coverage.total
        return self._by_document(tally, sandbox, operations)._report(coverage, tally, named, operations)

    def _by_document(self, tally: Tally, sandbox: str, operations: Sequence[str]) -> "CoverageReader":
        """Give the reader that measures by the document that answered all requests, or else by today's."""
        answered_by = tuple(tally.answered_by)
        if not answered_by:
            described = self.imitated.sandboxes.get(sandbox)
            if described is not None and described.proposal:
                return self._by_proposal[described.proposal]
            return next((one for one in (self, *self._by_proposal.values()) if one._has(operations)), self)
        return self._by_proposal.get(answered_by[0], self) if len(answered_by) == 1 else self

    def _has(self, operations: Sequence[str]) -> bool:
        return not _unfitting(self.imitated.document.operations, operations)

    @cached_property
    def _by_proposal(self) -> Mapping[str, "CoverageReader"]:
        return {name: CoverageReader(self.coverage, api) for name, api in self.imitated.proposals.items()}

    def _report(
        self, coverage: Coverage, tally: Tally, named: Mapping[str, Tally], operations: Sequence[str]
    ) -> CoverageReport:
        wanted = _matching(self.imitated.document.operations, operations)
        left_out = () if operations else _uncalled_systems(wanted, tally)
        wanted = [one for one in wanted if one.system not in left_out]
        ids = {one.id for one in wanted}
        if operations:
            tally, near = tally.within(ids), {name: one.within(ids) for name, one in named.items()}
            named = {name: one for name, one in near.items() if one.requests or one.findings}
        return CoverageReport(
            tally.requests.total(),
            coverage.uncounted,
            tuple(self._operation(one, tally) for one in wanted),
            tuple(self._rule(rule, tally, ids & deciding) for rule, deciding in self._rules if ids & deciding),
            tuple(_sandbox(name, one, self._grades) for name, one in named.items()),
            tuple(tally.findings.items()),
            tally.more_findings.total(),
            left_out,
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
    if unfitting := _unfitting(known, patterns):
        raise NoSuchOperation(unfitting[0], known)
    return [one for one in known.values() if not patterns or any(fnmatchcase(one.id, each) for each in patterns)]


def _unfitting(known: Iterable[str], patterns: Sequence[str]) -> list[str]:
    return [pattern for pattern in patterns if not any(fnmatchcase(one, pattern) for one in known)]


def _uncalled_systems(operations: Sequence[Operation], tally: Tally) -> tuple[str, ...]:
    """Find the systems of which nothing was called; none if nothing was called at all."""
    called = {one.system for one in operations if tally.requests[one.id]}
    return tuple(sorted({one.system for one in operations} - called)) if called else ()


def _sandbox(name: str, tally: Tally, grades: Mapping[str, Grade]) -> SandboxCoverage:
    deciding = {one.rule for one in tally.deciding}
    rests_on = {
        grade: found
        for grade in WEAKEST_FIRST
        if (found := tuple(sorted(one for one in deciding if grades[one] is grade)))
    }
    reached = sum(bool(one.name) for one in tally.outcomes)
    findings = tally.findings.total() + tally.more_findings.total()
    return SandboxCoverage(name, tally.requests.total(), reached, rests_on, findings)
