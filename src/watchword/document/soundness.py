"""What is wrong in a valid document: templates that are alike, examples and defaults that do not fit."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.definitions import Definitions
from watchword.document.media_types import essence, is_json
from watchword.document.operations import Operation
from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, path_items, walk
from watchword.document.validator import Validator

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
    List the JSON examples of *operation* that do not fit their schema.

    Yields:
        The place and what is wrong there: ``example short of 409: body password is required``.
    """
    body = resolve_reference(content, operation.raw.get("requestBody")) or {}
    for name, value in _examples(content, body.get("content") or {}):
        if operation.body is not None:
            yield from _wrong(f"example {name} of the request", operation.body, value)
    for status, shape in operation.responses.items():
        response = resolve_reference(content, operation.raw["responses"][status])
        for kind, media in (response.get("content") or {}).items():
            validator = shape.content.get(essence(kind))
            for name, value in _examples(content, {kind: media}):
                if validator is not None:
                    yield from _wrong(f"example {name} of {status}", validator, value)


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


def _examples(content: Content, media_types: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for kind, media in media_types.items():
        if not is_json(kind):
            continue
        if "example" in media:
            yield "(only)", media["example"]
        for name, written in (media.get("examples") or {}).items():
            example = resolve_reference(content, written)
            if "value" in example:
                yield name, example["value"]


def _wrong(place: str, validator: Validator, value: Any) -> Iterator[str]:
    # A schema that does not close its objects allows other properties in an example.
    found = (one for one in validator.violations(value, where="body") if one.kind != _CLOSED_BY_US)
    first = next(found, None)
    if first is not None:
        yield f"{place}: {'.'.join(first.path) or 'the whole'} {first.detail}"
