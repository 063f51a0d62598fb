"""Bodies of requests: which schema judges which media type, and what forms look like."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any

from watchword.document.media_types import FORM, MULTIPART, essence, find_declared, is_json, parameters_of
from watchword.document.part_types import PartType, part_type
from watchword.document.styles import Style, style_of
from watchword.document.text_values import TextShape, shape_of
from watchword.document.validator import Validator

_CHARSETS = ("utf-8", "utf8", "us-ascii")


class BodyKind(Enum):
    """How a body is read; others than these three are not read."""

    JSON = "JSON"
    FORM = "a form"
    MULTIPART = "a multipart form"
    OTHER = "other"


@dataclass(frozen=True)
class BodyShape:
    """
    What a body of one media type looks like.

    Args:
        validator: None if there is no schema.
        shape: What the texts of its fields can stand for.
        styles: How fields are written that are not one plain text, by name.
        parts: Which types the parts of a multipart form may have, by name; of others nothing is said.
    """

    validator: Validator | None
    shape: TextShape = field(default_factory=TextShape)
    styles: Mapping[str, Style] = field(default_factory=dict)
    parts: Mapping[str, PartType] = field(default_factory=dict)


def compile_bodies(
    document: Mapping[str, Any], content: Mapping[str, Any], validator: Callable[[Any], Validator]
) -> tuple[BodyShape, ...]:
    """Compile the ``content`` of a request body, in its order."""
    return tuple(_compile(document, kind, media, validator) for kind, media in content.items())


def _compile(
    document: Mapping[str, Any], kind: str, media: Mapping[str, Any], validator: Callable[[Any], Validator]
) -> BodyShape:
    if "schema" not in media:
        return BodyShape(None)
    schema = media["schema"]
    if is_json(kind):
        return BodyShape(validator(schema))
    shape = shape_of(document, schema)
    encoding = media.get("encoding") or {}
    if essence(kind) == MULTIPART:
        found = {name: part_type(document, schema, name, encoding.get(name, {})) for name in shape.properties}
        return BodyShape(validator(schema), shape, parts={name: one for name, one in found.items() if one})
    styles = {
        name: style
        for name, member in shape.properties.items()
        if {"style", "explode"} & set(encoding.get(name, ())) or "object" not in member.types
        if (style := style_of({"in": "query", **encoding.get(name, {})}, member, _others(shape, name)))
    }
    return BodyShape(validator(schema), shape, styles)


def _others(shape: TextShape, name: str) -> frozenset[str]:
    """Name the fields of a form that are not part of its exploded object *name*."""
    members = {other: member for other, member in shape.properties.items() if other != name}
    return frozenset(members).union(*(member.properties for member in members.values()))


@lru_cache(256)
def find_body(accepts: tuple[str, ...], content_type: str) -> tuple[int, BodyKind] | None:
    """
    Find out which of *accepts* a *content_type* is, and how to read it.

    Returns:
        None if it is not among them, or JSON in another charset than UTF-8.
    """
    place = find_declared(accepts, content_type)
    if place is None:
        return None
    if is_json(content_type):
        charset = parameters_of(content_type).get("charset", "utf-8")
        return (place, BodyKind.JSON) if charset in _CHARSETS else None
    kinds = {FORM: BodyKind.FORM, MULTIPART: BodyKind.MULTIPART}
    return place, kinds.get(essence(content_type), BodyKind.OTHER)
