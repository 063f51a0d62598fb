"""Which of the document's named answers an answer is."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document import Operation
from watchword.document.conformance import answer_differences
from watchword.document.http_rules import keys_of
from watchword.document.outcomes import NO_BODY
from watchword.edge.exchange import Exchange
from watchword.system import Answer, System

Part = tuple[str, str]
"""A JSON pointer, with a star for places in arrays, and the value that stands there."""


def outcome_of(exchange: Exchange, answer: Answer) -> str:
    """Find the same as `name_outcome`; an answer of somebody else's server has to fit the document to have a name."""
    operation, system = exchange.operation, exchange.system
    if operation is None or system is None:
        return ""
    if exchange.forwarded:
        is_named = declares_status(operation, answer.status) or system.code_of(answer.status, answer.body)
        if not is_named or not fits(operation, answer):
            return ""
    return name_outcome(operation, system, answer)


def declares_status(operation: Operation, status: int) -> bool:
    """Whether the document declares a status, by itself or in a range; ``default`` stands for any."""
    return any(key in operation.responses for key in keys_of(status) if key != "default")


def fits(operation: Operation, answer: Answer) -> bool:
    """Whether the document has an answer with this status and a body like this; a header may be missing."""
    shape = operation.shape(answer.status) if answer.status else None
    if shape is None:
        return False
    return all(one.where == "header" for one in answer_differences(shape, headers=answer.headers, body=answer.body))


def name_outcome(operation: Operation, system: System, answer: Answer) -> str:
    """
    Find the name of the example in the document that *answer* is.

    Returns:
        ``-`` for a declared answer without examples; empty if the document does not declare it, or if there was none.
        Of several that fit, the one that shares the most fields and values with it.
    """
    shape = operation.shape(answer.status) if answer.status else None
    if shape is None:
        return ""
    if not shape.examples:
        return NO_BODY
    codes = system.code_of(answer.status, answer.body)
    named = {name: one for name, one in shape.examples.items() if system.code_of(answer.status, one) <= codes}
    if len(named) <= 1:
        return next(iter(named), "")
    mine = set(_parts(answer.body, ""))
    return max(named, key=lambda name: _likeness(mine, set(_parts(named[name], ""))))


def _likeness(mine: set[Part], example: set[Part]) -> tuple[float, int]:
    """Compare fields first, because the values of an example are somebody else's."""
    fields, others = {pointer for pointer, _ in mine}, {pointer for pointer, _ in example}
    return len(fields & others) / max(1, len(fields | others)), len(mine & example)


def _parts(value: Any, pointer: str) -> Iterator[Part]:
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _parts(member, f"{pointer}/{name}")
    elif isinstance(value, list):
        for member in value:
            yield from _parts(member, f"{pointer}/*")
    else:
        yield pointer, repr(value)
