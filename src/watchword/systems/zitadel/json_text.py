"""
JSON with positions, refused in the words of Go's ``encoding/json``.

The gateway takes the first JSON value of a body with that library before it looks for fields,
so what follows the value is not read, and nothing but blanks is an empty message.

Source:
    Observed: Go's public ``encoding/json`` (scanner texts) and grpc-gateway's ``JSONPb``.
    Assumed: values nested deeper than 250 are refused; Go's own limit is 10,000.
"""

import json
import re
from dataclasses import dataclass
from enum import StrEnum

DEEPEST = 250
_BLANKS = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_NUMBER = (
    (re.compile(r"-?"), re.compile(r"0|[1-9][0-9]*"), "in numeric literal"),
    (re.compile(r"\."), re.compile(r"[0-9]+"), "after decimal point in numeric literal"),
    (re.compile(r"[eE][+-]?"), re.compile(r"[0-9]+"), "in exponent of numeric literal"),
)


class NotJsonError(Exception):
    """The text is no JSON; the message quotes one character at most."""


class Shape(StrEnum):
    """What a value is."""

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
    A value and where it begins.

    Args:
        text: Of a string, unescaped; of a number, as written.
        members: Of an object, in their order, repeated ones too.
        items: Of an array.
    """

    shape: Shape
    at: int
    text: str = ""
    members: tuple["Member", ...] = ()
    items: tuple["Value", ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an object, and where its name begins."""

    name: str
    at: int
    value: Value


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0

    def blanks(self) -> None:
        found = _BLANKS.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def wrong(self, where: str) -> NotJsonError:
        character = self.peek()
        return NotJsonError(f"invalid character {_quoted(character)} {where}" if character else "unexpected EOF")

    def value(self, depth: int = 0) -> Value:
        if depth > DEEPEST:
            raise NotJsonError("exceeded max depth")
        self.blanks()
        start, first = self.at, self.peek()
        match first:
            case "{":
                return Value(Shape.OBJECT, start, members=tuple(self._members(depth)))
            case "[":
                return Value(Shape.ARRAY, start, items=tuple(self._items(depth)))
            case '"':
                return Value(Shape.STRING, start, self.string())
            case "t" | "f" | "n":
                return Value(self._literal({"t": Shape.TRUE, "f": Shape.FALSE, "n": Shape.NULL}[first]), start)
            case _ if first and first in "-0123456789":
                return Value(Shape.NUMBER, start, self._number())
        raise self.wrong("looking for beginning of value")

    def string(self) -> str:
        found = _STRING.match(self.text, self.at)
        start, self.at = self.at, found.end() if found else self.at
        if self.peek() == '"':
            self.at += 1
            unescaped: str = json.loads(self.text[start : self.at])
            return unescaped
        if self.peek() != "\\":
            raise self.wrong("in string literal")
        self.at += 1
        if self.peek() != "u":
            raise self.wrong("in string escape code")
        self.at += 1
        while self.peek() and self.peek() in "0123456789abcdefABCDEF":
            self.at += 1
        raise self.wrong("in \\u hexadecimal character escape")

    def _literal(self, word: Shape) -> Shape:
        for expected in word:
            if self.peek() != expected:
                raise self.wrong(f"in literal {word} (expecting {_quoted(expected)})")
            self.at += 1
        return word

    def _number(self) -> str:
        start = self.at
        for opening, digits, where in _NUMBER:
            opened = opening.match(self.text, self.at)
            if opened is None:
                continue
            self.at = opened.end()
            found = digits.match(self.text, self.at)
            if found is None:
                raise self.wrong(where)
            self.at = found.end()
        return self.text[start : self.at]

    def _members(self, depth: int) -> list[Member]:
        members: list[Member] = []
        self.at += 1
        self.blanks()
        if self.peek() == "}":
            self.at += 1
            return members
        while True:
            self.blanks()
            start = self.at
            if self.peek() != '"':
                raise self.wrong("looking for beginning of object key string")
            name = self.string()
            self.blanks()
            if self.peek() != ":":
                raise self.wrong("after object key")
            self.at += 1
            members.append(Member(name, start, self.value(depth + 1)))
            if self._ends("}", "after object key:value pair"):
                return members

    def _items(self, depth: int) -> list[Value]:
        items: list[Value] = []
        self.at += 1
        self.blanks()
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if self._ends("]", "after array element"):
                return items

    def _ends(self, bracket: str, where: str) -> bool:
        self.blanks()
        if self.peek() not in (",", bracket) or not self.peek():
            raise self.wrong(where)
        self.at += 1
        return self.text[self.at - 1] == bracket


def _quoted(character: str) -> str:
    """Quote the first byte of *character* as Go does."""
    if character in "'\"":
        return {"'": r"'\''", '"': "'\"'"}[character]
    byte = character.encode("utf-8", "surrogateescape")[0]
    escaped = {0x5C: r"\\", 0x0A: r"\n", 0x0D: r"\r", 0x09: r"\t"}.get(byte)
    if escaped is None:
        escaped = chr(byte) if chr(byte).isprintable() else f"\\x{byte:02x}" if byte < 0x80 else f"\\u{byte:04x}"
    return f"'{escaped}'"


def first_value(text: str) -> Value | None:
    """
    Read the first JSON value of *text*.

    Args:
        text: Bytes that are no UTF-8 stand in it as lone surrogates.

    Returns:
        None if there are only blanks.

    Raises:
        NotJsonError: There is no whole value.
    """
    scanner = _Scanner(text)
    scanner.blanks()
    return scanner.value() if scanner.peek() else None
