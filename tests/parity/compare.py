"""Compares an answer with the recorded one: ids and moments by role, everything else exactly."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.parity.placeholders import Bindings, Unbound

Difference = tuple[str, Any, Any]
"""Where, what was recorded, and what the stand-in answers."""

_SECONDS = "<seconds>"
"""Stands for a number."""
_TRANSPORT = frozenset({"date", "content-length", "connection", "keep-alive", "transfer-encoding"})
_OWN = frozenset({"prefer", "preference-applied"})
_LISTS = frozenset({"access-control-expose-headers", "accept-post", "vary", "access-control-allow-headers"})


def differences(expected: Any, actual: Any, bindings: Bindings, where: str = "body") -> Iterator[Difference]:
    """List where *actual* is not what *expected* stands for."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        filled = {_fill(name, bindings): value for name, value in expected.items()}
        for name in sorted(filled.keys() | actual.keys()):
            if name not in actual:
                yield f"{where}.{name}", filled[name], None
            elif name not in filled:
                yield f"{where}.{name}", None, actual[name]
            else:
                yield from differences(filled[name], actual[name], bindings, f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            yield f"{where}.length", len(expected), len(actual)
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, bindings, f"{where}[{number}]")
    elif isinstance(expected, str) and isinstance(actual, str):
        if not _stands_for(expected, actual, bindings):
            yield where, expected, actual
    elif expected == _SECONDS and isinstance(actual, int):
        return
    elif type(expected) is not type(actual) or expected != actual:
        yield where, expected, actual


def header_differences(
    expected: Mapping[str, str], actual: Mapping[str, str], bindings: Bindings, where: str = "headers"
) -> Iterator[Difference]:
    """Compare headers, as far as servers and not transports decide about them; ours begin with ``watchword-``."""
    ours = {
        name: value for name, value in actual.items() if name not in _TRANSPORT and not name.startswith("watchword")
    }
    theirs = {name: value for name, value in expected.items() if name not in _TRANSPORT}
    for name in sorted(ours.keys() | theirs.keys()):
        one, other = theirs.get(name), ours.get(name)
        if name in _LISTS and one is not None and other is not None:
            if _words(one) != _words(other):
                yield f"{where}.{name}", one, other
        elif one is None or other is None or not _stands_for(one, other, bindings):
            yield f"{where}.{name}", one, other


def _words(value: str) -> set[str]:
    """Split a list; names of headers of our own stand in some."""
    words = {word.strip().lower() for word in value.split(",")}
    return {word for word in words if word not in _OWN and not word.startswith("watchword-")}


def _fill(name: str, bindings: Bindings) -> str:
    try:
        return str(bindings.fill(name))
    except Unbound:
        return name


def _stands_for(expected: str, actual: str, bindings: Bindings) -> bool:
    try:
        return bindings.pattern(expected).fullmatch(actual) is not None
    except Unbound:
        return False


def shown(difference: Difference) -> str:
    """Write a difference on one line."""
    where, expected, actual = difference
    return f"{where}: recorded {_short(expected)}, here {_short(actual)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= 300 else f"{text[:300]}…"
