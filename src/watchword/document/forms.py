"""Forms of bodies, URL-encoded and multipart: from bytes to an object."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, NamedTuple

import orjson
from python_multipart.multipart import Field, File, parse_form, parse_options_header

from watchword.document.bodies import BodyKind, BodyShape
from watchword.document.media_types import is_json
from watchword.document.styles import Sent, add_value
from watchword.document.text_values import TextShape, convert
from watchword.domain.refusal import Violation


class _Part(NamedTuple):
    """
    One part of a multipart form.

    Args:
        kind: The media type that it names; empty without one.
    """

    name: str
    value: Any
    kind: str


def read_form(
    body: bytes, content_type: str, kind: BodyKind, shape: BodyShape
) -> tuple[dict[str, Any], list[Violation]]:
    """
    Read a form into an object, and list what is wrong with it besides its values.

    Raises:
        ValueError: It is not readable.
    """
    if kind is BodyKind.MULTIPART:
        parts = _parts(body, content_type)
        return _gathered(((one.name, one.value) for one in parts), shape.shape), list(_of_other_types(parts, shape))
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
    return {**found, **_gathered((pair for pair in sent.pairs if pair[0] not in taken), shape.shape)}, []


def _of_other_types(parts: Iterable[_Part], shape: BodyShape) -> Iterator[Violation]:
    """Yield a violation for every field with a part of a type that is not right for it."""
    wrong = {one.name for one in parts if one.name in shape.parts and not shape.parts[one.name].fits(one.kind)}
    for name in sorted(wrong):
        accepts = shape.parts[name].accepts
        yield Violation("body", (name,), "part-type", accepts, f"must be sent as {' or '.join(accepts)}")


def _gathered(pairs: Iterable[tuple[str, Any]], shape: TextShape) -> dict[str, Any]:
    """Make an object of fields; one that is sent several times, or is an array, becomes a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        member = shape.member(name)
        if "array" not in member.types:
            add_value(found, name, _value(value, member))
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


def _parts(body: bytes, content_type: str) -> list[_Part]:
    parts: list[_Part] = []

    def add(name: bytes | None, value: bytes, kind: str | None) -> None:
        text = _text(value)
        try:
            read = orjson.loads(text) if kind and is_json(kind) else text
        except orjson.JSONDecodeError:
            # The place is one in the part, so it would mislead.
            raise ValueError("a part is not JSON") from None
        parts.append(_Part((name or b"").decode("utf-8", "replace"), read, kind or ""))

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
