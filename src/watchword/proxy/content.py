"""What stands in a body, for those who judge and note it: bodies are forwarded as they are."""

import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson

from watchword.document.media_types import JSON, is_json

_WINDOWS: Mapping[str, int] = {"gzip": 31, "x-gzip": 31, "deflate": 15}
"""The content codings that are read, with what zlib calls the size of their windows."""


class Content(NamedTuple):
    """
    A body without its content codings.

    Args:
        body: As it would have been sent without them.
        is_readable: Whether that is known: there are codings that are not read here, and bodies that are damaged.
    """

    body: bytes
    is_readable: bool = True


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
        decompressing = zlib.decompressobj(_WINDOWS[coding])
        try:
            body = decompressing.decompress(body, most_bytes)
        except zlib.error:
            return Content(body, is_readable=False)
        if not decompressing.eof:
            return Content(body, is_readable=False)
    return Content(body)


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
