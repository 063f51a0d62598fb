"""Answers: each error code has a named example, and each named example is an answer that something gives."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.operations import Operation
from watchword.document.origins import Steps
from watchword.document.outcomes import named_outcomes, unreachable_reasons
from watchword.document.references import inline_references, resolve_reference
from watchword.review.decided import decided, outcome_name
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, steps_of

CODE_WITHOUT_EXAMPLE = Check(
    "code-without-example",
    Severity.ERROR,
    "A code that no example is named by cannot be asked for, and nobody sees that no test reaches it.",
)
ANSWER_WITHOUT_EXAMPLE = Check(
    "answer-without-example",
    Severity.WARNING,
    "Readers, mocks and generated clients learn what an answer looks like from its examples.",
)
ANSWER_UNREACHED = Check(
    "answer-unreached",
    Severity.WARNING,
    "Clients handle what is declared; an answer that nothing gives is code that never runs.",
)
_CODES = ("errorCode", "code", "error")


def codes_without_example(linted: Linted) -> Iterator[Found]:
    """Look at the codes that the schemas of answers list."""
    for operation in linted.document.operations.values():
        for status, steps, media in _media(linted, operation):
            schema = inline_references(linted.document.content, media.get("schema") or {})
            examples = operation.responses[status].examples
            excused = unreachable_reasons(linted.document, operation, status)
            for name, number, code in _codes(schema) if status[:1] in "45" else ():
                if code not in examples and not {str(code), "*"} & set(excused):
                    at = (*steps, "schema", "properties", name, "enum", str(number))
                    yield Found(at, f"{name} can be {code}, and no example of the answer {status} has that name.")


def answers_without_example(linted: Linted) -> Iterator[Found]:
    """Look at the answers that have a body."""
    for operation in linted.document.operations.values():
        for status, steps, media in _media(linted, operation):
            if not media.get("examples") and "example" not in media:
                yield Found(steps, f"The answer {status} has no example.")


def answers_unreached(linted: Linted) -> Iterator[Found]:
    """Look at the answers of operations that have a handler."""
    for operation in linted.imitated():
        reached = decided().get(operation.id)
        for one in named_outcomes(linted.document, operation) if reached is not None else ():
            if not one.unreachable and outcome_name(one.status, one.name) not in (reached or {}):
                told = f"No behaviour answers {operation.id} with {one.status} {one.name}; only Prefer gets it."
                yield Found(_example(linted, operation, str(one.status), one.name), told)


def _example(linted: Linted, operation: Operation, status: str, name: str) -> Steps:
    """Give the steps to an example, or else to its answer."""
    for declared, steps, media in _media(linted, operation):
        if declared == status and name in (media.get("examples") or {}):
            return (*steps, "examples", name)
    return (*steps_of(operation), "responses", status)


def _media(linted: Linted, operation: Operation) -> Iterator[tuple[str, Steps, Mapping[str, Any]]]:
    for status in operation.responses:
        response = resolve_reference(linted.document.content, operation.raw["responses"][status])
        for kind, media in (response.get("content") or {}).items():
            yield status, (*steps_of(operation), "responses", status, "content", kind), media


def _codes(schema: Any) -> Iterator[tuple[str, int, Any]]:
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    for name in _CODES:
        listed = (properties or {}).get(name)
        values = listed.get("enum") if isinstance(listed, Mapping) else None
        yield from ((name, number, value) for number, value in enumerate(values or ()) if isinstance(value, str))
