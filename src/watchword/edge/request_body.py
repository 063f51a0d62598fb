"""The whole body, within limits of length and time, before anything looks at it."""

import asyncio
from collections.abc import Mapping

from starlette.types import Receive

from watchword.domain.refusal import TooLarge, TooSlow


class ClientGone(Exception):
    """The client hung up before its request was complete: nobody is left to answer."""


ARRIVED = "watchword.arrived"
"""The extension of ASGI by which our own protocol tells, under ``whole``, that nothing of a body is outstanding."""


async def read_body(
    receive: Receive,
    headers: Mapping[str, str],
    *,
    most: int,
    seconds: float,
    whole: bool = False,
) -> bytes:
    """
    Read until the end of the body.

    Args:
        most: In bytes.
        seconds: For the whole body.
        whole: It is known to be here, so that there is nothing to wait for.

    Raises:
        TooLarge: Announced, or found to be, longer than *most*.
        TooSlow: It did not arrive in time.
        ClientGone: The connection ended.
    """
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise TooLarge(most, expects_continue="expect" in headers)
    message = None
    if whole or (announced in ("", "0") and "transfer-encoding" not in headers):
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
