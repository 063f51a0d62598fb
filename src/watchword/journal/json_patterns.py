"""What WireMock's patterns say about JSON: that it equals another value, or has something at a path."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError
from jsonpath_rfc9535.filter_expressions import Expression, FilterQuery
from jsonpath_rfc9535.query import JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment
from jsonpath_rfc9535.selectors import FilterSelector

_MOST_COMPARISONS = 1_000_000
_LONGEST_PATH = 500
_PATHS = JSONPathEnvironment()
for _regular in ("match", "search"):  # nothing bounds how long their expressions take
    del _PATHS.function_extensions[_regular]


class TooMuchToCompare(Exception):
    """Comparing arrays in any order takes too long."""


@dataclass(slots=True)
class JsonEquality:
    """
    Compares JSON values with one that is expected.

    Args:
        any_order: Whether the items of arrays may stand in any order.
        extra: Whether objects and arrays may have more than is expected.
    """

    expected: Any
    any_order: bool = False
    extra: bool = False
    _comparisons: int = 0

    def holds(self, value: Any) -> bool:
        """
        Whether *value* is as expected.

        Raises:
            TooMuchToCompare: After a million comparisons, over all values.
        """
        return self._equal(self.expected, value)

    def _equal(self, expected: Any, found: Any) -> bool:
        self._comparisons += 1
        if self._comparisons > _MOST_COMPARISONS:
            raise TooMuchToCompare
        if isinstance(expected, dict) and isinstance(found, dict):
            fits = self.extra or expected.keys() == found.keys()
            return fits and all(name in found and self._equal(one, found[name]) for name, one in expected.items())
        if isinstance(expected, list) and isinstance(found, list):
            fits = len(expected) == len(found) or (self.extra and len(expected) < len(found))
            return fits and self._items_equal(expected, found)
        return isinstance(expected, bool) == isinstance(found, bool) and bool(expected == found)

    def _items_equal(self, expected: Sequence[Any], found: Sequence[Any]) -> bool:
        if not self.any_order:
            return all(self._equal(one, other) for one, other in zip(expected, found, strict=False))
        fitting = [[place for place, other in enumerate(found) if self._equal(one, other)] for one in expected]
        taken: dict[int, int] = {}
        return all(self._place(number, fitting, taken, set()) for number in range(len(expected)))

    def _place(self, number: int, fitting: Sequence[Sequence[int]], taken: dict[int, int], tried: set[int]) -> bool:
        """Find a place for an expected item; one that has another's place may have to move."""
        for place in fitting[number]:
            self._comparisons += 1
            if self._comparisons > _MOST_COMPARISONS or len(tried) > _LONGEST_PATH:
                raise TooMuchToCompare
            if place not in tried:
                tried.add(place)
                if place not in taken or self._place(taken[place], fitting, taken, tried):
                    taken[place] = number
                    return True
        return False


def read_path(text: str) -> JSONPathQuery:
    """
    Read a JSONPath (RFC 9535) that takes time in proportion to the value that it is applied to.

    Raises:
        ValueError: It is none, or may take longer; the message says why, without a part of it.
    """
    if len(text) > _LONGEST_PATH:
        raise ValueError(f"has more than {_LONGEST_PATH} characters")
    try:
        path = _PATHS.compile(text)
    except (JSONPathError, RecursionError, ValueError) as error:
        raise ValueError("is not a JSONPath of RFC 9535 without match() and search()") from error
    if sum(isinstance(one, JSONPathRecursiveDescentSegment) for one in path.segments) > 1:
        raise ValueError("has more than one '..'")
    if not all(one.singular_query() for one in _queries(path)):
        raise ValueError("has a filter that looks at more than one place, such as @.* or @..name")
    return path


def find_at(path: JSONPathQuery, body: str) -> list[Any]:
    """Find the values at *path*; none if *body* is not JSON."""
    try:
        value = orjson.loads(body)
        return list(path.find(value).values())
    except (orjson.JSONDecodeError, JSONPathError):
        return []


def _queries(path: JSONPathQuery) -> Iterator[JSONPathQuery]:
    """Yield the paths in the filters of a path."""
    for segment in path.segments:
        for selector in segment.selectors:
            if isinstance(selector, FilterSelector):
                yield from _in_expression(selector.expression)


def _in_expression(expression: Expression) -> Iterator[JSONPathQuery]:
    if isinstance(expression, FilterQuery):
        yield expression.query
    for name in ("expression", "left", "right"):
        part = getattr(expression, name, None)
        if isinstance(part, Expression):
            yield from _in_expression(part)
    for part in getattr(expression, "args", ()):
        yield from _in_expression(part)
