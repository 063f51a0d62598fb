"""
Translating a status into an error of the library, and such an error into an answer of the document.

Source:
    Observed: error details are ``zitadel.v1.ErrorDetail`` in every protocol.
"""

from collections.abc import Mapping
from typing import Any

from connectrpc.code import Code
from connectrpc.errors import ConnectError
from protobuf import Message, message_from_json_value

from watchword.system import Answer
from watchword.systems.zitadel.envelope import Status
from watchword.systems.zitadel.rpc.generated.google.rpc.error_details_pb import DebugInfo
from watchword.systems.zitadel.rpc.generated.zitadel.v1.message_pb import CredentialsCheckError, ErrorDetail

_DETAILS: Mapping[str, type[Message]] = {
    f"type.googleapis.com/{one.desc().type_name}": one for one in (ErrorDetail, CredentialsCheckError, DebugInfo)
}
_CODES: Mapping[int, tuple[Code, int]] = {
    1: (Code.CANCELED, 499),
    2: (Code.UNKNOWN, 500),
    3: (Code.INVALID_ARGUMENT, 400),
    4: (Code.DEADLINE_EXCEEDED, 504),
    5: (Code.NOT_FOUND, 404),
    7: (Code.PERMISSION_DENIED, 403),
    8: (Code.RESOURCE_EXHAUSTED, 429),
    9: (Code.FAILED_PRECONDITION, 400),
    12: (Code.UNIMPLEMENTED, 501),
    13: (Code.INTERNAL, 500),
    14: (Code.UNAVAILABLE, 503),
    16: (Code.UNAUTHENTICATED, 401),
}
_NUMBERS = {code: (number, status) for number, (code, status) in _CODES.items()}


def to_error(status: Status) -> ConnectError:
    """Make the error that the library translates into every protocol."""
    code = _CODES.get(status.code, _CODES[2])[0]
    return ConnectError(code, status.message, [_to_message(one) for one in status.details])


def to_answer(error: ConnectError) -> Answer:
    """Make the REST answer that means the same as an *error* of the library."""
    number, status = _NUMBERS.get(error.code, _NUMBERS[Code.UNKNOWN])
    return Answer(status, {"code": number, "message": error.message})


def http_status(code: int) -> int:
    """Find the HTTP status of a gRPC *code*."""
    return _CODES.get(code, _CODES[2])[1]


def _to_message(detail: Mapping[str, Any]) -> Message:
    fields = {name: value for name, value in detail.items() if name != "@type"}
    return message_from_json_value(_DETAILS[detail["@type"]], fields)
