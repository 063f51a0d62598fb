"""The functions of the language."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote_plus

from watchword.systems.zitadel.go_template.formatting import sprint, sprintf, sprintln
from watchword.systems.zitadel.go_template.values import (
    NOTHING,
    CannotRun,
    Record,
    Value,
    from_bytes,
    is_true,
    shown,
    to_bytes,
)

_HTML = str.maketrans({'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "\ufffd"})
_SCRIPT = {"\\": "\\\\", "'": "\\'", '"': '\\"', "<": "\\u003C", ">": "\\u003E", "&": "\\u0026", "=": "\\u003D"}


def _of_texts(act: Callable[[str], str]) -> Callable[[Sequence[Value]], Value]:
    """Make a function that joins its arguments, as an action would show each, and acts on the text."""
    return lambda values: act(sprint([_or_no_value(value) for value in values], address=""))


def _or_no_value(value: Value) -> Value:
    return shown(value) if value is None or value is NOTHING else value


def _script(text: str) -> str:
    return "".join(_SCRIPT.get(one, one if one.isprintable() else f"\\u{ord(one):04X}") for one in text)


def _not(values: Sequence[Value]) -> Value:
    (value,) = _exactly(values, 1)
    return not is_true(value)


def _length(values: Sequence[Value]) -> Value:
    (value,) = _exactly(values, 1)
    return len(to_bytes(_text(value)))


def _index(values: Sequence[Value]) -> Value:
    value, *indexes = _at_least(values, 1)
    if value is NOTHING or value is None:
        raise CannotRun
    for one in indexes:
        raw = to_bytes(_text(value))
        value = raw[_place(one, len(raw) - 1)]
    return value


def _slice(values: Sequence[Value]) -> Value:
    value, *bounds = _at_least(values, 1)
    raw = to_bytes(_text(value))
    if len(bounds) > 2:  # a text has no capacity
        raise CannotRun
    places = [_place(one, len(raw)) for one in bounds]
    first, last = [*places, *[0, len(raw)][len(places) :]]
    if first > last:
        raise CannotRun
    return from_bytes(raw[first:last])


def _printf(values: Sequence[Value]) -> Value:
    pattern, *rest = _at_least(values, 1)
    return sprintf(_text(pattern), rest)


def _equal(values: Sequence[Value]) -> Value:
    first, *others = _at_least(values, 2)
    return any(_equals(first, other) for other in others)


def _unequal(values: Sequence[Value]) -> Value:
    first, second = _exactly(values, 2)
    return not _equals(first, second)


def _equals(one: Value, other: Value) -> bool:
    if any(value is NOTHING or value is None for value in (one, other)):
        return one is other
    if type(one) is not type(other):
        raise CannotRun
    return bool(one == other)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Sequence[Value]], Value]:
    def act(values: Sequence[Value]) -> Value:
        one, other = _exactly(values, 2)
        if type(one) is not type(other) or isinstance(one, bool | Record) or one is NOTHING or one is None:
            raise CannotRun
        if isinstance(one, str):
            one, other = to_bytes(one), to_bytes(other)
        return compare(one, other)

    return act


def _call(_values: Sequence[Value]) -> Value:
    raise CannotRun  # No value of a link is a function.


def _exactly(values: Sequence[Value], count: int) -> Sequence[Value]:
    if len(values) != count:
        raise CannotRun
    return values


def _at_least(values: Sequence[Value], count: int) -> Sequence[Value]:
    if len(values) < count:
        raise CannotRun
    return values


def _text(value: Value) -> str:
    if not isinstance(value, str):
        raise CannotRun
    return value


def _place(value: Value, last: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= last:
        raise CannotRun
    return value


FUNCTIONS: Mapping[str, Callable[[Sequence[Value]], Value]] = {
    "call": _call,
    "eq": _equal,
    "ge": _ordered(operator.ge),
    "gt": _ordered(operator.gt),
    "html": _of_texts(lambda text: text.translate(_HTML)),
    "index": _index,
    "js": _of_texts(_script),
    "le": _ordered(operator.le),
    "len": _length,
    "lt": _ordered(operator.lt),
    "ne": _unequal,
    "not": _not,
    "print": sprint,
    "printf": _printf,
    "println": sprintln,
    "slice": _slice,
    "urlquery": _of_texts(lambda text: quote_plus(to_bytes(text))),
}
"""By name; ``and`` and ``or`` are not here, because they leave operands unread."""
NAMES = frozenset({*FUNCTIONS, "and", "or"})
