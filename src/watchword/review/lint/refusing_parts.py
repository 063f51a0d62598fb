"""Which parts of a schema can be the reason why it refuses a value."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from watchword.document.origins import Steps
from watchword.document.references import resolve_reference
from watchword.domain.refusal import Violation

_ABOUT_THE_OBJECT = ("required", "additionalProperties")
"""Keywords of an object, whose violations are told at one of its properties."""
_NULL = ("nullable", "type")
"""The keywords that refuse null."""


class _Part(NamedTuple):
    """A schema, and the steps to it."""

    steps: Steps
    schema: Mapping[str, Any]


def refusing_parts(content: Mapping[str, Any], schema: Steps, violation: Violation) -> Iterator[Steps]:
    """
    Yield where the keywords stand that *violation* can be about.

    Args:
        content: The document.
        schema: What leads to the schema of the whole value.
    """
    node: Any = content
    for step in schema:
        node = resolve_reference(content, node)
        node = node[int(step)] if isinstance(node, list) else node.get(step, {})
    parts, path = list(_alternatives(content, _Part(schema, node))), violation.path
    inner = path[:-1] if violation.kind in _ABOUT_THE_OBJECT else path
    for name in inner:
        parts = [one for part in parts for one in _below(content, part, name)]
    for part in parts:
        yield from _keywords(part, violation)


def _keywords(part: _Part, violation: Violation) -> Iterator[Steps]:
    if violation.kind == "required":
        names: Sequence[str] = part.schema.get("required", ())
        if violation.path[-1] in names:
            yield (*part.steps, "required", str(names.index(violation.path[-1])))
        return
    keywords = _NULL if violation.kind == "null" else (violation.kind,)
    yield from ((*part.steps, one) for one in keywords if one in part.schema)
    if violation.kind == "additionalProperties":
        yield (*part.steps, "properties", violation.path[-1])


def _below(content: Mapping[str, Any], part: _Part, name: str) -> Iterator[_Part]:
    """Yield the schemas of the property, or of the entry, that is called *name*."""
    steps, schema = part
    properties, additional = schema.get("properties", {}), schema.get("additionalProperties")
    if name in properties:
        yield from _alternatives(content, _Part((*steps, "properties", name), properties[name]))
    elif isinstance(additional, Mapping):
        yield from _alternatives(content, _Part((*steps, "additionalProperties"), additional))
    if name.isdecimal() and "items" in schema:
        yield from _alternatives(content, _Part((*steps, "items"), schema["items"]))


def _alternatives(content: Mapping[str, Any], part: _Part, within: tuple[int, ...] = ()) -> Iterator[_Part]:
    """Yield a schema and those that it is composed of."""
    schema = resolve_reference(content, part.schema)
    if not isinstance(schema, Mapping) or id(schema) in within:
        return
    yield _Part(part.steps, schema)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for number, one in enumerate(schema.get(keyword, ())):
            inner = _Part((*part.steps, keyword, str(number)), one)
            yield from _alternatives(content, inner, (*within, id(schema)))
