"""What is wrong in a valid document: templates that are alike, examples and defaults that do not fit."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.definitions import Definitions
from watchword.document.examples import schema_examples
from watchword.document.media_types import is_json
from watchword.document.operations import Operation
from watchword.document.parameters import described_parameters
from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, path_items, walk
from watchword.document.validator import Validator
from watchword.document.written_examples import ALONE, described_by, written_values

Content = Mapping[str, Any]
_CLOSED_BY_US = "unevaluatedProperties"
"""The keyword by which an answer is kept to the properties that its schema names."""
_PARAMETER = re.compile(r"\{[^}]*\}")


def like_templates(content: Content) -> Iterator[tuple[str, list[str]]]:
    """List the paths that match the same requests, with their method in upper case."""
    alike: dict[tuple[str, str], list[str]] = defaultdict(list)
    for path, item in path_items(content):
        for method in METHODS:
            if method in item:
                alike[method.upper(), _PARAMETER.sub("{}", path)].append(path)
    for (method, _), paths in alike.items():
        if len(paths) > 1:
            yield method, paths


def unfit_examples(content: Content, operation: Operation) -> Iterator[str]:
    """
    List the examples of *operation* that do not fit their schema: of parameters, headers and bodies that are JSON.

    Yields:
        The place and what is wrong there: ``example short of 409: body password is required``.
    """
    yield from _unfit_parameters(content, operation)
    body = resolve_reference(content, operation.raw.get("requestBody")) or {}
    for (kind, media), one in zip((body.get("content") or {}).items(), operation.bodies, strict=True):
        if is_json(kind):
            yield from _unfit(content, media, one.validator, "the request")
    for status, shape in operation.responses.items():
        response = resolve_reference(content, operation.raw["responses"][status])
        for kind, media in (response.get("content") or {}).items():
            yield from _unfit(content, media, shape.content.get(kind), status)
        for name, raw in (response.get("headers") or {}).items():
            header = resolve_reference(content, raw)
            yield from _unfit_part(content, header, shape.headers.get(name.lower()), f"the header {name} of {status}")


def unfit_defaults(content: Content) -> Iterator[str]:
    """
    List the defaults that do not fit their schema; nothing depends on them, and many documents have some.

    Yields:
        The place and what is wrong there: ``components/schemas/User/properties/age/default: the value must be …``.
    """
    definitions = Definitions(content)
    for place, kind, schema in walk(content):
        if kind == "schema" and "default" in schema:
            found = Validator(schema, definitions, answer=False).violations(schema["default"], where="body")
            if (wrong := next(found, None)) is not None:
                yield f"{'/'.join(place)}/default: {'.'.join(wrong.path) or 'the value'} {wrong.detail}"


def _unfit_parameters(content: Content, operation: Operation) -> Iterator[str]:
    written = described_parameters(content, content["paths"][operation.path], operation.raw)
    for one in operation.parameters:
        place = f"the parameter {one.name} ({one.where})"
        yield from _unfit_part(content, written[one.where, one.name], one.validator, place)


def _unfit_part(content: Content, raw: Mapping[str, Any], validator: Validator | None, place: str) -> Iterator[str]:
    """List the examples of a parameter or a header that *validator* refuses, those of its schema too."""
    if validator is None:
        return
    described = described_by(raw)
    yield from _unfit(content, described, validator, place)
    for value in schema_examples(content, described.get("schema", {})):
        yield from _wrong(f"example of the schema of {place}", validator, value)


def _unfit(content: Content, described: Mapping[str, Any], validator: Validator | None, place: str) -> Iterator[str]:
    """List the examples of *place* that *validator* refuses."""
    if validator is None:
        return
    for name, value in written_values(content, described).items():
        yield from _wrong(f"example {'(only)' if name == ALONE else name} of {place}", validator, value)


def _wrong(place: str, validator: Validator, value: Any) -> Iterator[str]:
    # A schema that does not close its objects allows other properties in an example.
    found = (one for one in validator.violations(value, where="body") if one.kind != _CLOSED_BY_US)
    first = next(found, None)
    if first is not None:
        yield f"{place}: {'.'.join(first.path) or 'the whole'} {first.detail}"
