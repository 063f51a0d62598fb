"""How sure the document is of what it says about an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document import Document, Operation
from watchword.document.references import resolve_reference
from watchword.domain.rule import Grade


def grade_of_status(document: Document, operation: Operation, status: int) -> Grade:
    """How sure it is that an operation answers with *status* at all (``x-source`` of the response)."""
    return _grade(_response(document, operation, status))


def grade_of_code(document: Document, operation: Operation, status: int, code: str) -> Grade:
    """How sure it is that the code of such an answer is this one (``x-source`` of the example)."""
    return next((_grade(one) for name, one in _examples(document, operation, status) if name == code), Grade.DOCUMENTED)


def _response(document: Document, operation: Operation, status: int) -> Mapping[str, Any]:
    found: Mapping[str, Any] = resolve_reference(document.content, operation.raw["responses"].get(str(status), {}))
    return found


def _examples(document: Document, operation: Operation, status: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for content in (_response(document, operation, status).get("content") or {}).values():
        for name, example in (content.get("examples") or {}).items():
            yield name, resolve_reference(document.content, example)


def _grade(node: Mapping[str, Any]) -> Grade:
    source = node.get("x-source")
    return Grade(source) if source in list(Grade) else Grade.DOCUMENTED
