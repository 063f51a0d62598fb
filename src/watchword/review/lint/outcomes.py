"""Answers: each error code has a named example, and each named example is an answer that something gives."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.outcomes import named_outcomes, unreachable_reasons
from watchword.document.references import inline_references
from watchword.review.decided import decided, outcome_name, outcome_words
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, media_of, steps_of_outcome

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
        for status, steps, media in media_of(linted, operation):
            schema = inline_references(linted.document.content, media.get("schema") or {})
            examples = operation.responses[status].examples
            excused = unreachable_reasons(linted.document, operation, status)
            for name, number, code in _codes(schema) if status[:1] in "45" else ():
                if code not in examples and not {str(code), "*"} & set(excused):
                    at = (*steps, "schema", "properties", name, "enum", str(number))
                    told = f"{name} can be {code}, and no example of the answer {status} has that name."
                    yield Found(at, told, linted.sources.removal((*steps, "examples", code)))


def answers_without_example(linted: Linted) -> Iterator[Found]:
    """Look at the answers that have a body."""
    for operation in linted.document.operations.values():
        for status, steps, media in media_of(linted, operation):
            if not media.get("examples") and "example" not in media:
                yield Found(steps, f"The answer {status} has no example.")


def answers_unreached(linted: Linted) -> Iterator[Found]:
    """Look at the answers of operations that have a handler."""
    for operation in linted.imitated():
        reached = decided().get(operation.id)
        for one in named_outcomes(linted.document, operation) if reached is not None else ():
            outcome = outcome_name(one.status, one.name)
            if not one.unreachable and outcome not in (reached or {}):
                told = f"No behaviour answers {operation.id} with {outcome_words(outcome)}; only Prefer gets it."
                yield Found(steps_of_outcome(linted, operation, str(one.status), one.name), told)


def _codes(schema: Any) -> Iterator[tuple[str, int, Any]]:
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    for name in _CODES:
        listed = (properties or {}).get(name)
        values = listed.get("enum") if isinstance(listed, Mapping) else None
        yield from ((name, number, value) for number, value in enumerate(values or ()) if isinstance(value, str))
