"""
JSON values with their positions, and errors in the words of Go's ``encoding/json``.

The gateway reads the first JSON value of a body with that library before it looks for fields,
so whatever follows the value is ignored, and a blank body is an empty message.

Source:
    Observed: Go's public ``encoding/json`` (scanner texts) and grpc-gateway's ``JSONPb``.
    Assumed: values nested deeper than 250 are refused; Go's own limit is 10,000.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

DEEPEST = 250
HALF = "\ud800"
"""What an escaped half of a surrogate pair is read as, so that it differs from a byte that is not UTF-8."""
_NOT_UTF8 = re.compile(r"[\udc80-\udcff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = (
    (re.compile(r"-?"), re.compile(r"0|[1-9][0-9]*"), "in numeric literal"),
    (re.compile(r"\."), re.compile(r"[0-9]+"), "after decimal point in numeric literal"),
    (re.compile(r"[eE][+-]?"), re.compile(r"[0-9]+"), "in exponent of numeric literal"),
)


class NotJsonError(Exception):
    """The text is not JSON; the message quotes one character at most."""


class Shape(StrEnum):
    """The type of a value."""

    OBJECT = "{"
    ARRAY = "["
    STRING = "string"
    NUMBER = "number"
    TRUE = "true"
    FALSE = "false"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Value:
    """
    A value.

    Args:
        at: The offset where it begins.
        text: Of a string, unescaped; of a number, as written.
        members: Of an object, in their order, including repeated names.
        items: Of an array.
    """

    shape: Shape
    at: int
    text: str = ""
    members: tuple["Member", ...] = ()
    items: tuple["Value", ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """
    One member of an object.

    Args:
        at: The offset where its name begins.
    """

    name: str
    at: int
    value: Value


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0

    def skip_blanks(self) -> None:
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def error(self, where: str) -> NotJsonError:
        character = self.peek()
        return NotJsonError(f"invalid character {_quote(character)} {where}" if character else "unexpected EOF")

    def read_value(self, depth: int = 0) -> Value:
        if depth > DEEPEST:
            raise NotJsonError("exceeded max depth")
        self.skip_blanks()
        start, first = self.at, self.peek()
        match first:
            case "{":
                return Value(Shape.OBJECT, start, members=tuple(self._read_members(depth)))
            case "[":
                return Value(Shape.ARRAY, start, items=tuple(self._read_items(depth)))
            case '"':
                return Value(Shape.STRING, start, self.read_string())
            case "t" | "f" | "n":
                return Value(self._read_literal({"t": Shape.TRUE, "f": Shape.FALSE, "n": Shape.NULL}[first]), start)
            case _ if first and first in "-0123456789":
                return Value(Shape.NUMBER, start, self._read_number())
        raise self.error("looking for beginning of value")

    def read_string(self) -> str:
        found = _STRING.match(self.text, self.at)
        start, self.at = self.at, found.end() if found else self.at
        if self.peek() == '"':
            self.at += 1
            literal = self.text[start : self.at]
            unescaped: str = json.loads(literal)
            if unescaped.isascii() or _NOT_UTF8.search(literal):
                return unescaped
            return _SURROGATE.sub(HALF, unescaped)
        if self.peek() != "\\":
            raise self.error("in string literal")
        self.at += 1
        if self.peek() != "u":
            raise self.error("in string escape code")
        self.at += 1
        while self.peek() and self.peek() in "0123456789abcdefABCDEF":
            self.at += 1
        raise self.error("in \\u hexadecimal character escape")

    def _read_literal(self, word: Shape) -> Shape:
        for expected in word:
            if self.peek() != expected:
                raise self.error(f"in literal {word} (expecting {_quote(expected)})")
            self.at += 1
        return word

    def _read_number(self) -> str:
        start = self.at
        for opening, digits, where in _NUMBER:
            prefix = opening.match(self.text, self.at)
            if prefix is None:
                continue
            self.at = prefix.end()
            found = digits.match(self.text, self.at)
            if found is None:
                raise self.error(where)
            self.at = found.end()
        return self.text[start : self.at]

    def _read_members(self, depth: int) -> list[Member]:
        members: list[Member] = []
        self.at += 1
        self.skip_blanks()
        if self.peek() == "}":
            self.at += 1
            return members
        while True:
            self.skip_blanks()
            start = self.at
            if self.peek() != '"':
                raise self.error("looking for beginning of object key string")
            name = self.read_string()
            self.skip_blanks()
            if self.peek() != ":":
                raise self.error("after object key")
            self.at += 1
            members.append(Member(name, start, self.read_value(depth + 1)))
            if self._reach_end("}", "after object key:value pair"):
                return members

    def _read_items(self, depth: int) -> list[Value]:
        items: list[Value] = []
        self.at += 1
        self.skip_blanks()
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.read_value(depth + 1))
            if self._reach_end("]", "after array element"):
                return items

    def _reach_end(self, bracket: str, where: str) -> bool:
        self.skip_blanks()
        if self.peek() not in (",", bracket) or not self.peek():
            raise self.error(where)
        self.at += 1
        return self.text[self.at - 1] == bracket


def _quote(character: str) -> str:
    """Quote the first byte of *character* as Go does."""
    if character in "'\"":
        return {"'": r"'\''", '"': "'\"'"}[character]
    byte = character.encode("utf-8", "surrogateescape")[0]
    escaped = {0x5C: r"\\", 0x0A: r"\n", 0x0D: r"\r", 0x09: r"\t"}.get(byte)
    if escaped is None:
        escaped = chr(byte) if chr(byte).isprintable() else f"\\x{byte:02x}" if byte < 0x80 else f"\\u{byte:04x}"
    return f"'{escaped}'"


def read_first_value(text: str) -> Value | None:
    """
    Read the first JSON value of *text*.

    Args:
        text: Bytes that are not UTF-8 are lone surrogates in it.

    Returns:
        None if *text* is blank.

    Raises:
        NotJsonError: There is no complete value.
    """
    scanner = _Scanner(text)
    scanner.skip_blanks()
    return scanner.read_value() if scanner.peek() else None
