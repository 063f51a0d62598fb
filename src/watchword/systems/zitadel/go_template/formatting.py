"""Go's ``fmt``: ``Sprint``, ``Sprintln`` and ``Sprintf``, for the values of a template."""

import re
from collections.abc import Sequence

from watchword.systems.zitadel.go_template.values import (
    NOTHING,
    CannotRun,
    Record,
    Value,
    from_bytes,
    show_float,
    shown,
    to_bytes,
)

MAX_WIDTH = 10_000
"""Wider fields are refused: a link is not that long."""
_VERB = re.compile(
    r"%(?P<flags>[-+# 0]*)(?P<width>\d+|\*)?(?P<point>\.(?P<precision>\d+|\*)?)?"
    r"(?:\[(?P<index>\d{1,4})\])?(?P<verb>.)?",
    re.DOTALL,
)
_INTEGERS = {"d": "d", "x": "x", "X": "X", "o": "o", "b": "b"}


def sprint(values: Sequence[Value], *, address: str = "&") -> str:
    """
    Write values beside each other, with a blank between two that are no texts.

    Args:
        address: Stands before a record.
    """
    text = ""
    for number, value in enumerate(values):
        if number and not isinstance(value, str) and not isinstance(values[number - 1], str):
            text += " "
        text += _plain(value, address)
    return text


def sprintln(values: Sequence[Value]) -> str:
    """Write values with blanks between them, and the end of the line."""
    return " ".join(map(_plain, values)) + "\n"


def sprintf(pattern: str, values: Sequence[Value]) -> str:
    """
    Write values as *pattern* says; what does not fit is named in the text, as Go does.

    Raises:
        CannotRun: A field would be wider than `MAX_WIDTH`.
    """
    arguments = _Arguments(values)

    def one(found: re.Match[str]) -> str:
        verb = found["verb"]
        if verb is None:
            return "%!(NOVERB)"
        width, flags = _size(found["width"], arguments), found["flags"]
        precision = 0 if found["point"] and found["precision"] is None else _size(found["precision"], arguments)
        if verb == "%":
            return "%"
        if found["index"] and not arguments.go_to(int(found["index"])):
            return f"%!{verb}(BADINDEX)"
        if not arguments.left():
            return f"%!{verb}(MISSING)"
        if width is not None and width < 0:
            width, flags = -width, f"{flags}-"
        return _pad(_write(arguments.take(), verb, flags, precision), flags, width)

    text = _VERB.sub(one, pattern)
    extra = arguments.left()
    if extra and not arguments.reordered:
        text += "%!(EXTRA " + ", ".join(_typed(value) for value in extra) + ")"
    return text


class _Arguments:
    """What ``Sprintf`` has still to write."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._values, self._at, self.reordered = values, 0, False

    def left(self) -> Sequence[Value]:
        return self._values[self._at :]

    def take(self) -> Value:
        self._at += 1
        return self._values[self._at - 1]

    def go_to(self, number: int) -> bool:
        self.reordered = True
        if not 1 <= number <= len(self._values):
            return False
        self._at = number - 1
        return True


def _size(text: str | None, arguments: _Arguments) -> int | None:
    if text is None:
        return None
    size = arguments.take() if text == "*" and arguments.left() else text
    if isinstance(size, bool) or not re.fullmatch(r"-?\d{1,9}", str(size)) or int(size) > MAX_WIDTH:
        raise CannotRun
    return int(size)


def _pad(text: str, flags: str, width: int | None) -> str:
    if width is None:
        return text
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags:
        sign = text[0] if text[:1] in ("-", "+") else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _write(value: Value, verb: str, flags: str, precision: int | None) -> str:
    if verb == "T":
        return _type(value)
    written = None
    if value is None or value is NOTHING:
        written = "<nil>" if verb == "v" else None
    elif isinstance(value, Record):
        return "&{" + " ".join(_write(one, verb, flags, precision) for one in value.fields.values()) + "}"
    elif isinstance(value, bool):
        written = shown(value) if verb in "tv" else None
    elif isinstance(value, str):
        written = _write_text(value, verb, flags, precision)
    elif isinstance(value, int):
        written = _write_integer(value, verb, flags, precision)
    elif isinstance(value, float):
        written = _write_float(value, verb, flags, precision)
    if written is not None:
        return written
    return f"%!{verb}({_typed(value)})"


def _typed(value: Value) -> str:
    return "<nil>" if value is None or value is NOTHING else f"{_type(value)}={_plain(value)}"


def _write_text(value: str, verb: str, flags: str, precision: int | None) -> str | None:
    if verb in "xX":
        raw = to_bytes(value)[:precision]
        text = raw.hex(" " if " " in flags else "") if " " in flags else raw.hex()
        text = f"0x{text}" if "#" in flags and text else text
        return text.upper() if verb == "X" else text
    cut = value if precision is None else value[:precision]
    if verb == "q":
        return quoted(cut)
    if verb == "v" and "#" in flags:
        return quoted(cut)
    return cut if verb in "sv" else None


def quoted(text: str) -> str:
    """Write a text as Go's source has it."""
    known = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
    known |= {"\\": "\\\\", '"': '\\"'}

    def one(character: str) -> str:
        if character in known:
            return known[character]
        code = ord(character)
        if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8
            return f"\\x{code - 0xDC00:02x}"
        if character.isprintable():
            return character
        return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

    return '"' + "".join(map(one, text)) + '"'


def _write_integer(value: int, verb: str, flags: str, precision: int | None) -> str | None:
    if verb == "c":
        return chr(value) if 0 <= value < 0x110000 else "\ufffd"  # the last character
    if verb == "U":
        return f"U+{value:04X}"
    if verb == "q":
        return f"'{chr(value)}'" if 0 <= value < 0x110000 else "'\ufffd'"
    kind = "d" if verb == "v" else _INTEGERS.get(verb)
    if kind is None:
        return None
    digits = format(abs(value), kind).rjust(precision or 0, "0")
    prefix = {"x": "0x", "X": "0X", "o": "0", "b": "0b"}.get(verb, "") if "#" in flags else ""
    sign = "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
    return f"{sign}{prefix}{digits}"


def _write_float(value: float, verb: str, flags: str, precision: int | None) -> str | None:
    if verb not in "vgGeEfF":
        return None
    sign = "+" if "+" in flags and value >= 0 else " " if " " in flags and value >= 0 else ""
    if verb in "vgG" and precision is None:
        return sign + show_float(value)
    kind = {"v": "g", "F": "f"}.get(verb, verb)
    return sign + format(value, f".{6 if precision is None else precision}{kind}")


def _plain(value: Value, address: str = "&") -> str:
    if value is None or value is NOTHING:
        return "<nil>"
    return f"{address}{shown(value)}" if isinstance(value, Record) else shown(value)


def _type(value: Value) -> str:
    if value is None or value is NOTHING:
        return "<nil>"
    names = {bool: "bool", str: "string", int: "int", float: "float64"}
    return names.get(type(value), "*domain.ConfirmURLData")


def repaired(text: str) -> str:
    """Replace what is no UTF-8."""
    return from_bytes(to_bytes(text)).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
