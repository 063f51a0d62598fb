"""How sure the document is of what it says about an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.contract.driver import Driver
from watchword.document import Document, Operation
from watchword.document.references import resolve_reference
from watchword.domain.rule import Grade
from watchword.journal.masking import mask

GRADES = (Grade.DOCUMENTED, Grade.VERIFIED, Grade.OBSERVED, Grade.ASSUMED)
"""The surest first."""


def grade_of_status(document: Document, operation: Operation, status: int) -> Grade:
    """How sure it is that an operation answers with *status* at all (``x-source`` of the response)."""
    return _grade(_response(document, operation, status))


def grade_of_code(document: Document, operation: Operation, status: int, code: str) -> Grade:
    """How sure it is that the code of such an answer is this one (``x-source`` of the example)."""
    return next((_grade(one) for name, one in _examples(document, operation, status) if name == code), Grade.DOCUMENTED)


def show_body(document: Document, operation: Operation, status: int, body: Any) -> Any:
    """Show the body of an answer as a reader may see it: what the document declares for it and marks as no secret."""
    content = (_response(document, operation, status).get("content") or {}).values()
    return (
        None if body is None else mask(document.content, next((one.get("schema") for one in content), None), body).value
    )


def name_variables(shown: Any, driver: Driver) -> Any:
    """Put the names of variables in the place of what the bindings take from the environment, wherever it stands."""
    match shown:
        case Mapping():
            return {name: name_variables(member, driver) for name, member in shown.items()}
        case list():
            return [name_variables(member, driver) for member in shown]
        case str():
            for persona in driver.personas.values():
                for word, name in persona.shown.items():
                    shown = shown.replace(persona.known[word], name)
            return shown
        case _:
            return shown


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
