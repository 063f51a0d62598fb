"""
The messages of ZITADEL's methods as bytes, by its ``.proto`` files.

They are the ones that the stand-in is served with; what a server sends besides is not read.
"""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from protobuf import Message


class NotAMessage(Exception):
    """A value is no message of the method, or bytes are none."""


def write_message(path: str, value: Any) -> bytes:
    """
    Write the message of a request.

    Args:
        path: Of the method.
        value: The message in its JSON form.

    Raises:
        NotAMessage: The method's message cannot be like that.
    """
    from protobuf import message_from_json_value  # noqa: PLC0415  # only calls over gRPC need it

    asked, _ = _types()[path]
    try:
        return message_from_json_value(asked, value).to_binary()
    except Exception as error:  # noqa: BLE001  # the library has no error of its own for it
        raise NotAMessage(str(error)) from None


def read_message(path: str, content: bytes) -> Any:
    """
    Read the message of an answer, in its JSON form.

    Raises:
        NotAMessage: It is none of this method.
    """
    return _as_json(_types()[path][1], content)


def read_status(content: bytes) -> Mapping[str, Any]:
    """
    Read a ``google.rpc.Status``, as REST writes it; details of a type that we do not know are left out.

    Raises:
        NotAMessage: It is none.
    """
    from watchword.systems.zitadel.rpc.generated.google.rpc.status_pb import Status  # noqa: PLC0415  # as above

    try:
        status = Status.from_binary(content)
    except Exception as error:  # noqa: BLE001  # the library has no error of its own for it
        raise NotAMessage(str(error)) from None
    known = _types_of_details()
    details = [
        {"@type": one.type_url, **_as_json(known[one.type_url], one.value)}
        for one in status.details
        if one.type_url in known
    ]
    return {"code": status.code, "message": status.message, "details": details}


def _as_json(kind: "type[Message]", content: bytes) -> Any:
    from protobuf import message_to_json_value  # noqa: PLC0415  # as above

    try:
        return message_to_json_value(kind.from_binary(content))
    except Exception as error:  # noqa: BLE001  # the library has no error of its own for it
        raise NotAMessage(str(error)) from None


@cache
def _types() -> "Mapping[str, tuple[type[Message], type[Message]]]":
    """Find what each method is asked and what it answers, by its path."""
    from watchword.systems.zitadel.rpc.services import METHODS  # noqa: PLC0415  # as above

    return {path: (one.descriptor.input.type, one.descriptor.output.type) for path, one in METHODS.items()}


@cache
def _types_of_details() -> "Mapping[str, type[Message]]":
    """Find the messages in details, by their URLs."""
    from watchword.systems.zitadel.rpc.status import DETAILS  # noqa: PLC0415  # as above

    return DETAILS
