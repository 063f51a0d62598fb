"""
Reading request messages in JSON, as the service's gateway does.

Source:
    Observed: ``protojson`` of Go with ``DiscardUnknown``, as grpc-gateway calls it.
"""

import json
from collections.abc import Mapping
from typing import Any

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.zitadel.messages import UNSIGNED, Field, Kind, Message, is_time
from watchword.systems.zitadel.protojson_exact import read_exactly
from watchword.systems.zitadel.protojson_fast import NotPlainError, read_fast
from watchword.systems.zitadel.request_messages import REQUESTS
from watchword.systems.zitadel.values import read_bytes


def decode(raw: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read a body as the message that *schema* names.

    Args:
        raw: The whole body; a blank one is the empty message.
        schema: Of the document, with ``x-message``.

    Returns:
        The fields that were set, by JSON names; each is known and has the right type.

    Raises:
        Unreadable: The body is not that message; the text says where.
    """
    return read(raw, REQUESTS[schema["x-message"]]) or {}


def _read_leniently(raw: bytes, message: Message) -> dict[str, Any] | None:
    """Without the rule only JSON names are known, and what does not fit is ignored."""
    text = raw.decode("utf-8", "replace")
    if not text.strip():
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = {}
    return _fitting_fields(message, found) if isinstance(found, dict) else {}


def _fitting_fields(message: Message, found: Mapping[str, Any]) -> dict[str, Any]:
    fields = {field.name: field for field in message.fields}
    return {name: _clean(fields[name], value) for name, value in found.items() if _fits(fields.get(name), value)}


def _fits(field: Field | None, value: Any) -> bool:
    if field is None:
        return False
    if field.repeated:
        return isinstance(value, list) and all(_fits_one(field, one) for one in value)
    if field.mapped:
        return isinstance(value, dict) and all(_fits_one(field, one) for one in value.values())
    return _fits_one(field, value)


def _fits_one(field: Field, value: Any) -> bool:
    match field.kind:
        case Kind.MESSAGE:
            return isinstance(value, dict)
        case Kind.BOOL:
            return isinstance(value, bool)
        case Kind.ENUM:
            return value in field.values
        case Kind.UINT32 | Kind.UINT64:
            return type(value) is int and 0 <= value < 2 ** UNSIGNED[field.kind]
        case Kind.BYTES:
            return isinstance(value, str) and read_bytes(value) is not None
        case Kind.DURATION | Kind.TIMESTAMP:
            return isinstance(value, str) and is_time(field.kind, value)
    return isinstance(value, str)


def _clean(field: Field, value: Any) -> Any:
    if field.repeated:
        return [_clean_one(field, one) for one in value]
    if field.mapped:
        return {name: _clean_one(field, one) for name, one in value.items()}
    return _clean_one(field, value)


def _clean_one(field: Field, value: Any) -> Any:
    if field.message is not None:
        return _fitting_fields(field.message, value)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@rule(
    "zitadel.json.mapping",
    OBSERVED,
    "grpc-gateway and protojson, public source; vendor page 'Change password', user service v2",
    without=_read_leniently,
    compares=lambda raw, message: {"bytes": len(raw), "message": message.short_name},
)
def read(raw: bytes, message: Message) -> dict[str, Any] | None:
    """
    A body of any content type is JSON with names in camel case or with underscores, null is absent, unknown
    fields are ignored, and a field given twice, two members of a oneof or a wrong type are 400 before the
    caller is known.

    Args:
        raw: Whatever follows the first JSON value is ignored.

    Returns:
        The fields that were set, by JSON names; None if *raw* is blank.

    Raises:
        Unreadable: It is not that message; the text says where.
    """
    text = raw.decode("utf-8", "surrogateescape")
    try:
        return read_fast(text, message)
    except NotPlainError:
        return read_exactly(text, message)
