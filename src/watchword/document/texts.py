"""Example texts for patterns, formats and lengths."""

import random  # noqa: TID251  # with a fixed seed: the same texts in every process
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import chain
from typing import Any

from rstr import Rstr

from watchword.document.definitions import Definitions
from watchword.document.validator import Validator

_NO_DEFINITIONS = Definitions({})
_FORMATS = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "duration": "P3D",
    "email": "ada@example.com",
    "idn-email": "ada@example.com",
    "uuid": "3f46c7ad-3f7a-416e-9bd8-3b8fd25c05b4",
    "uri": "https://example.com/",
    "uri-reference": "/users",
    "iri": "https://example.com/",
    "iri-reference": "/users",
    "uri-template": "/users/{id}",
    "json-pointer": "/users/0",
    "relative-json-pointer": "0/users",
    "regex": "^[a-z]+$",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "d2F0Y2h3b3Jk",
}
_NUMBERED_FORMATS = {
    "date-time": "2026-01-31T12:00:{:02}Z",
    "date": "2026-01-{:02}",
    "time": "12:00:{:02}Z",
    "duration": "P{}D",
    "email": "ada{}@example.com",
    "idn-email": "ada{}@example.com",
    "uuid": "3f46c7ad-3f7a-416e-9bd8-{:012}",
    "uri": "https://example.com/{}",
    "uri-reference": "/users/{}",
    "iri": "https://example.com/{}",
    "iri-reference": "/users/{}",
    "uri-template": "/users{}/{{id}}",
    "json-pointer": "/users/{}",
    "relative-json-pointer": "{}/users",
    "regex": "^[a-z]{{{}}}$",
    "hostname": "{}.example.com",
    "idn-hostname": "{}.example.com",
    "ipv4": "198.51.100.{}",
    "ipv6": "2001:db8:0:1::{}",
}
"""The same with a number, for values that must differ."""
_LONGEST_TRIED = 64
"""Length in characters up to which texts of one repeated character are tried for a pattern."""
_TRIED = 100
"""How many texts of each spread a library makes before a pattern counts as one that no text of these lengths fits."""
_SPREADS = (0, 1, 3, 8, 25, 99)
"""How much longer than its least a repetition may be, one try after the other."""
# What Python writes otherwise than ECMAScript, as far as making a text goes; a validator judges the text.
_ECMASCRIPT = (
    (re.compile(r"\(\?<(?![=!])"), "(?P<"),
    (re.compile(r"\\k<(\w+)>"), r"(?P=\1)"),
    (re.compile(r"(?<!\[)\\p\{(?:Lu|Uppercase)\}"), "[A-Z]"),
    (re.compile(r"(?<!\[)\\p\{(?:N|Nd)\}"), "[0-9]"),
    (re.compile(r"\\p\{\w+\}"), "a-z"),
)


def make_text(schema: dict[str, Any], patterns: Sequence[str], variant: int) -> str | None:
    """
    Make a text.

    Args:
        schema: With ``format``, ``minLength`` and ``maxLength``.
        patterns: The text must match all of them.
        variant: 0 for the first text; other numbers make other texts.

    Returns:
        None if none was found that matches the patterns and has the lengths.
    """
    least, longest = schema.get("minLength", 0), schema.get("maxLength")
    known = (_NUMBERED_FORMATS if variant else _FORMATS).get(schema.get("format", ""))
    formatted = None if known is None else known.format(variant)
    if patterns:
        fits = Validator(
            {"allOf": [{"type": "string", "pattern": one} for one in patterns]}, _NO_DEFINITIONS, answer=True
        )
        if formatted is not None and fits.accepts(formatted):
            return formatted
        return _nth_match(tuple(patterns), (least, longest, schema.get("format", "")), variant)
    if formatted is not None:
        return formatted
    number = str(variant) if variant else ""
    text = "string".ljust(least - len(number), "x")
    return text[: None if longest is None else max(longest - len(number), 0)] + number


@lru_cache(1024)
def _nth_match(patterns: tuple[str, ...], limits: tuple[int, int | None, str], number: int) -> str | None:
    """
    Make several texts that match all *patterns*, and give the one of that *number*.

    Args:
        limits: The least and the greatest length, and the format.
    """
    least, longest, form = limits
    bounds = {"minLength": least, "format": form} | ({} if longest is None else {"maxLength": longest})
    fits = Validator({"allOf": [{"pattern": one} for one in patterns], **bounds}, _NO_DEFINITIONS, answer=True)
    made: dict[str, None] = {}
    for text in chain(_repeated(least, longest), *map(_written, patterns)):
        if text not in made and fits.accepts(text):
            made[text] = None
            if len(made) > number:
                return text
    return None


def _repeated(least: int, longest: int | None) -> Iterator[str]:
    """Yield texts of one repeated character, as patterns of codes have them: they read best."""
    last = max(least, _LONGEST_TRIED)
    for length in range(max(least, 1), min(last if longest is None else longest, last) + 1):
        for character in "aA01bB23":
            yield character * length


def _written(pattern: str) -> Iterator[str]:
    """Yield texts that a library makes of *pattern*, short ones first."""
    chance = _SteadyRandom(0)
    writer = Rstr(chance)
    for found, instead in _ECMASCRIPT:
        pattern = found.sub(instead, pattern)
    # Not every pattern of ECMAScript is one of Python, and the library does not know every one of those.
    with suppress(re.error, KeyError, IndexError, RecursionError, OverflowError, TypeError):
        for spread in _SPREADS:
            chance.spread = spread
            for _ in range(_TRIED):
                yield writer.xeger(pattern)


class _SteadyRandom(random.Random):
    """
    Draws the same in every process, though the library chooses from sets, and makes few repetitions.

    Attributes:
        spread: How much more than the least number may be drawn.
    """

    spread = 0

    def choice(self, seq: Any) -> Any:
        return super().choice(sorted(seq) if all(isinstance(one, str) for one in seq) else seq)

    def randint(self, a: int, b: int) -> int:
        return super().randint(a, min(b, a + self.spread))
