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
from watchword.systems.zitadel.grpc_codes import with_http, with_name, with_number
from watchword.systems.zitadel.rpc.generated.google.rpc.error_details_pb import DebugInfo
from watchword.systems.zitadel.rpc.generated.zitadel.v1.message_pb import CredentialsCheckError, ErrorDetail

DETAILS: Mapping[str, type[Message]] = {
    f"type.googleapis.com/{one.desc().type_name}": one for one in (ErrorDetail, CredentialsCheckError, DebugInfo)
}
"""The messages that stand in details, by their URLs."""


def to_error(status: Status) -> ConnectError:
    """Make the error that the library translates into every protocol."""
    code = Code(with_number(status.code).name)
    return ConnectError(code, status.message, [_to_message(one) for one in status.details])


def to_answer(error: ConnectError) -> Answer:
    """Make the REST answer that means the same as an *error* of the library."""
    code = with_name(error.code.value)
    return Answer(code.http, {"code": code.number, "message": error.message})


def status_in(answer: Answer) -> Status:
    """Read the status in an *answer* of the document; one without any gets that of its HTTP status."""
    body = answer.body if isinstance(answer.body, Mapping) else {}
    code = int(body.get("code", with_http(answer.status).number))
    return Status(code, str(body.get("message", "")), [one for one in body.get("details", ()) if _is_known(one)])


def _is_known(detail: Mapping[str, Any]) -> bool:
    return detail.get("@type") in DETAILS


def _to_message(detail: Mapping[str, Any]) -> Message:
    fields = {name: value for name, value in detail.items() if name != "@type"}
    return message_from_json_value(DETAILS[detail["@type"]], fields)
