"""What the document itself answers: its named examples, or data made from its schemas; derived at the start."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.document import Document
from watchword.document.examples import make_example
from watchword.document.http_rules import BODILESS, number_of
from watchword.document.media_types import acceptable, concrete, is_json
from watchword.document.operations import ResponseShape
from watchword.document.references import resolve_reference
from watchword.document.written_examples import written_examples, written_values
from watchword.domain.refusal import NotAcceptable, Unanswerable
from watchword.edge.mock.headers import example_headers
from watchword.system import Answer

_NULL = b"null"
"""A body that is ``null``; None would be no body."""


@dataclass(frozen=True)
class Representation:
    """
    An answer's body in one media type.

    Args:
        kind: As the document writes it; it may be a range.
        bodies: By the names of the examples, the default first.
    """

    kind: str
    bodies: Mapping[str, Any]


@dataclass(frozen=True)
class ExampleAnswer:
    """
    What the document answers in one status.

    Args:
        headers: Those that the document requires or has an example of.
        representations: One for each media type; empty if there is no body.
        missing: Why there is no answer; empty if there is one.
    """

    headers: Mapping[str, str]
    representations: tuple[Representation, ...] = ()
    missing: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all examples."""
        return tuple(dict.fromkeys(name for one in self.representations for name in one.bodies if name))

    def answer(self, status: int, wished: str, accept: str, headers: Mapping[str, str]) -> Answer:
        """
        Make the answer.

        Args:
            wished: The name of an example; another one is taken if there is none of that name.
            accept: The request's header ``Accept``. Errors are sent even if it does not allow them.
            headers: Further ones.

        Raises:
            Unanswerable: The document has no answer.
            NotAcceptable: The client accepts none of the media types.
        """
        if self.missing:
            raise Unanswerable(self.missing)
        if not self.representations or status in BODILESS:
            return Answer(status, None, {**self.headers, **headers})
        kinds = tuple(one.kind for one in self.representations)
        ranked = acceptable(accept, kinds)
        if not ranked:
            if status < 400:
                raise NotAcceptable(kinds)
            ranked = acceptable("", kinds)
        # What is made from a schema has no name, and so has a request without a wish.
        named = (choice for choice in ranked if wished and wished in self.representations[choice[0]].bodies)
        place, kind = next(named, ranked[0])
        bodies = self.representations[place].bodies
        body = bodies[wished] if wished in bodies else next(iter(bodies.values()))
        return Answer(status, _encoded(body, kind), {**self.headers, "Content-Type": kind, **headers})


ExampleAnswers = Mapping[str, ExampleAnswer]
"""By status as the document writes it: ``200``, ``4XX``, ``default``."""


def example_answers(
    document: Document, responses: Mapping[str, Any], shapes: Mapping[str, ResponseShape]
) -> ExampleAnswers:
    """
    Derive what *document* answers, status by status; statuses below 200 end no request and are left out.

    Args:
        responses: As the document writes them.
        shapes: The same, compiled.
    """
    by_status = {str(status): response for status, response in responses.items()}
    return {
        status: _exemplar(document, status, resolve_reference(document.content, by_status[status]), shape)
        for status, shape in shapes.items()
        if number_of(status) >= 200
    }


def _exemplar(document: Document, status: str, response: Mapping[str, Any], shape: ResponseShape) -> ExampleAnswer:
    headers = example_headers(document.content, response.get("headers") or {}, shape.headers)
    content = response.get("content") or {}
    if not content or number_of(status) in BODILESS:
        return ExampleAnswer(headers)
    made, missing = [], ""
    for kind, media in content.items():
        # What has a value comes first, because the first one is sent if a client asks for none.
        values = written_values(document.content, media)
        elsewhere = [name for name in written_examples(document.content, media) if name not in values]
        if elsewhere or not values:
            value, wrong = _made(document, kind, media.get("schema", {}), shape)
            missing = missing or wrong
            values |= {} if wrong else dict.fromkeys(elsewhere or ("",), value)
        if values:
            # Only texts can be sent as any type that the client names.
            texts = all(isinstance(value, str) for value in values.values())
            made.append(Representation(kind if texts else concrete(kind), values))
    return ExampleAnswer(headers, tuple(made), "" if made else f"status {status}: {missing} Give it an example.")


def _made(document: Document, kind: str, schema: Any, shape: ResponseShape) -> tuple[Any, str]:
    """Make data from *schema*, or say why it cannot be made."""
    validator = shape.content.get(kind)
    if validator is None:
        sent = concrete(kind)
        if not schema and not is_json(sent):
            return "", ""  # Nothing is said about a picture, say.
        made = make_example(document.content, schema)
        can_be_sent = is_json(sent) or isinstance(made, str)
        return made, "" if can_be_sent else f"no data of type {sent} can be made from a schema."
    made = make_example(document.content, schema, validator.accepts)
    wrong = next(validator.violations(made, where="body"), None)
    if wrong is None:
        return made, ""
    where = schema.get("$ref") or f"content/{kind}/schema"
    return made, (
        f"no data that fits can be made from the schema {where}: {'.'.join(wrong.path) or 'the whole'} {wrong.detail}."
    )


def _encoded(body: Any, kind: str) -> Any:
    """Give the body as an answer has it: JSON types, or bytes."""
    if is_json(kind):
        return _NULL if body is None else body
    if body is None:
        return b""
    return body.encode() if isinstance(body, str) else body


def unanswered(answers: Mapping[str, ExampleAnswers]) -> Sequence[str]:
    """List the answers that the document declares and that cannot be given, each with the reason."""
    return [f"{name}, {one.missing}" for name, statuses in answers.items() for one in statuses.values() if one.missing]
