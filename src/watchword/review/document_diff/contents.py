"""Bodies by media type, and values that are written as one."""

from collections.abc import Iterator

from watchword.review.document_diff.change import Change, change
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parts import Pair, Part
from watchword.review.document_diff.use import Use
from watchword.review.level import Way


def compare_content(context: Context, pair: Pair, use: Use) -> Iterator[Change]:
    """
    Compare the media types of a body, or of a value that is written as one.

    Args:
        pair: The maps from media types to what they hold.
    """
    base = {} if pair.base is None else {_normal(name): one for name, one in pair.base.members().items()}
    head = {} if pair.head is None else {_normal(name): one for name, one in pair.head.members().items()}
    for name, one in base.items():
        other = head.get(name) or _covering(head, name)
        if other is None:
            what = f"{name} is gone"
            yield change(f"{use.way}-media-type-removed", what, one.bare(), None, where=("content", name))
            continue
        for found in _media_type(context, Pair(one, other), use):
            yield found.below("content", name)
    for name, one in head.items():
        if name not in base:
            what = f"{name} is new"
            yield change(f"{use.way}-media-type-added", what, None, one.bare(), where=("content", name))


def _normal(name: str) -> str:
    return name.lower().replace(" ", "")


def _covering(media_types: dict[str, Part], name: str) -> Part | None:
    """Find a range, such as ``application/*``, that a media type is in."""
    return media_types.get(f"{name.partition('/')[0]}/*") or media_types.get("*/*")


def _media_type(context: Context, pair: Pair, use: Use) -> Iterator[Change]:
    schemas = pair.get("schema")
    for found in context.schemas.compare(schemas.base, schemas.head, use):
        yield found.below("schema")
    for name, one in pair.get("encoding").members():
        if one.differs:
            what = f"the encoding of {name} is another"
            yield change(f"{use.way}-encoding-changed", what, one.base, one.head, where=("encoding", name))
    yield from context.annotations(pair, {"schema", "encoding"})


def compare_request_body(context: Context, pair: Pair) -> Iterator[Change]:
    """Compare what a client sends."""
    pair = context.documents.follow(pair)
    was, now = (bool((value or {}).get("required")) for value in pair.values)
    if pair.base is None or pair.head is None:
        if pair.head is not None:
            suffix = "required-request-body-added" if now else "optional-request-body-added"
            yield change(suffix, f"the body is new{' and required' if now else ''}", None, pair.head.bare())
        if pair.base is not None:
            yield change("request-body-removed", "the body is gone", pair.base.bare(), None)
        return
    if was != now:
        suffix = f"request-body-became-{'required' if now else 'optional'}"
        places = pair.get("required")
        told = f"the body is {'required now' if now else 'no longer required'}"
        yield change(suffix, told, places.base or pair.base.bare(), places.head or pair.head.bare())
    yield from compare_content(context, pair.get("content"), Use(Way.REQUEST, "body"))
    yield from context.annotations(pair, {"content", "required"})
