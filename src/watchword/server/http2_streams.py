"""The streams of an HTTP/2 connection: their tasks, and requests that are refused before they begin."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import orjson
from hypercorn.asyncio.task_group import _handle

from watchword.edge.breaking import BREAK, Break
from watchword.edge.host_names import HOST_BYTES
from watchword.server.unread import NOT_A_HOST, NOT_A_PROXY, Fault

_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_PATH = re.compile(rb"[/*][!-~]*\Z")
_BAD_METHOD = Fault("method", "The method has characters that no method has.")
_BAD_PATH = Fault("path", "The path has characters that have to be percent-encoded.")


class _ClosedStream:
    """A stream that was answered before its whole request had arrived; the rest of the request is ignored."""

    idle = True

    async def handle(self, _event: Any) -> None:
        """Ignore the event."""


class Streams(dict[int, Any]):
    """The streams of a connection. An event of a closed stream is not an error (hypercorn #329)."""

    def __missing__(self, _stream: int) -> _ClosedStream:
        return _ClosedStream()


class StreamTask:
    """
    Starts the task of one stream, in the place of hypercorn's task group for the whole connection.

    Args:
        start: Runs what answers the stream.
        acknowledge: Is told how many bytes of the body were read.
        break_stream: Breaks the stream, or its connection, in the place of an answer.
    """

    def __init__(
        self,
        start: Callable[[Coroutine[Any, Any, None]], None],
        acknowledge: Callable[[int], Awaitable[None]],
        break_stream: Break,
    ) -> None:
        self._start, self._acknowledge, self._break = start, acknowledge, break_stream

    async def spawn_app(
        self, app: Any, config: Any, scope: Any, send: Callable[[Any], Awaitable[None]]
    ) -> Callable[[Any], Awaitable[None]]:
        """Start the application; return where the events of the request go."""
        queue: asyncio.Queue[Any] = asyncio.Queue()
        scope["extensions"][BREAK] = self._break

        async def receive() -> Any:
            event = await queue.get()
            if event.get("body"):
                await self._acknowledge(len(event["body"]))
            return event

        self._start(_handle(app, config, scope, receive, send, _no_threads, _no_threads))
        return queue.put


def _no_threads(*_: Any) -> Any:
    raise NotImplementedError("hypercorn hands its threads to every application; ours needs none")


def what_is_wrong(method: bytes, path: bytes, host: bytes) -> Fault | None:
    """Say why a request cannot be served, whatever it asks for; None if it can."""
    if method == b"CONNECT":
        return NOT_A_PROXY
    if not _METHOD.match(method):
        return _BAD_METHOD
    if host and not HOST_BYTES.fullmatch(host):
        return NOT_A_HOST
    return None if _PATH.match(path) else _BAD_PATH


def refusing(fault: Fault, explained_at: str = "") -> Callable[[Any, Any, Any], Awaitable[None]]:
    """Make an application that answers 400, as HTTP/1.1 does for what is not HTTP, and says where that is explained."""
    problem = {"type": "about:blank", "title": "Bad Request", "status": 400}
    problem |= {"detail": fault.detail, "code": fault.reason}
    headers = [(b"content-type", b"application/problem+json")]
    if explained_at:
        headers.append((b"watchword-why", explained_at.encode()))

    async def answer(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": orjson.dumps(problem)})

    return answer
