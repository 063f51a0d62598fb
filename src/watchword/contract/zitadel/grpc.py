"""
ZITADEL over gRPC and gRPC-Web: messages in frames, and a status behind them.

Source:
    Documented: gRPC's PROTOCOL-HTTP2.md, where the status is in trailers over HTTP/2, and PROTOCOL-WEB.md, where it is
    in a frame of its own; a server that answers with an error alone may put it into the headers in both.
"""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

import orjson

from watchword.contract.driver import Reply, Request
from watchword.contract.other_wire import OtherWire
from watchword.contract.steps import Call
from watchword.contract.values import Simple, Timestamp, fill
from watchword.contract.zitadel.messages import NotAMessage, read_message, read_status, write_message
from watchword.contract.zitadel.methods import path_of, refusal, status_of_success, with_message
from watchword.systems.zitadel.grpc_codes import with_number

_PREFIX_BYTES, _TRAILERS_FLAG = 5, 0x80
_UNKNOWN, _INTERNAL = 2, 13
_ANY_MOMENT = "2026-01-15T12:00:00Z"


@dataclass(frozen=True)
class _Answered:
    """
    An answer, taken apart.

    Args:
        message: None if there is none.
        status: What its headers, trailers and last frame say of the status, by lower-case name.
    """

    message: bytes | None
    status: Mapping[str, str]


def _frame(message: bytes) -> bytes:
    return b"\0" + len(message).to_bytes(4) + message


def _frames(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Take frames apart: the flags and the payload of each."""
    while len(content) >= _PREFIX_BYTES:
        end = _PREFIX_BYTES + int.from_bytes(content[1:_PREFIX_BYTES])
        yield content[0], content[_PREFIX_BYTES:end]
        content = content[end:]


def _take_apart(reply: Reply) -> _Answered:
    message, status = None, dict(reply.headers)
    for flags, payload in _frames(reply.content):
        if flags & _TRAILERS_FLAG:
            lines = (line.partition(":") for line in payload.decode("latin-1").splitlines())
            status |= {name.lower(): value.strip() for name, _, value in lines}
        else:
            message = payload
    return _Answered(message, status)


def _encode_grpc(request: Request) -> Request:
    """Write a request of JSON as one of gRPC, which needs HTTP/2."""
    return replace(_encode(request, {"content-type": "application/grpc", "te": "trailers"}), needs_http2=True)


def _encode_grpc_web(request: Request) -> Request:
    """Write a request of JSON as one of gRPC-Web."""
    return _encode(request, {"content-type": "application/grpc-web+proto", "x-grpc-web": "1"})


def _encode(request: Request, headers: Mapping[str, str]) -> Request:
    message = write_message(request.path, orjson.loads(request.body))
    return replace(request, headers={**request.headers, **headers}, body=_frame(message))


def _is_answer(reply: Reply) -> bool:
    return "grpc-status" in _take_apart(reply).status


def _read(call: Call, reply: Reply) -> Reply:
    """Make the answer that means the same over REST; its text has all that can be read, for whoever looks into it."""
    found = _meaning(call, reply, _take_apart(reply))
    return replace(found, content=reply.content if found.body is None else orjson.dumps(found.body))


def _meaning(call: Call, reply: Reply, answered: _Answered) -> Reply:
    code = answered.status.get("grpc-status", "")
    if not code.isdigit():
        # Clients take such an answer for an error with the code UNKNOWN.
        return refusal(reply, _UNKNOWN, "no grpc-status", []) if reply.status == 200 else reply
    try:
        if int(code) == 0:
            body = read_message(path_of(call.operation) or "", answered.message or b"")
            return replace(reply, status=status_of_success(call), body=body)
        told = _details(answered.status.get("grpc-status-details-bin", ""))
    except NotAMessage:
        return refusal(reply, _INTERNAL, "the answer is not a message of this method", [])
    return refusal(reply, with_number(int(code)).number, unquote(answered.status.get("grpc-message", "")), told)


def _details(encoded: str) -> list[Any]:
    try:
        content = b64decode(encoded + "=" * (-len(encoded) % 4))
    except binascii.Error as error:
        raise NotAMessage(str(error)) from None
    details: list[Any] = read_status(content)["details"]
    return details


def _carries(call: Call) -> bool:
    """Whether the message of a call can be written, and no header of it means something else to the protocol."""
    if any(name.lower().startswith("grpc-") for name in call.headers):
        return False
    try:
        write_message(path_of(call.operation) or "", fill(with_message(call).body, _stand_in))
    except NotAMessage:
        return False
    return True


def _stand_in(value: Simple) -> str:
    return _ANY_MOMENT if isinstance(value, Timestamp) else "1"


def _is_spoken(_settings: Mapping[str, Any]) -> bool:
    """Every release speaks both."""
    return True


GRPC, GRPC_WEB = (
    # buf asks the server's reflection for the messages.
    OtherWire(
        name, path_of, with_message, _is_answer, _read, _is_spoken, encode, _carries, f"buf curl --protocol {flag}"
    )
    for name, encode, flag in (("gRPC", _encode_grpc, "grpc"), ("gRPC-Web", _encode_grpc_web, "grpcweb"))
)
