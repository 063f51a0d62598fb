"""
Bodies to messages: the JSON mapping of protocol buffers, as the service's gateway has it.

Source:
    Observed: ``protojson`` of Go with ``DiscardUnknown``, as grpc-gateway calls it: its texts, which give
    line and column. Where it would repeat a value, three stars stand here: a body holds passwords.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from json import JSONDecoder
from typing import Any

from watchword.domain.rule import OBSERVED, Rule
from watchword.systems.zitadel.errors import Unreadable
from watchword.systems.zitadel.json_text import DEEPEST, Member, NotJsonError, Shape, Value, first_value
from watchword.systems.zitadel.messages import BODIES, Field, Kind, Message

# A lone surrogate, escaped or a byte that is no UTF-8: not text to the service.
_SURROGATE = re.compile(r"[\ud800-\udfff]|\\u[dD][89a-fA-F]")

MAPPING = Rule(
    "zitadel.json.mapping",
    OBSERVED,
    "grpc-gateway and protojson, public source; vendor page 'Change password', user service v2",
    "A body of any content type is JSON with names in camel case or with underscores, null is absent, unknown"
    " fields are ignored, and a field given twice, two members of a oneof or a wrong type are 400 before the"
    " caller is known.",
)


def decode(raw: bytes, schema: Mapping[str, Any]) -> dict[str, Any]:
    """
    Read *raw* as the message that *schema* names.

    Args:
        raw: The whole body; nothing but blanks is the empty message.
        schema: Of the document, with ``x-message``.

    Returns:
        What was given, by JSON names; known fields of the right types alone.

    Raises:
        Unreadable: It is not that message; the text says where.
    """
    return read(raw, BODIES[schema["x-message"]]) or {}


def read(raw: bytes, message: Message) -> dict[str, Any] | None:
    """
    Read *raw* as *message*.

    Args:
        raw: What follows its first value is not looked at.

    Returns:
        What was given, by JSON names; None if there are only blanks.

    Raises:
        Unreadable: It is not that message; the text says where.
    """
    text = raw.decode("utf-8", "surrogateescape")
    with suppress(_NotPlain):
        return _plain(message, _object(text))
    try:
        value = first_value(text)
    except NotJsonError as error:
        raise Unreadable(str(error)) from None
    return None if value is None else _Reader(text[value.at :], value.at).message(message, value)


class _NotPlain(Exception):
    """The text is wrong somewhere, or rare enough that only the exact reader can tell."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _NotPlain
    return members


def _no_number(_constant: str) -> Any:
    raise _NotPlain


_decoder = JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)


def _object(text: str) -> Any:
    """Read what is JSON beyond doubt, an order of magnitude faster than with positions."""
    if _SURROGATE.search(text) or text.count("{") + text.count("[") > DEEPEST:
        raise _NotPlain
    try:
        return _decoder.decode(text)
    except ValueError:
        raise _NotPlain from None


def _plain(message: Message, members: Any) -> dict[str, Any]:
    """Take the fields of *message* out of *members*, if all of them are of the right types and given once."""
    if not isinstance(members, dict):
        raise _NotPlain
    given: dict[str, Any] = {}
    names: set[str] = set()
    groups: set[str | None] = set()
    for name, value in members.items():
        field = message.field(name)
        if field is None:
            continue
        if field.name in names:
            raise _NotPlain
        names.add(field.name)
        if value is None:
            continue
        if field.oneof is not None and field.oneof in groups:
            raise _NotPlain
        groups.add(field.oneof)
        if field.message is not None:
            given[field.name] = _plain(field.message, value)
        elif type(value) is (bool if field.kind is Kind.BOOL else str) and (not field.values or value in field.values):
            given[field.name] = value
        else:
            raise _NotPlain
    return given


@dataclass(frozen=True, slots=True)
class _Reader:
    text: str
    shift: int

    def place(self, at: int) -> str:
        lines = self.text[: at - self.shift].split("\n")
        return f"(line {len(lines)}:{len(lines[-1]) + 1})"

    def wrong(self, at: int, what: str) -> Unreadable:
        return Unreadable(f"proto: {self.place(at)}: {what}")

    def unexpected(self, value: Value) -> Unreadable:
        return Unreadable(f"proto: syntax error {self.place(value.at)}: unexpected token {_shown(value)}")

    def whole(self, text: str, at: int) -> str:
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise Unreadable(f"proto: syntax error {self.place(at)}: invalid UTF-8 in string")
        return text

    def message(self, message: Message, value: Value) -> dict[str, Any]:
        if value.shape is not Shape.OBJECT:
            raise self.unexpected(value)
        given: dict[str, Any] = {}
        seen: set[str] = set()
        groups: set[str] = set()
        for member in value.members:
            field = message.field(self.whole(member.name, member.at))
            if field is None:
                continue
            if field.name in seen:
                raise self.wrong(member.at, f'duplicate field "{member.name}"')
            seen.add(field.name)
            if member.value.shape is Shape.NULL:
                continue
            if field.oneof is not None:
                if field.oneof in groups:
                    group = f"{message.name}.{field.oneof}"
                    raise self.wrong(member.at, f'error parsing "{member.name}", oneof {group} is already set')
                groups.add(field.oneof)
            self._take(field, member, given)
        return given

    def _take(self, field: Field, member: Member, given: dict[str, Any]) -> None:
        value = member.value
        match field.kind, value.shape:
            case Kind.MESSAGE, _:
                assert field.message is not None  # noqa: S101  # a field of this kind has one
                given[field.name] = self.message(field.message, value)
            case Kind.STRING, Shape.STRING:
                given[field.name] = self.whole(value.text, value.at)
            case Kind.BOOL, Shape.TRUE | Shape.FALSE:
                given[field.name] = value.shape is Shape.TRUE
            case Kind.ENUM, Shape.STRING | Shape.NUMBER if value.shape is Shape.STRING or _is_int32(value.text):
                name = _constant(field, value)
                if name is not None:
                    given[field.name] = name
            case _:
                raise self.wrong(value.at, f"invalid value for {field.kind} field {field.name}: {_shown(value)}")


def _is_int32(number: str) -> bool:
    """Whether *number*, as JSON writes it, is a whole one of 32 bits; ``1.0`` and ``1e0`` are."""
    value = Decimal(number)
    return -(2**31) <= value < 2**31 and value == value.to_integral_value()


def _constant(field: Field, value: Value) -> str | None:
    """Name the constant of an enumeration; None if it is unknown, which is ignored."""
    if value.shape is Shape.STRING:
        return value.text if value.text in field.values else None
    number = int(Decimal(value.text))
    return field.values[number] if 0 <= number < len(field.values) else None


def _shown(value: Value) -> str:
    """What may be repeated of *value*: brackets and the three words of JSON."""
    return {Shape.STRING: '"***"', Shape.NUMBER: "***"}.get(value.shape, str(value.shape))
