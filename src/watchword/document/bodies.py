"""Bodies of requests: which schema judges which media type, and how forms are read into values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from io import BytesIO
from typing import Any

import orjson
from python_multipart.multipart import Field, File, parse_form, parse_options_header

from watchword.document.media_types import FORM, MULTIPART, essence, find_declared, is_json, parameters_of
from watchword.document.styles import Sent, Style, style_of
from watchword.document.text_values import TextShape, convert, shape_of
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
    """

    validator: Validator | None
    shape: TextShape = field(default_factory=TextShape)
    styles: Mapping[str, Style] = field(default_factory=dict)


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


def read_form(body: bytes, content_type: str, kind: BodyKind, shape: BodyShape) -> dict[str, Any]:
    """
    Read a form into an object.

    Raises:
        ValueError: It is not readable.
    """
    if kind is BodyKind.MULTIPART:
        return _gathered(_parts(body, content_type), shape.shape)
    sent = Sent({}, body.decode("utf-8"), {})
    found = {}
    taken: set[str] = set()
    for name, style in shape.styles.items():
        texts = style.find(name, sent)
        if texts:
            taken |= {one for one, _ in texts}
            found[name] = style.value(name, texts, shape.shape.member(name))
    # A field of the form's own keeps its name, though an exploded object may have one of that name, too.
    taken -= shape.shape.properties.keys() - shape.styles.keys()
    return {**found, **_gathered((pair for pair in sent.pairs if pair[0] not in taken), shape.shape)}


def _gathered(pairs: Iterable[tuple[str, Any]], shape: TextShape) -> dict[str, Any]:
    """Make an object of fields; one that is sent several times, or is an array, becomes a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        member = shape.member(name)
        if "array" not in member.types:
            found[name] = _value(value, member)
            continue
        whole = _json(value)
        if isinstance(whole, list):
            found[name] = whole
        else:
            items = found.setdefault(name, [])
            items.append(_value(value, member.item(len(items))))
    return found


def _value(value: Any, member: TextShape) -> Any:
    """Read one field: a text, unless a part of a multipart form was JSON. Objects and arrays are JSON."""
    if not isinstance(value, str):
        return value
    return _json(value) if {"object", "array"} & set(member.types) else convert(value, member.types)


def _json(value: Any) -> Any:
    """Read a text as JSON if it is."""
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value


def _parts(body: bytes, content_type: str) -> list[tuple[str, Any]]:
    parts: list[tuple[str, Any]] = []

    def add(name: bytes | None, value: bytes, kind: str | None) -> None:
        text = _text(value)
        try:
            read = orjson.loads(text) if kind and is_json(kind) else text
        except orjson.JSONDecodeError:
            # The place is one in the part, so it would mislead.
            raise ValueError("a part is not JSON") from None
        parts.append(((name or b"").decode("utf-8", "replace"), read))

    def on_field(one: Field) -> None:
        add(one.field_name, one.value or b"", one.content_type)

    def on_file(one: File) -> None:
        one.file_object.seek(0)
        add(one.field_name, one.file_object.read(), one.content_type)
        one.close()

    sent = content_type.encode("latin-1", "replace")
    _, options = parse_options_header(sent)
    parse_form({"Content-Type": sent}, BytesIO(body), on_field, on_file)
    # The library takes what was cut off for the end.
    if b"--" + options.get(b"boundary", b"") + b"--" not in body:
        raise ValueError("the last boundary is missing")
    return parts


def _text(value: bytes) -> str:
    """Give a part as a text, a file too: a character a byte if it is not UTF-8."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
