"""What the document itself answers: its named examples, or data made from its schemas; derived at the start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.document import Document, DocumentError
from watchword.document.examples import make_example
from watchword.document.media_types import is_json
from watchword.document.operations import ResponseShape
from watchword.document.references import resolve_reference
from watchword.system import Answer


@dataclass(frozen=True)
class ExampleAnswer:
    """
    What the document answers in one status.

    Args:
        headers: Those that the document requires, and the content type if there is a body.
        bodies: By the names of the examples, the default first; empty if there is no body.
    """

    headers: Mapping[str, str]
    bodies: Mapping[str, Any]

    def answer(self, status: int, wished: str = "", **headers: str) -> Answer:
        """
        Make the answer.

        Args:
            wished: The name of an example; another one is taken if there is none of that name.
        """
        usual = next(iter(self.bodies.values()), None)
        return Answer(status, self.bodies.get(wished, usual), {**self.headers, **headers})


ExampleAnswers = Mapping[str, ExampleAnswer]
"""By status as the document writes it: ``200``, ``4XX``, ``default``."""


def example_answers(
    document: Document, name: str, responses: Mapping[str, Any], shapes: Mapping[str, ResponseShape]
) -> ExampleAnswers:
    """
    Derive what *document* answers, status by status.

    Args:
        name: Whose responses these are, for error messages.
        responses: As the document writes them.
        shapes: The same, compiled.

    Raises:
        DocumentError: There is no example, and no data can be made from the schema.
    """
    found = {str(status): resolve_reference(document.content, response) for status, response in responses.items()}
    return {
        status: _exemplar(document, f"{name}, status {status}", response, shapes[status])
        for status, response in found.items()
    }


def _exemplar(document: Document, place: str, response: Mapping[str, Any], shape: ResponseShape) -> ExampleAnswer:
    headers = _required_headers(document, response)
    if not shape.content:
        return ExampleAnswer(headers, {})
    kind, media = next(iter(response["content"].items()))
    bodies = shape.examples or {"": _made(document, place, kind, media.get("schema") or {}, shape)}
    if not is_json(kind):
        bodies = {name: body.encode() if isinstance(body, str) else body for name, body in bodies.items()}
    return ExampleAnswer({**headers, "Content-Type": kind}, bodies)


def _made(document: Document, place: str, kind: str, schema: Any, shape: ResponseShape) -> Any:
    made = make_example(document.content, schema)
    validator = next(iter(shape.content.values()))
    wrong = None if validator is None else next(validator.violations(made, where="body"), None)
    if wrong is not None:
        where = schema.get("$ref") or f"content/{kind}/schema"
        raise DocumentError(
            f"{place}: no data that fits can be made from the schema {where}:"
            f" {'.'.join(wrong.path) or 'the whole'} {wrong.detail}. Give it an example."
        )
    return made


def _required_headers(document: Document, response: Mapping[str, Any]) -> dict[str, str]:
    headers = response.get("headers") or {}
    described = {name: resolve_reference(document.content, one) for name, one in headers.items()}
    values = {
        name: one["example"] if "example" in one else make_example(document.content, one.get("schema", {}))
        for name, one in described.items()
        if one.get("required")
    }
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in values.items()}
