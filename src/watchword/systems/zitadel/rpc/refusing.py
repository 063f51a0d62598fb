"""
Refusing a call before there is an exchange to answer, or when the server stops: in the words of its protocol.

Source:
    Documented: gRPC's PROTOCOL-HTTP2.md ("Responses") and PROTOCOL-WEB.md ("Message framing"), Connect's
    "Unary-Response". gRPC's statuses for HTTP's: http-grpc-status-mapping.md; 400 is the client's argument here.
"""

from base64 import b64encode
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

import orjson
from starlette.types import Send

from watchword.systems.zitadel.grpc_codes import INVALID_ARGUMENT, UNAVAILABLE, UNIMPLEMENTED, UNKNOWN, GrpcCode

_CODES: Mapping[int, GrpcCode] = MappingProxyType({400: INVALID_ARGUMENT, 404: UNIMPLEMENTED, 503: UNAVAILABLE})
_KINDS: Mapping[str, str] = MappingProxyType(
    {"grpc": "application/grpc", "grpc-web": "application/grpc-web", "connect": "application/json"}
)
_ECHOED = frozenset(
    f"application/grpc{variant}{suffix}" for variant in ("", "-web", "-web-text") for suffix in ("", "+proto", "+json")
)
"""Types that an answer has if the request has them; any other text of a client is not sent back."""
_TRAILERS_FLAG = b"\x80"


async def send_refusal(kind: str, protocol: str, status: int, message: str, send: Send) -> None:
    """
    Send a refusal.

    Args:
        kind: The content type of the request.
        protocol: ``grpc``, ``grpc-web`` or ``connect``.
        status: The HTTP status that it would have been.
    """
    sent = kind if kind in _ECHOED and protocol != "connect" else _KINDS[protocol]
    code = _CODES.get(status, UNKNOWN)
    words = quote(message, safe=" !'()*,-./:;").encode()
    trailers = [(b"grpc-status", str(code.number).encode()), (b"grpc-message", words)]
    body = b""
    if protocol == "connect":
        body = orjson.dumps({"code": code.name, "message": message})
    elif protocol == "grpc-web":
        lines = b"".join(name + b": " + value + b"\r\n" for name, value in trailers)
        body = _TRAILERS_FLAG + len(lines).to_bytes(4) + lines
        body = b64encode(body) if "-text" in sent else body
    head = {"type": "http.response.start", "status": status if protocol == "connect" else 200}
    headers = [(b"content-type", sent.encode())]
    if protocol == "grpc":
        await send({**head, "headers": headers, "trailers": True})
        await send({"type": "http.response.body", "body": b""})
        await send({"type": "http.response.trailers", "headers": trailers})
    else:
        await send({**head, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})
