"""Operations that a server does not have: each is told once, and not as the rules that its scenarios show."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watchword.contract.finding import Finding, fingerprint_of
from watchword.contract.obstacles import no_operation
from watchword.document import Operation
from watchword.domain.rule import Grade
from watchword.journal.outcomes import declares_status

PLACE = "operation"
"""Where a finding says that it shows."""
_NOT_THERE = (404, 405, 501)
"""What servers answer to a path or a method that they do not have."""
_LEAST_RIGHT_ANSWERS = 2
"""With a single one, it may be a wrong refusal."""


@dataclass(frozen=True)
class Told:
    """One finding in the place of others; *reason* says why their scenarios could not be played to the end."""

    finding: Finding
    instead_of: Sequence[Finding]
    reason: str


class MissingOperations:
    """
    What the answers so far say of operations that a server might not have.

    A single 404 can be a refusal, so findings are held back until the operation answers anything else, or until the
    end: then all that it has answered is known.
    """

    def __init__(self) -> None:
        self._answering: set[str] = set()
        self._held: dict[str, list[Finding]] = defaultdict(list)
        self._missing: set[str] = set()

    def note(self, operation: str, status: int) -> Sequence[Finding]:
        """Note an answer of an operation; gives the findings that were held back although it is there."""
        if status in _NOT_THERE:
            return ()
        self._answering.add(operation)
        return self._held.pop(operation, ())

    def holds_back(self, finding: Finding) -> bool:
        """Hold a finding back if its operation may be missing; False if it has to be told now."""
        status = finding.answers[0].status if finding.answers else 0
        if status not in _NOT_THERE or finding.operation in self._answering:
            return False
        self._held[finding.operation].append(finding)
        return True

    def settle(self, system: str, operations: Mapping[str, Operation]) -> Iterator[Finding | Told]:
        """Give what was held back: one finding for each operation that is missing, and all others as they are."""
        held, self._held = self._held, defaultdict(list)
        for identifier, findings in held.items():
            if not _is_missing(findings, operations[identifier]):
                yield from findings
                continue
            self._missing.add(identifier)
            told = _as_missing(findings, system, operations[identifier])
            yield Told(told, findings, no_operation(_plain(identifier)).reason)

    def has(self, operation: str) -> bool:
        """Whether an operation, by the part of its id after the dot, was found to be missing."""
        return any(_plain(one) == operation for one in self._missing)


def _is_missing(findings: Sequence[Finding], operation: Operation) -> bool:
    """Whether the answers were none of the operation's own: none that it documents, or one to all kinds of requests."""
    is_documented = any(declares_status(operation, status) for status in _statuses(findings))
    return not is_documented or len({one.should for one in findings}) >= _LEAST_RIGHT_ANSWERS


def _statuses(findings: Sequence[Finding]) -> Sequence[int]:
    return sorted({one.answers[0].status for one in findings if one.answers})


def _as_missing(findings: Sequence[Finding], system: str, operation: Operation) -> Finding:
    """Tell all *findings* as one, with the shortest sequence."""
    fingerprint = fingerprint_of(system, operation.id, PLACE)
    return replace(
        min(findings, key=lambda one: len(one.steps)),
        rule=operation.id,
        grade=Grade.DOCUMENTED,
        sentence=f"The server has {operation.method} {operation.path}.",
        source="The document",
        place=PLACE,
        was=f"{' or '.join(map(str, _statuses(findings)))} whatever is asked",
        should="there",
        told=("", ""),
        bodies=None,
        is_form=False,
        is_titled=False,
        cause=None,
        scenarios=frozenset().union(*(one.scenarios for one in findings)),
        rules=frozenset({operation.id}),
        fingerprint=fingerprint,
        fingerprints=frozenset({fingerprint}),
    )


def write_lacks(finding: Finding) -> Sequence[str]:
    """Write the lines of a bindings file that say that the operation of a finding is missing."""
    return ["[server]", f'lacks = ["{_plain(finding.operation)}"]']


def _plain(operation: str) -> str:
    return operation.partition(".")[2]
