"""What is wrong in a valid document: templates that are alike, examples and defaults that do not fit."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from watchword.document.definitions import Definitions
from watchword.document.examples import schema_examples
from watchword.document.media_types import is_json
from watchword.document.operations import Operation
from watchword.document.parameters import described_parameters
from watchword.document.path_templates import nameless
from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, Place, path_items, walk
from watchword.document.validator import Validator
from watchword.document.written_examples import ALONE, described_by, written_values
from watchword.domain.refusal import Violation

Content = Mapping[str, Any]
_CLOSED_BY_US = "unevaluatedProperties"
"""The keyword by which an answer is kept to the properties that its schema names."""


class Wrong(NamedTuple):
    """
    One thing that is wrong.

    Args:
        steps: What leads to it in the document.
        text: The place, in words, and what is wrong there.
    """

    steps: Place
    text: str


class _Place(NamedTuple):
    """What has examples: the steps to it, and what it is called, such as ``the request``."""

    steps: Place
    name: str


class UnfitExample(NamedTuple):
    """
    An example that does not fit its schema.

    Args:
        steps: What leads to it in the document.
        schema: What leads to its schema.
        name: Such as ``example short of 409``.
        violation: The first thing that is wrong with it.
    """

    steps: Place
    schema: Place
    name: str
    violation: Violation

    @property
    def text(self) -> str:
        """The example, in words, and what is wrong with it."""
        return f"{self.name}: {'.'.join(self.violation.path) or 'the whole'} {self.violation.detail}"


def like_templates(content: Content) -> Iterator[tuple[str, list[str]]]:
    """List the paths that match the same requests, with their method in upper case."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, item in path_items(content):
        for method in METHODS:
            if method in item:
                alike[method.upper(), nameless(path)].append(path)
    for (method, _), paths in alike.items():
        if len(paths) > 1:
            yield method, paths


def unfit_examples(content: Content, operation: Operation) -> Iterator[UnfitExample]:
    """List the examples of *operation* that do not fit their schema: of parameters, headers and JSON bodies."""
    yield from _unfit_parameters(content, operation)
    here = ("paths", operation.path, operation.method.lower())
    body = resolve_reference(content, operation.raw.get("requestBody")) or {}
    for (kind, media), one in zip((body.get("content") or {}).items(), operation.bodies, strict=True):
        if is_json(kind):
            at = _Place((*here, "requestBody", "content", kind), "the request")
            yield from _unfit(content, media, one.validator, at)
    for status, shape in operation.responses.items():
        response, there = resolve_reference(content, operation.raw["responses"][status]), (*here, "responses", status)
        for kind, media in (response.get("content") or {}).items():
            yield from _unfit(content, media, shape.content.get(kind), _Place((*there, "content", kind), status))
        for name, raw in (response.get("headers") or {}).items():
            header = resolve_reference(content, raw)
            at = _Place((*there, "headers", name), f"the header {name} of {status}")
            yield from _unfit_part(content, header, shape.headers.get(name.lower()), at)


def unfit_defaults(content: Content) -> Iterator[Wrong]:
    """
    List the defaults that do not fit their schema; nothing depends on them, and many documents have some.

    Yields:
        Such as ``components/schemas/User/properties/age/default: the value must be …``.
    """
    definitions = Definitions(content)
    for place, kind, schema in walk(content):
        if kind == "schema" and "default" in schema:
            found = Validator(schema, definitions, answer=False).violations(schema["default"], where="body")
            if (wrong := next(found, None)) is not None:
                told = f"{'.'.join(wrong.path) or 'the value'} {wrong.detail}"
                yield Wrong((*place, "default"), f"{'/'.join(place)}/default: {told}")


def _unfit_parameters(content: Content, operation: Operation) -> Iterator[UnfitExample]:
    written = described_parameters(content, content["paths"][operation.path], operation.raw)
    places = dict(_parameter_places(content, operation))
    for one in operation.parameters:
        at = _Place(places[one.where, one.name], f"the parameter {one.name} ({one.where})")
        yield from _unfit_part(content, written[one.where, one.name], one.validator, at)


def _parameter_places(content: Content, operation: Operation) -> Iterator[tuple[tuple[str, str], Place]]:
    """Yield where each parameter stands; those of the operation come last, because they replace others."""
    item: Place = ("paths", operation.path)
    both = (content["paths"][operation.path], item), (operation.raw, (*item, operation.method.lower()))
    for node, place in both:
        for number, raw in enumerate(node.get("parameters", ())):
            one = resolve_reference(content, raw)
            yield (one["in"], one["name"]), (*place, "parameters", str(number))


def _unfit_part(
    content: Content, raw: Mapping[str, Any], validator: Validator | None, at: _Place
) -> Iterator[UnfitExample]:
    """List the examples of a parameter or a header that *validator* refuses, those of its schema too."""
    if validator is None:
        return
    described = described_by(raw)
    if described is not raw:
        at = _Place((*at.steps, "content", next(iter(raw["content"]))), at.name)
    yield from _unfit(content, described, validator, at)
    schema = (*at.steps, "schema")
    for value in schema_examples(content, described.get("schema", {})):
        yield from _judged(validator, value, schema, schema, f"example of the schema of {at.name}")


def _unfit(
    content: Content, described: Mapping[str, Any], validator: Validator | None, at: _Place
) -> Iterator[UnfitExample]:
    """List the examples at a place that *validator* refuses."""
    if validator is None:
        return
    for name, value in written_values(content, described).items():
        steps = (*at.steps, "example") if name == ALONE else (*at.steps, "examples", name)
        told = f"example {'(only)' if name == ALONE else name} of {at.name}"
        yield from _judged(validator, value, steps, (*at.steps, "schema"), told)


def _judged(validator: Validator, value: Any, steps: Place, schema: Place, name: str) -> Iterator[UnfitExample]:
    # A schema that does not close its objects allows other properties in an example.
    found = (one for one in validator.violations(value, where="body") if one.kind != _CLOSED_BY_US)
    first = next(found, None)
    if first is not None:
        yield UnfitExample(steps, schema, name, first)
