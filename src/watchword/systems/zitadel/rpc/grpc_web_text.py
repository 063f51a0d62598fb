"""
gRPC-Web in its text form: the binary form in base64, for browsers that cannot read a stream of bytes.

The library knows the binary form only, so both directions are translated.

Source:
    Documented: gRPC's PROTOCOL-WEB.md, "application/grpc-web-text": frames may be encoded one by one.
"""

import binascii
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping

from starlette.types import Message, Receive, Scope, Send

Headers = Iterable[tuple[bytes, bytes]]
_TEXT, _BINARY = b"application/grpc-web-text", b"application/grpc-web"
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_QUANTUM = 4
"""Characters of base64 that encode whole bytes."""


def is_text(headers: Mapping[str, str]) -> bool:
    """Whether a request is in the text form."""
    return headers.get("content-type", "").lower().startswith(_TEXT.decode())


def translate(
    scope: Scope, receive: Receive, send: Send, on_invalid: Callable[[int], None]
) -> tuple[Scope, Receive, Send]:
    """
    Translate a call: decode the request, and encode the answer.

    Args:
        on_invalid: Is told where a request stops being base64; nothing more of it is read.
    """
    headers = _rewrite_type(scope["headers"], _to_binary_type)
    pending, read = bytearray(), 0

    async def receive_decoded() -> Message:
        nonlocal read
        message = await receive()
        if message["type"] != "http.request":
            return message
        pending.extend(message.get("body", b"").translate(None, b" \r\n"))
        last = not message.get("more_body", False)
        length = len(pending) if last else len(pending) // _QUANTUM * _QUANTUM
        quanta, pending[:length] = bytes(pending[:length]), b""
        try:
            body = _decode(quanta)
        except binascii.Error:
            on_invalid(read + _first_invalid(quanta))
            return {**message, "body": b"", "more_body": False}
        read += length
        return {**message, "body": body}

    async def send_encoded(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b64encode(message.get("body", b""))}
        await send(message)

    return {**scope, "headers": headers}, receive_decoded, send_encoded


def _decode(quanta: bytes) -> bytes:
    """
    Decode pieces that end with their padding.

    Raises:
        binascii.Error: They are not base64.
    """
    pieces = []
    while quanta:
        padded = quanta.find(b"=")
        end = len(quanta) if padded < 0 else (padded // _QUANTUM + 1) * _QUANTUM
        pieces.append(binascii.a2b_base64(quanta[:end], strict_mode=True))
        quanta = quanta[end:]
    return b"".join(pieces)


def _first_invalid(quanta: bytes) -> int:
    """Find the first character that is not of base64; the end, if only characters are missing."""
    found = _NOT_BASE64.search(quanta)
    return len(quanta) if found is None else found.start()


def _rewrite_type(headers: Headers, rewrite: Callable[[bytes], bytes]) -> Headers:
    return [(name, rewrite(value) if name == b"content-type" else value) for name, value in headers]


def _to_binary_type(value: bytes) -> bytes:
    return value.lower().replace(_TEXT, _BINARY)
