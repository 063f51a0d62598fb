"""Where something stands in a JSON text that Python's reader refuses, or takes, without telling its place."""

import json
import re
from collections.abc import Callable

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity')
"""Strings, and what JSON does not have as a value."""


class Misplaced(ValueError):
    """
    Something may not stand where it does.

    Args:
        offset: How many characters stand before it.
    """

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


def misplaced_constant(name: str, text: str) -> Misplaced:
    """Refuse the first ``NaN`` or ``Infinity`` that is no part of a string."""
    return Misplaced(f"{name} is not a value of JSON", _offset(text, lambda token: token == name))


def misplaced_string(problem: str, text: str, is_wrong: Callable[[str], bool]) -> Misplaced:
    """Refuse the first string, or key, whose value is wrong."""
    return Misplaced(problem, _offset(text, lambda token: token[0] == '"' and is_wrong(json.loads(token))))


def _offset(text: str, is_it: Callable[[str], bool]) -> int:
    return next(found.start() for found in _TOKENS.finditer(text) if is_it(found[0]))
