"""
Which documented outcome a test reaches, and which rule it proves.

``@outcome("weavr_multi.update_password", 409, "PASSWORD_INCORRECT")`` promises that the test really
gets that answer from that operation; ``conftest.py`` holds it to its word. ``@called`` promises the
same of a call over another protocol.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from watchword.document import Document, Operation
from watchword.document.outcomes import NO_BODY, named_outcomes, unreachable_reasons
from watchword.document.references import resolve_reference

__all__ = [
    "NO_BODY",
    "Outcome",
    "called",
    "documented",
    "orders",
    "outcome",
    "plays",
    "proves",
    "raw_response",
    "shows",
    "unreachable_reasons",
]


def outcome(operation: str, status: int, name: str = NO_BODY) -> pytest.MarkDecorator:
    """
    Mark a test that reaches a documented outcome.

    Args:
        operation: Its id in the document.
        name: Of the example in the document, which is the vendor's code; ``-`` for an answer without body.
    """
    return pytest.mark.outcome(operation, status, name)


def called(operation: str, status: int, name: str, protocol: str) -> pytest.MarkDecorator:
    """
    Mark a test that reaches a documented outcome over another protocol than the document's.

    Args:
        protocol: As the log calls it: ``grpc``, ``grpc-web`` or ``connect``.
    """
    return pytest.mark.called(operation, status, name, protocol)


def proves(*rules: str) -> pytest.MarkDecorator:
    """Mark a test that would fail if one of *rules* were broken."""
    return pytest.mark.proves(*rules)


def shows(*rules: str) -> pytest.MarkDecorator:
    """Mark a test that passes without *rules* as with them, but not if they refuse too much, or change the wrong."""
    return pytest.mark.shows(*rules)


def orders(first: str, second: str) -> pytest.MarkDecorator:
    """Mark a test that violates two rules at once, and expects the refusal of the *first* one."""
    return pytest.mark.orders(first, second)


def plays(*operations: str) -> pytest.MarkDecorator:
    """Mark a test that calls *operations* and goes on with what they left behind."""
    return pytest.mark.plays(*operations)


@dataclass(frozen=True, order=True)
class Outcome:
    """One documented answer."""

    operation: str
    status: int
    name: str


def documented(document: Document) -> Iterator[tuple[Outcome, Operation, str | None]]:
    """Yield every outcome with its operation, and the reason if the document calls it unreachable."""
    for operation in document.operations.values():
        for one in named_outcomes(document, operation):
            yield Outcome(operation.id, one.status, one.name), operation, one.unreachable or None


def raw_response(document: Document, operation: Operation, status: str) -> Mapping[str, Any]:
    """Find the response object as the document writes it."""
    response: Mapping[str, Any] = resolve_reference(document.content, operation.raw["responses"][status])
    return response
