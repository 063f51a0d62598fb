"""
The envelope of every refusal: ``google.rpc.Status``.

REST writes it as JSON, and the other protocols as an error with details; both are made from one `Status`.

Source:
    gRPC to HTTP: grpc-gateway's table.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchword.domain.refusal import (
    InternalFailure,
    Maintenance,
    Malformed,
    NotStored,
    Refusal,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unauthorized,
    UnknownPath,
    WrongMethod,
)
from watchword.system import Answer
from watchword.systems.zitadel.errors import OAuthRefusal, PathNotClean, Unreadable, ZitadelRefusal
from watchword.systems.zitadel.grpc_codes import INVALID_ARGUMENT, with_number
from watchword.systems.zitadel.headers import FROM_THE_SERVICE
from watchword.systems.zitadel.settings import ZitadelSettings

DEBUG_INFO = "type.googleapis.com/google.rpc.DebugInfo"


@dataclass(frozen=True, slots=True)
class Status:
    """
    A refusal in the terms of every protocol.

    Args:
        code: The gRPC status code.
        details: Messages as JSON values, with their types in ``@type``.
    """

    code: int
    message: str
    details: Sequence[Mapping[str, Any]] = ()

    def as_json(self) -> dict[str, Any]:
        """Make the JSON value that REST answers."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        return {**body, "details": list(self.details)} if self.details else body


_GENERAL: Mapping[type[Refusal], tuple[int, int]] = {
    Malformed: (400, 3),
    Unauthorized: (401, 16),
    TooSlow: (408, 4),
    TooLarge: (413, 8),
    TooManyRequests: (429, 8),
    Maintenance: (503, 14),
    NotStored: (503, 14),
}
_FIELD = re.compile(r"invalid \w+\.(\w+)(?:\[\d+\])?: ")
_CAPITALS = re.compile(r"(?<!^)(?=[A-Z])")
_GATEWAY_ERRORS = (
    ("invalid grpc-timeout", "INVALID_TIMEOUT"),
    ("invalid binary header", "INVALID_METADATA"),
    ("non-printable ASCII", "NOT_PRINTABLE"),
    ("context deadline exceeded", "GATEWAY_TIMEOUT"),
)
_PARSE_ERRORS = (
    ("parsing field", "QUERY_TYPE"),
    ("too many values", "QUERY_REPEATED"),
    ("field already set", "QUERY_ONEOF"),
    ("invalid URL escape", "QUERY_ESCAPE"),
    ("invalid semicolon", "QUERY_SEMICOLON"),
    ("proto: syntax error", "PROTO_SYNTAX"),
    ("is already set", "PROTO_ONEOF"),
    ("duplicate field", "PROTO_DUPLICATE"),
    ("proto: ", "PROTO_TYPE"),
)


def status_of(refusal: Refusal) -> Status:
    """Make the status of a *refusal*."""
    match refusal:
        case ZitadelRefusal():
            return Status(refusal.grpc, refusal.text, refusal.details())
        case UnknownPath():
            return Status(5, "Not Found")
        case WrongMethod():
            return Status(12, "Method Not Allowed")
        case InternalFailure():
            return Status(13, "An internal error occurred", [_debug_info(refusal.message)])
        case _:
            return Status(_GENERAL.get(type(refusal), (refusal.status, 2))[1], refusal.message)


def render(refusal: Refusal, settings: ZitadelSettings) -> Answer:
    """Answer any *refusal* over REST, in the service's envelope."""
    if isinstance(refusal, OAuthRefusal):
        hints = {"Watchword-Hint": refusal.hint} if refusal.hint else {}
        return Answer(refusal.status, {"error": refusal.error, "error_description": refusal.message}, hints)
    if isinstance(refusal, PathNotClean):
        return Answer(refusal.status, headers=refusal.headers)
    status = status_of(refusal)
    if isinstance(refusal, Unreadable):
        status = replace(status, message=refusal.worded(settings.zitadel_profile))
    http = _GENERAL[type(refusal)][0] if type(refusal) in _GENERAL else refusal.status
    headers = dict(refusal.headers)
    if isinstance(refusal, ZitadelRefusal) and not refusal.by_gateway:
        headers.update(FROM_THE_SERVICE)
    if http == 401:
        headers.setdefault("WWW-Authenticate", status.message)
    hint = refusal.hint if isinstance(refusal, ZitadelRefusal) else _hint(refusal)
    if hint:
        headers.setdefault("Watchword-Hint", hint)
    return Answer(http, status.as_json(), headers, delay=refusal.delay)


def _hint(refusal: Refusal) -> str:
    """Say what exists, where the service says only that something does not."""
    return refusal.message if isinstance(refusal, UnknownPath | WrongMethod) else ""


def _debug_info(detail: str) -> dict[str, Any]:
    return {"@type": DEBUG_INFO, "detail": detail}


def code_of(status: int, body: Any) -> frozenset[str]:
    """
    Find the codes of an answer.

    Returns:
        Of a refused token, its ``error``; else the ids in the details; else the kind of the message.
        Empty for a success.
    """
    if status < 400 or not isinstance(body, dict):
        return frozenset()
    if "error" in body:
        return frozenset({str(body["error"])})
    ids = frozenset(str(one["id"]) for one in body.get("details", ()) if "id" in one)
    if not ids and body.get("details") and body.get("code") == 3:
        return frozenset({INVALID_ARGUMENT.name.upper()})  # an error of the service with an empty id
    # Newer releases write another blank.
    message = str(body.get("message", "")).replace("\N{NO-BREAK SPACE}", " ")
    return ids or frozenset({_kind(int(body.get("code", 2)), message)})


def _kind(grpc: int, message: str) -> str:
    known = next((name for words, name in _GATEWAY_ERRORS if words in message), None)
    if known is not None:
        return known
    if grpc != 3:
        return with_number(grpc).name.upper()
    field = _FIELD.match(message)
    if field:
        return f"INVALID_{_CAPITALS.sub('_', field[1]).upper()}"
    return next((name for words, name in _PARSE_ERRORS if words in message), "JSON_SYNTAX")
