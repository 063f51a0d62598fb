"""Answers that a consumer never met: its tests cannot show how it takes them."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from watchword.document import Operation
from watchword.document.outcomes import NO_BODY
from watchword.review.use_diff.operations import Operations
from watchword.review.use_diff.recorded import Recorded

_REFUSALS = range(400, 500)
"""Those with 400 are named last: they are about how a request is written."""
_MOST_NAMED = 5
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


def tell(answer: Answer) -> str:
    """Say what an answer is."""
    status, name = answer
    return f"{status}" if name == NO_BODY else f"{status} {name}"


def tell_coverage(requests: Sequence[Recorded], base: Operations) -> str:
    """Say how many of the answers that BASE documents a consumer has met, and name refusals that it never met."""
    known, missing = 0, list[Answer]()
    for calls in called_operations(requests, base).values():
        called = base.find(calls[0])
        answers = frozenset() if called is None else documented(called.operation)
        known += len(answers)
        missing += answers - met(calls)
    named = sorted(missing, key=lambda one: (one[0] == HTTPStatus.BAD_REQUEST, one))
    refusals = list(dict.fromkeys(name for status, name in named if status in _REFUSALS and name != NO_BODY))
    told = f"met {known - len(missing)} of the {known} answers that BASE documents for the operations it calls"
    if not refusals:
        return told
    more = f" and {len(refusals) - _MOST_NAMED} more" if len(refusals) > _MOST_NAMED else ""
    kinds = "is 1 refusal" if len(refusals) == 1 else f"are {len(refusals)} different refusals"
    return f"{told}; among the {len(missing)} that it never met {kinds}: {', '.join(refusals[:_MOST_NAMED])}{more}"
