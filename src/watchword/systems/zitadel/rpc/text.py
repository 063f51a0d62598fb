"""
gRPC-Web as text: the binary protocol in base64, for browsers that read no bytes as they come.

The library speaks the binary one alone.

Source:
    Documented: gRPC's PROTOCOL-WEB.md, "application/grpc-web-text": frames may be encoded one by one.
"""

import binascii
from base64 import b64encode
from collections.abc import Mapping

from starlette.types import Message, Receive, Scope, Send

_TEXT, _BINARY = b"application/grpc-web-text", b"application/grpc-web"
_QUANTUM = 4
"""Characters of base64 that stand for whole bytes."""


def is_text(headers: Mapping[str, str]) -> bool:
    """Whether a request is in this form."""
    return headers.get("content-type", "").lower().startswith(_TEXT.decode())


def as_binary(scope: Scope, receive: Receive, send: Send) -> tuple[Scope, Receive, Send]:
    """Translate a call: what comes in is decoded, what goes out is encoded."""
    headers = [(name, _renamed(value) if name == b"content-type" else value) for name, value in scope["headers"]]
    rest = bytearray()

    async def decoded() -> Message:
        message = await receive()
        if message["type"] != "http.request":
            return message
        rest.extend(message.get("body", b"").translate(None, b" \r\n"))
        last = not message.get("more_body", False)
        length = len(rest) if last else len(rest) // _QUANTUM * _QUANTUM
        quanta, rest[:length] = bytes(rest[:length]), b""
        return {**message, "body": _decoded(quanta)}

    async def encoded(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent = [(name, _texted(value) if name == b"content-type" else value) for name, value in message["headers"]]
            message = {**message, "headers": sent}
        elif message["type"] == "http.response.body":
            message = {**message, "body": b64encode(message.get("body", b""))}
        await send(message)

    return {**scope, "headers": headers}, decoded, encoded


def _decoded(quanta: bytes) -> bytes:
    """Decode; padding ends a piece, not the whole. What is no base64 becomes a frame that nobody can read."""
    pieces = []
    try:
        while quanta:
            padded = quanta.find(b"=")
            end = len(quanta) if padded < 0 else (padded // _QUANTUM + 1) * _QUANTUM
            pieces.append(binascii.a2b_base64(quanta[:end], strict_mode=True))
            quanta = quanta[end:]
    except binascii.Error:
        return b"\xff"
    return b"".join(pieces)


def _renamed(value: bytes) -> bytes:
    return value.lower().replace(_TEXT, _BINARY)


def _texted(value: bytes) -> bytes:
    return value.replace(_BINARY, _TEXT) if value.startswith(_BINARY) else value
