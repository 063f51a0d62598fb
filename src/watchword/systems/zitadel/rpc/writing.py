"""Messages as the bodies of calls, for whoever sends one again."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import orjson
from protobuf import message_from_json_value

from watchword.systems.zitadel.rpc.content_types import without_parameters
from watchword.systems.zitadel.rpc.grpc_web_text import is_text
from watchword.systems.zitadel.rpc.services import METHODS


def write_call(path: str, headers: Mapping[str, str], message: Any, *, framed: bool) -> bytes | None:
    """
    Write the body of a call, not compressed.

    Args:
        path: Of its method.
        headers: By lower-case name; the content type says how the message is encoded.
        message: In its JSON form.
        framed: Whether the protocol puts messages into frames.

    Returns:
        None if there is no such method, or if its message cannot be so.
    """
    encoded = _encoded(path, without_parameters(headers.get("content-type", "")), message)
    if encoded is None or not framed:
        return encoded
    frame = b"\0" + len(encoded).to_bytes(4) + encoded
    return b64encode(frame) if is_text(headers) else frame


def _encoded(path: str, kind: str, message: Any) -> bytes | None:
    if kind.endswith("json"):
        return orjson.dumps(message)
    method = METHODS.get(path)
    try:
        return None if method is None else message_from_json_value(method.descriptor.input.type, message).to_binary()
    except Exception:  # noqa: BLE001  # the library has no error of its own for it
        return None
