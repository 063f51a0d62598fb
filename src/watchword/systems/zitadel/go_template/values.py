"""The values of a template: texts, numbers, truth, the record of fields, and nothing at all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from watchword.systems.zitadel.go_template.lexing import Unreadable

MAX_INT = 2**63 - 1
_MAX_POWER = 6
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(
    r"\\(?:x(?P<x>[0-9A-Fa-f]{2})|u(?P<u>[0-9A-Fa-f]{4})|U(?P<U>[0-9A-Fa-f]{8})|(?P<octal>[0-7]{3})|(?P<other>.))"
)
_LAST = 0x10FFFF
_BYTE = 0xFF


class CannotRun(ValueError):
    """The template is readable, but cannot be executed."""


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of a template, in their order."""

    fields: Mapping[str, str]


class Nothing:
    """The value of a field that has no record."""


NOTHING = Nothing()
Value = Any
"""A text, a whole number, a float, a truth value, a `Record`, `NOTHING`, or None for ``nil``."""


def unquote(text: str, quote: str) -> str:
    """
    Read a quoted text or character.

    Raises:
        Unreadable: It has an escape that does not exist.
    """

    def one(found: re.Match[str]) -> str:
        if found["x"] or found["octal"]:
            code = int(found["x"], 16) if found["x"] else int(found["octal"], 8)
            if code > _BYTE:
                raise Unreadable
            return bytes([code]).decode("utf-8", "surrogateescape")
        if found["u"] or found["U"]:
            code = int(found["u"] or found["U"], 16)
            if code > _LAST or 0xD800 <= code < 0xE000:  # surrogates
                raise Unreadable
            return chr(code)
        if found["other"] == quote:
            return quote
        if found["other"] not in _ESCAPES:
            raise Unreadable
        return _ESCAPES[found["other"]]

    return from_bytes(to_bytes(_ESCAPE.sub(one, text[1:-1])))


def to_bytes(text: str) -> bytes:
    """Return the bytes of a text; it may have parts that are no UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def from_bytes(raw: bytes) -> str:
    """Make a text of bytes."""
    return raw.decode("utf-8", "surrogateescape")


def read_number(text: str) -> int | float:
    """
    Read a number.

    Raises:
        Unreadable: It is none, or does not fit.
    """
    plain = text.lower()
    if "_" in plain and not re.fullmatch(r"[+-]?(?:0[xbo]_?)?[0-9a-f]+(?:_[0-9a-f]+)*", plain):
        raise Unreadable
    plain = plain.replace("_", "")
    try:
        number: int | float = _read_hexadecimal_float(plain) if re.search(r"0x.*[.p]", plain) else _read_plain(plain)
    except (ValueError, OverflowError):
        raise Unreadable from None
    if isinstance(number, float) and number in (float("inf"), float("-inf")):
        raise Unreadable
    return number


def _read_plain(plain: str) -> int | float:
    if re.fullmatch(r"[+-]?0[0-7]+", plain):
        return int(plain, 8)
    if re.fullmatch(r"[+-]?(?:0x[0-9a-f]+|0b[01]+|0o[0-7]+|[1-9]\d*|0)", plain):
        return int(plain, 0)
    if re.fullmatch(r"[+-]?(?:\d+\.\d*|\.\d+|\d+(?=e))(?:e[+-]?\d+)?", plain):
        return float(plain)
    raise ValueError


def _read_hexadecimal_float(plain: str) -> float:
    if "p" not in plain:
        raise ValueError
    return float.fromhex(plain)


def is_true(value: Value) -> bool:
    """Whether a condition holds."""
    return value is not NOTHING and bool(value if not isinstance(value, Record) else True)


def shown(value: Value) -> str:
    """Write a value as an action does."""
    if value is NOTHING or value is None:
        return "<no value>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return show_float(value)
    if isinstance(value, Record):
        return "{" + " ".join(value.fields.values()) + "}"
    return str(value)


def show_float(value: float) -> str:
    """Write a float with as few digits as tell it apart, and with an exponent if it is large or small."""
    negative, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101  # no number of a template is infinite
    text, power = "".join(map(str, digits)), len(digits) - 1 + exponent
    sign = "-" if negative else ""
    if -5 < power < _MAX_POWER:
        return f"{sign}{abs(Decimal(repr(value)).normalize()):f}"
    point = "." if len(text) > 1 else ""
    return f"{sign}{text[0]}{point}{text[1:]}e{'-' if power < 0 else '+'}{abs(power):02d}"
