"""Values that just fit a number: so long, so great, or with so many characters of a kind."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from watchword.contract.values import Template

UNITS = {
    "minLength": "character",
    "maxLength": "character",
    "minBytes": "character",
    "minLowercase": "lower-case letter",
    "minUppercase": "upper-case letter",
    "minDigits": "digit",
    "minOthers": "special character",
    "kindsOfCharacters": "character type",
    "minItems": "item",
    "maxItems": "item",
    "minimum": "",
    "maximum": "",
}
"""What the numbers of a keyword count, of the document or of its ``x-bounds``; nothing for those that are compared."""


def fitting(value: Template, keyword: str, number: int) -> Template:
    """
    Make a value of which *number* is true, as like *value* as possible.

    Args:
        keyword: One of `UNITS`.

    Returns:
        None if it is of another type, or known only to the servers.
    """
    match value:
        case str() if keyword in _TEXTS:
            return _TEXTS[keyword](value, number)
        case [_, *_] if UNITS[keyword] == "item":
            return _repeated(list(value), number)
        case int() if not UNITS[keyword] and not isinstance(value, bool):
            return number
    return None


def in_words(keyword: str, number: int) -> str:
    """Write a number with what it counts."""
    unit = UNITS[keyword]
    return f"{number} {unit}{'' if number == 1 else 's'}" if unit else str(number)


def _resized(text: str, length: int) -> str:
    """Lengthen a text, or shorten it and keep a character of each kind that it has: rules may ask for all of them."""
    first = {(one.islower(), one.isupper(), one.isdigit()): place for place, one in reversed([*enumerate(text)])}
    kept = list(dict.fromkeys((*first.values(), *range(len(text)))))[:length]
    return "".join(_repeated([text[place] for place in sorted(kept)] or ["x"], length))


def _repeated(values: list[Any], length: int) -> list[Any]:
    """Make a list longer, or shorter."""
    return (values * (length // len(values) + 1))[:length]


def _is_special(character: str) -> bool:
    return not character.isalnum()


def _with_fewer(is_of_kind: Callable[[str], bool], text: str, number: int) -> str:
    """Replace the last characters of a kind by letters, until *number* of them are left."""
    letter = "X" if is_of_kind("x") else "x"
    gone = [place for place, one in enumerate(text) if is_of_kind(one)][number:]
    return "".join(letter if place in gone else one for place, one in enumerate(text))


def _with_kinds(text: str, number: int) -> str:
    """Leave a text so many kinds of characters, lower-case letters among them."""
    for is_of_kind in (_is_special, str.isdigit, str.isupper)[: max(0, 4 - number)]:
        text = _with_fewer(is_of_kind, text, 0)
    return text


_TEXTS: Mapping[str, Callable[[str, int], str]] = {
    "minLength": _resized,
    "maxLength": _resized,
    "minBytes": _resized,
    "minLowercase": partial(_with_fewer, str.islower),
    "minUppercase": partial(_with_fewer, str.isupper),
    "minDigits": partial(_with_fewer, str.isdigit),
    "minOthers": partial(_with_fewer, _is_special),
    "kindsOfCharacters": _with_kinds,
}
