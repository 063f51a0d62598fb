"""Operations that a server does not have: each is told once, and not as the rules that its scenarios show."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from watchword.contract.finding import Finding, fingerprint_of
from watchword.contract.obstacles import no_operation
from watchword.contract.steps import Call
from watchword.document import Document, Operation
from watchword.document.security import alternative_headers
from watchword.domain.rule import Grade
from watchword.journal.outcomes import declares_status

PLACE = "operation"
"""Where a finding says that it shows."""
_NOT_THERE = (404, 405, 501)
"""What servers answer to a path or a method that they do not have."""
_NOT_LET_IN = (401, 403)
"""What servers answer, maybe before they look for the path, to a call without the right credentials."""
_LEAST_RIGHT_ANSWERS = 2
"""With a single one, it may be a wrong refusal."""


@dataclass(frozen=True)
class Told:
    """One finding in the place of others; *reason* says why their scenarios could not be played to the end."""

    finding: Finding
    instead_of: Sequence[Finding]
    reason: str


@dataclass(frozen=True)
class _Held:
    """A finding that is held back, and the status of the answer that it is about."""

    finding: Finding
    status: int


class MissingOperations:
    """
    What the answers so far say of operations that a server might not have.

    A single 404 can be a refusal, so findings are held back until another answer shows that the operation is there, or
    until the end: then all that it has answered is known.
    """

    def __init__(self) -> None:
        self._answering: set[str] = set()
        self._held: dict[str, list[_Held]] = defaultdict(list)
        self._missing: set[str] = set()

    def note(self, call: Call, status: int, right: int, document: Document) -> Sequence[Finding]:
        """
        Note an answer to a call; gives the findings that were held back although the operation is there.

        Args:
            right: The status that the stand-in answered with; 0 if it was not asked.
        """
        if status in _NOT_THERE:
            return ()
        if status in _NOT_LET_IN and (right in _NOT_LET_IN or not _brings_credentials(call, document)):
            return ()
        self._answering.add(call.operation)
        return [one.finding for one in self._held.pop(call.operation, ())]

    def holds_back(self, finding: Finding, status: int) -> bool:
        """
        Hold a finding back if its operation may be missing; False if it has to be told now.

        Args:
            status: Of the answer that it is about, which was noted.
        """
        if finding.operation in self._answering:
            return False
        self._held[finding.operation].append(_Held(finding, status))
        return True

    @property
    def held_back(self) -> Sequence[Finding]:
        """The findings that are held back."""
        return [one.finding for some in self._held.values() for one in some]

    def settle(self, system: str, operations: Mapping[str, Operation]) -> Iterator[Finding | Told]:
        """Give what was held back: one finding for each operation that is missing, and all others as they are."""
        held, self._held = self._held, defaultdict(list)
        for identifier, some in held.items():
            findings = [one.finding for one in some]
            not_there = [one for one in some if one.status in _NOT_THERE]
            if not _is_missing(not_there, operations[identifier]):
                yield from findings
                continue
            self._missing.add(identifier)
            told = _as_missing(not_there, findings, system, operations[identifier])
            yield Told(told, findings, no_operation(_plain(identifier)).reason)

    def has(self, operation: str) -> bool:
        """Whether an operation, by the part of its id after the dot, was found to be missing."""
        return any(_plain(one) == operation for one in self._missing)


def _brings_credentials(call: Call, document: Document) -> bool:
    """Whether a call has all headers of a way to be let in that the document describes for its operation."""
    sent = {name.lower() for name, value in call.headers.items() if value is not None}
    ways = alternative_headers(document.content, document.operations[call.operation])
    return any(headers and headers <= sent for headers in ways)


def _is_missing(held: Sequence[_Held], operation: Operation) -> bool:
    """Whether the answers were none of the operation's own: none that it documents, or one to all kinds of requests."""
    if not held:
        return False
    is_documented = any(declares_status(operation, one.status) for one in held)
    return not is_documented or len({one.finding.should for one in held}) >= _LEAST_RIGHT_ANSWERS


def _as_missing(held: Sequence[_Held], findings: Sequence[Finding], system: str, operation: Operation) -> Finding:
    """Tell all *findings* as one, with the shortest sequence of those *held* that show it."""
    statuses = sorted({one.status for one in held})
    fingerprint = fingerprint_of(system, operation.id, PLACE)
    return replace(
        min((one.finding for one in held), key=lambda one: len(one.steps)),
        rule=operation.id,
        grade=Grade.DOCUMENTED,
        sentence=f"The server has {operation.method} {operation.path}.",
        source="The document",
        place=PLACE,
        was=f"{' or '.join(map(str, statuses))} whatever is asked",
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
