"""The text of a stream of events, as HTML's standard has it (section 9.2, "Server-sent events")."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

import orjson

from watchword.system import Answer, Stream

LAST_EVENT_ID = "last-event-id"
"""The header in which a client says, when it connects again, what it has got."""
HEARTBEAT = b": nothing happened\n\n"
_RETRY_MILLISECONDS = 1_000
_HEADERS: Mapping[str, str] = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    # nginx would gather events for a while.
    "X-Accel-Buffering": "no",
}


def event_stream(pieces: AsyncGenerator[bytes], headers: Mapping[str, str] | None = None) -> Answer:
    """Answer with a stream of *pieces*, and with further *headers*."""
    return Answer(200, Stream(pieces), {**_HEADERS, **(headers or {})})


def write_start(position: object) -> bytes:
    """Write the beginning: where a client is that connects again before the first event, and how soon it may."""
    return b"retry: %d\nid: %b\n\n" % (_RETRY_MILLISECONDS, str(position).encode())


def write_event(kind: str, position: object, data: Any) -> bytes:
    """
    Write one event.

    Args:
        position: Its id, which has no line break.
        data: JSON types.
    """
    return b"event: %b\nid: %b\ndata: %b\n\n" % (kind.encode(), str(position).encode(), orjson.dumps(data))
