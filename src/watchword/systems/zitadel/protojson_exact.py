"""
The exact reader of messages in JSON: it names the line and the column of an error, in the words of Go's ``protojson``.

Where ``protojson`` would quote a value, the text has three stars, because a body contains passwords.
"""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from watchword.systems.zitadel.errors import Unreadable
from watchword.systems.zitadel.json_text import HALF, Member, NotJsonError, Shape, Value, read_first_value
from watchword.systems.zitadel.messages import UNSIGNED, Field, Kind, Message, is_time
from watchword.systems.zitadel.values import read_bytes

MOST_VALUES = 5000
"""
How many values a text may have that the fast reader leaves to this one: it takes some microseconds for each, and nobody
is known yet.

Source:
    Assumed: the service has no such limit, and no message of it a hundredth as many.
"""
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,9})?")


def read_exactly(text: str, message: Message) -> dict[str, Any] | None:
    """
    Read *text* as *message*.

    Args:
        text: Bytes that are not UTF-8 are lone surrogates in it.

    Returns:
        The fields that were set, by JSON names; None if *text* is blank.

    Raises:
        Unreadable: It is not that message; the text of the refusal says where.
    """
    if sum(map(text.count, "[{,")) > MOST_VALUES:
        raise Unreadable("exceeded max values")
    try:
        value = read_first_value(text)
    except NotJsonError as error:
        raise Unreadable(str(error)) from None
    return None if value is None else _Reader(text[value.at :], value.at).read_message(message, value)


@dataclass(frozen=True, slots=True)
class _Reader:
    """
    Reads the values of one text.

    Args:
        text: From its first value on, where lines and columns begin to count.
        start: The offset of that value.
    """

    text: str
    start: int

    def read_message(self, message: Message, value: Value) -> dict[str, Any]:
        if value.shape is not Shape.OBJECT:
            raise Unreadable(f"proto: syntax error {self._place(value.at)}: unexpected token {_show(value)}")
        given: dict[str, Any] = {}
        seen: set[str] = set()
        groups: set[str] = set()
        for member in value.members:
            field = message.field(self._check_utf8(member.name, member.at))
            if field is None:
                self._check_inside(member.value)
                continue
            if field.name in seen:
                raise self._error(member.at, f'duplicate field "{member.name}"')
            seen.add(field.name)
            if member.value.shape is Shape.NULL:
                continue
            if field.oneof is not None:
                if field.oneof in groups:
                    group = f"{message.name}.{field.oneof}"
                    raise self._error(member.at, f'error parsing "{member.name}", oneof {group} is already set')
                groups.add(field.oneof)
            self._read_field(field, member, given)
        return given

    def _read_field(self, field: Field, member: Member, given: dict[str, Any]) -> None:
        value = member.value
        if field.repeated:
            if value.shape is not Shape.ARRAY:
                raise Unreadable(f"proto: syntax error {self._place(value.at)}: unexpected token {_show(value)}")
            given[field.name] = [self._read_one(field, item) for item in value.items]
            return
        if field.mapped:
            given[field.name] = self._read_map(field, value)
            return
        read = self._read_one(field, value)
        if read is not None:
            given[field.name] = read

    def _read_map(self, field: Field, value: Value) -> dict[str, Any]:
        if value.shape is not Shape.OBJECT:
            raise Unreadable(f"proto: syntax error {self._place(value.at)}: unexpected token {_show(value)}")
        read: dict[str, Any] = {}
        for member in value.members:
            name = self._check_utf8(member.name, member.at)
            if name in read:
                raise self._error(member.at, 'duplicate map key "***"')
            read[name] = self._read_one(replace(field, name="value"), member.value)
        return read

    def _read_one(self, field: Field, value: Value) -> Any:
        """Read a value; None for a constant that is ignored."""
        match field.kind, value.shape:
            case Kind.MESSAGE, _:
                assert field.message is not None  # noqa: S101  # a field of this kind has one
                return self.read_message(field.message, value)
            case Kind.STRING, Shape.STRING:
                return self._check_utf8(value.text, value.at)
            case Kind.BOOL, Shape.TRUE | Shape.FALSE:
                return value.shape is Shape.TRUE
            case Kind.ENUM, Shape.STRING | Shape.NUMBER if value.shape is Shape.STRING or _is_int32(value.text):
                return _find_constant(field, value)
            case Kind.UINT32 | Kind.UINT64, Shape.STRING | Shape.NUMBER:
                number = _read_unsigned(value.text, UNSIGNED[field.kind])
                if number is not None:
                    return number
            case Kind.BYTES, Shape.STRING:
                read = read_bytes(value.text)
                if read is not None:
                    return read
            case Kind.DURATION | Kind.TIMESTAMP, _:
                return self._read_time(field, value)
        shown = _show(value)
        raise self._error(
            value.at,
            f"invalid value for {field.kind} field {field.name}: {shown}",
            v2_65=f"invalid value for {field.kind} type: {shown}",
        )

    def _read_time(self, field: Field, value: Value) -> str:
        """Read a duration or a moment, which stay texts."""
        if value.shape is not Shape.STRING:
            raise Unreadable(f"proto: syntax error {self._place(value.at)}: unexpected token {_show(value)}")
        if not is_time(field.kind, value.text):
            raise self._error(value.at, f"invalid {field.kind} value {_show(value)}")
        return value.text

    def _check_utf8(self, text: str, at: int) -> str:
        if not text.isascii() and (found := _SURROGATE.search(text)):
            if found[0] == HALF:
                raise Unreadable("proto: unexpected EOF")
            raise Unreadable(f"proto: syntax error {self._place(at)}: invalid UTF-8 in string")
        return text

    def _check_inside(self, value: Value) -> None:
        """Check the texts of a value that is ignored."""
        self._check_utf8(value.text, value.at)
        for item in value.items:
            self._check_inside(item)
        for member in value.members:
            self._check_utf8(member.name, member.at)
            self._check_inside(member.value)

    def _error(self, at: int, reason: str, *, v2_65: str | None = None) -> Unreadable:
        place = f"proto: {self._place(at)}"
        return Unreadable(f"{place}: {reason}", v2_65=None if v2_65 is None else f"{place}: {v2_65}")

    def _place(self, at: int) -> str:
        lines = self.text[: at - self.start].split("\n")
        return f"(line {len(lines)}:{len(lines[-1]) + 1})"


def _is_int32(number: str) -> bool:
    """Whether *number*, as JSON writes it, is an integer of 32 bits; ``1.0`` and ``1e0`` are."""
    value = Decimal(number)
    return -(2**31) <= value < 2**31 and value == value.to_integral_value()


def _read_unsigned(text: str, bits: int) -> int | None:
    """Read a number, which may also stand in quotes; None if it is not a whole one of so many *bits*."""
    if not _NUMBER.fullmatch(text):
        return None
    value = Decimal(text)
    return int(value) if 0 <= value < 2**bits and value == value.to_integral_value() else None


def _find_constant(field: Field, value: Value) -> str | int | None:
    """
    Find the name of an enumeration's constant.

    Returns:
        None for an unknown one, which is ignored; its number if a constraint looks at it.
    """
    if value.shape is Shape.STRING:
        return value.text if value.text in field.values else None
    number = int(Decimal(value.text))
    if 0 <= number < len(field.values):
        return field.values[number]
    return number if field.defined_only else None


def _show(value: Value) -> str:
    """Show what may be repeated of *value*: brackets and the three words of JSON."""
    return {Shape.STRING: '"***"', Shape.NUMBER: "***"}.get(value.shape, str(value.shape))
