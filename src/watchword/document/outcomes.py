"""The outcomes that a document names: operation × status × named example."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watchword.document.document import Document
from watchword.document.operations import Operation
from watchword.document.references import resolve_reference

NO_BODY = "-"
"""The name of the outcome of a declared answer without examples."""


@dataclass(frozen=True, slots=True)
class NamedOutcome:
    """
    One documented answer of an operation.

    Args:
        unreachable: Why it cannot happen; empty if it can.
    """

    status: int
    name: str
    unreachable: str = ""


def named_outcomes(document: Document, operation: Operation) -> Iterator[NamedOutcome]:
    """Yield the outcomes of *operation*, in the document's order; ``default`` and ranges name none."""
    for status, shape in operation.responses.items():
        if status.isdigit():
            reasons = unreachable_reasons(document, operation, status)
            for name in shape.examples or (NO_BODY,):
                yield NamedOutcome(int(status), name, reasons.get("*") or reasons.get(name) or "")


def unreachable_reasons(document: Document, operation: Operation, status: str) -> Mapping[str, str]:
    """Read why answers cannot happen (``x-unreachable``), by the names of their examples; ``*`` stands for all."""
    response: Mapping[str, Any] = resolve_reference(document.content, operation.raw["responses"][status])
    return {
        name: reason
        for node in (response, *(response.get("content") or {}).values())
        for name, reason in (node.get("x-unreachable") or {}).items()
    }
