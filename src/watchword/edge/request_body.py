"""Read the whole body, within limits of length and time, before the pipeline looks at the request."""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from watchword.domain.refusal import TooLarge, TooSlow


class ClientGone(Exception):
    """The client closed the connection before its request was complete: nobody reads an answer."""


ARRIVED = "watchword.arrived"
"""The ASGI extension by which our own protocol says, under ``complete``, that the whole body has arrived."""


async def read_body(
    receive: Receive,
    headers: Mapping[str, str],
    *,
    most: int,
    seconds: float,
    complete: bool = False,
) -> bytes:
    """
    Read until the end of the body.

    Args:
        most: In bytes.
        seconds: For the whole body.
        complete: It has arrived, so there is nothing to wait for.

    Raises:
        TooLarge: It is longer than *most*, as announced or as received.
        TooSlow: It did not arrive in time.
        ClientGone: The connection was closed.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise TooLarge(most, expects_continue="expect" in headers)
    message = None
    if complete or (announced in ("", "0") and "transfer-encoding" not in headers):
        message = await receive()
        if message["type"] == "http.request" and not message.get("more_body"):
            body: bytes = message.get("body", b"")
            if len(body) > most:
                raise TooLarge(most)
            return body
    try:
        async with asyncio.timeout(seconds):
            return await _rest(receive, message, most)
    except TimeoutError:
        raise TooSlow(seconds) from None


async def _rest(receive: Receive, message: object, most: int) -> bytes:
    chunks: list[bytes] = []
    length = 0
    while True:
        event = message if isinstance(message, dict) else await receive()
        message = None
        if event["type"] == "http.disconnect":
            raise ClientGone
        chunk = event.get("body", b"")
        length += len(chunk)
        if length > most:
            raise TooLarge(most)
        chunks.append(chunk)
        if not event.get("more_body"):
            return b"".join(chunks)
