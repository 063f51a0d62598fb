"""Send an answer, head and body in one write if the server offers that."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import lru_cache

import orjson
from starlette.types import Send

from watchword.document.http_rules import BODILESS
from watchword.domain.clock import Clock
from watchword.system import Answer

Headers = Sequence[tuple[bytes, bytes]]

WHOLE = "watchword.whole"
"""
The ASGI extension by which our own protocol takes status, headers and body in one call, which is one system
call instead of two; it returns False, with nothing done, if they have to be sent as usual.
"""
Whole = Callable[[int, Headers, bytes], bool]

_JSON = "application/json"
_JSON_AS_SENT = _JSON.encode()
_NO_CONTENT_LENGTH = frozenset((*range(100, 200), 204, 304))
"""Statuses that tell no length (RFC 9110, section 8.6); a 304 could, but only that of another answer."""


def delay_of(answer: Answer, clock: Clock) -> timedelta:
    """Return how long to wait before *answer* is sent: not at all while the sandbox's clock is frozen."""
    return timedelta(0) if clock.frozen else answer.delay


async def send_answer(answer: Answer, send: Send, whole: Whole | None, *, head: bool) -> None:
    """
    Send *answer*.

    Whatever the answer holds, a status without a body gets none, the length is the body's, and no header is sent
    twice: otherwise a client would read the rest as its next answer.

    Args:
        whole: What the server offers under `WHOLE`.
        head: Send the length of the body, but not the body.
    """
    # This yields once, so that every request of this turn is handled before any answer is written. With many
    # connections that saves a tenth to a fifth of the work for each.
    await asyncio.sleep(0)
    headers = written_headers(answer)
    status, content = answer.status, answer.body
    if content is None or status in BODILESS:
        body = b""
        if status in BODILESS:
            headers.pop(b"content-type", None)
    else:
        body = content if isinstance(content, bytes) else orjson.dumps(content)
        if body:
            headers.setdefault(b"content-type", _JSON_AS_SENT)
    headers.pop(b"transfer-encoding", None)
    if status in _NO_CONTENT_LENGTH:
        headers.pop(b"content-length", None)
    else:
        headers[b"content-length"] = b"%d" % len(body)
    pairs = list(headers.items())
    if whole is not None and not head and whole(status, pairs, body):
        return
    await send({"type": "http.response.start", "status": status, "headers": pairs})
    await send({"type": "http.response.body", "body": b"" if head else body})


def with_media_type(answer: Answer) -> Answer:
    """Give *answer* with the media type with which it is sent; most answers are JSON, and do not name it."""
    if answer.body in (None, b"") or answer.status in BODILESS or "content-type" in map(str.lower, answer.headers):
        return answer
    return answer.with_headers({**answer.headers, "Content-Type": _JSON})


def written_headers(answer: Answer) -> dict[bytes, bytes]:
    """Write the headers of an answer as they are sent."""
    return {_wire(name): _printable(value) for name, value in answer.headers.items()}


@lru_cache(256)
def _wire(name: str) -> bytes:
    return name.lower().encode("latin-1")


def _printable(value: str) -> bytes:
    """Keep a header on one line of printable ASCII: a value may contain what a client sent."""
    if value.isascii() and value.isprintable():
        return value.encode()
    return "".join(character if " " <= character <= "~" else "?" for character in value).encode()
