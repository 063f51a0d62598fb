"""
The fast reader of messages in JSON: an order of magnitude faster than the exact one, for plain texts only.

It knows no positions. Whatever could be wrong, or is rare, is left to the exact reader.
"""

import re
from json import JSONDecoder
from typing import Any

from watchword.systems.zitadel.json_text import DEEPEST
from watchword.systems.zitadel.messages import UNSIGNED, Field, Kind, Message, is_time
from watchword.systems.zitadel.values import read_bytes

# A lone surrogate: an escaped one, or a byte that is not UTF-8. The service does not accept it as text.
_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")


class NotPlainError(Exception):
    """The text is wrong somewhere, or so rare that only the exact reader can judge it."""


def read_fast(text: str, message: Message) -> dict[str, Any]:
    """
    Read *text* as *message*.

    Args:
        text: Bytes that are not UTF-8 are lone surrogates in it.

    Returns:
        The fields that were set, by JSON names.

    Raises:
        NotPlainError: Ask the exact reader.
    """
    if _SURROGATE.search(text) or text.count("{") + text.count("[") > DEEPEST:
        raise NotPlainError
    try:
        value = _decoder.decode(text)
    except ValueError:
        raise NotPlainError from None
    return _read_fields(message, value)


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise NotPlainError
    return members


def _refuse_constant(_constant: str) -> Any:
    raise NotPlainError


_decoder = JSONDecoder(object_pairs_hook=_unique_members, parse_constant=_refuse_constant)


def _read_fields(message: Message, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotPlainError
    given: dict[str, Any] = {}
    names: set[str] = set()
    groups: set[str | None] = set()
    for name, inner in value.items():
        field = message.field(name)
        if field is None:
            continue
        if field.name in names:
            raise NotPlainError
        names.add(field.name)
        if inner is None:
            continue
        if field.oneof is not None and field.oneof in groups:
            raise NotPlainError
        groups.add(field.oneof)
        given[field.name] = _read_field(field, inner)
    return given


def _read_field(field: Field, value: Any) -> Any:
    if field.repeated:
        if not isinstance(value, list):
            raise NotPlainError
        return [_read_one(field, one) for one in value]
    if field.mapped:
        if not isinstance(value, dict):
            raise NotPlainError
        return {name: _read_one(field, one) for name, one in value.items()}
    return _read_one(field, value)


def _read_one(field: Field, value: Any) -> Any:
    if field.message is not None:
        return _read_fields(field.message, value)
    bits = UNSIGNED.get(field.kind)
    if bits is not None:
        if type(value) is not int or not 0 <= value < 2**bits:
            raise NotPlainError
        return value
    if type(value) is not (bool if field.kind is Kind.BOOL else str):
        raise NotPlainError
    if field.values and value not in field.values:
        raise NotPlainError
    if field.kind is Kind.BYTES:
        read = read_bytes(str(value))
        if read is None:
            raise NotPlainError
        return read
    if field.kind in (Kind.DURATION, Kind.TIMESTAMP) and not is_time(field.kind, str(value)):
        raise NotPlainError
    return value
