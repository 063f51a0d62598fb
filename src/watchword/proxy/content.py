"""What stands in a body, for those who judge and note it: bodies are forwarded as they are."""

import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from watchword.document.media_types import JSON, is_json

_GZIP, _ZLIB = 31, 15
_WINDOWS: Mapping[str, int] = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}
"""The content codings that are read, with what zlib calls the size of their windows."""


class Content(NamedTuple):
    """
    A body without its content codings.

    Args:
        body: As it would have been sent without them.
        is_readable: Whether that is known: there are codings that are not read here, and bodies that are damaged.
        damage: What is wrong with one that is damaged, as the end of a sentence; empty for any other.
    """

    body: bytes
    is_readable: bool = True
    damage: str = ""


def decode(headers: Mapping[str, str], body: bytes, *, most_bytes: int) -> Content:
    """
    Undo the content codings of a body.

    Args:
        headers: By lower-case name.
        most_bytes: A longer one is not read: a few bytes can stand for gigabytes.
    """
    codings = [one.strip().lower() for one in headers.get("content-encoding", "").split(",")]
    for coding in reversed([one for one in codings if one not in ("", "identity")]):
        if not body:
            break
        if coding not in _WINDOWS:
            return Content(body, is_readable=False)
        try:
            inflated = _inflate(body, _WINDOWS[coding], most_bytes)
        except zlib.error:
            return Content(body, is_readable=False, damage=f"is not readable as {coding}")
        if inflated is None:
            return Content(body, is_readable=False)
        body = inflated
    return Content(body)


def _inflate(body: bytes, window: int, most_bytes: int) -> bytes | None:
    """
    Decompress; gzip may have several members, one after the other. None if the result is too long.

    Raises:
        zlib.error: It is damaged, or ends early.
    """
    parts, room = list[bytes](), most_bytes
    while body:
        if parts and window != _GZIP:
            raise zlib.error("there is something behind its end")
        member = zlib.decompressobj(window)
        parts.append(member.decompress(body, room + 1))
        room -= len(parts[-1])
        if room < 0:
            return None
        if not member.eof:
            raise zlib.error("it ends early")
        body = member.unused_data
    return b"".join(parts)


def as_answered(headers: Mapping[str, str], content: Content) -> Any:
    """
    Give the body of an answer as a handler would: JSON types, or bytes; None for no body.

    Args:
        headers: By lower-case name.
    """
    body = content.body
    if not body:
        return None
    if content.is_readable and is_json(headers.get("content-type", JSON)):
        try:
            read = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
        return body if read is None else read
    return body
