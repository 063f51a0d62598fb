"""Answers that a consumer never met: its tests cannot show how it takes them."""

from collections.abc import Iterator, Mapping, Sequence

from watchword.document import Operation
from watchword.document.outcomes import NO_BODY
from watchword.review.use_diff.operations import Operations
from watchword.review.use_diff.recorded import Recorded

Answer = tuple[int, str]
"""The status, and the name of the example."""


def called_operations(requests: Sequence[Recorded], base: Operations) -> Mapping[str, Sequence[Recorded]]:
    """Sort requests by the ids of BASE's operations that they call."""
    found: dict[str, list[Recorded]] = {}
    for one in requests:
        called = base.find(one)
        if called is not None:
            found.setdefault(called.operation.id, []).append(one)
    return found


def documented(operation: Operation) -> frozenset[Answer]:
    """List the answers that a document has for an operation."""
    return frozenset(
        (int(status), name)
        for status, shape in operation.responses.items()
        if status.isdigit()
        for name in shape.examples or (NO_BODY,)
    )


def met(requests: Sequence[Recorded]) -> frozenset[Answer]:
    """List the answers that requests got."""
    return frozenset((one.status, one.outcome) for one in requests)


def tell(answers: frozenset[Answer]) -> Iterator[str]:
    """Say what answers are, by status."""
    for status, name in sorted(answers):
        yield f"{status}" if name == NO_BODY else f"{status} {name}"
