"""WireMock's patterns for one value: a header, a parameter, a cookie, a body."""

from collections.abc import Callable, Mapping
from difflib import SequenceMatcher
from typing import Any

import orjson

from watchword.journal.json_patterns import JsonEquality, find_at, read_path

Distance = Callable[[str | None], float]
"""How far a value is from what is expected: 0 if it is as expected, 1 at most; None is a value that is not there."""

_COMPARED_CHARACTERS = 300
_LONGEST_EXPRESSION = 1_000
_MEMORY_BYTES = 8 * 1024 * 1024
_PLACEHOLDER = "${json-unit"


class PatternError(ValueError):
    """
    A pattern cannot be read, or says something that is not supported here.

    Args:
        pointer: A JSON pointer to the part that is wrong.
        detail: A sentence without a value that was sent.
    """

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer, self.detail = pointer or "/", detail


def apart(expected: str, found: str) -> float:
    """Tell how far two texts are apart: 0 if they are equal, 1 at most; of long ones the beginnings are compared."""
    if expected == found:
        return 0.0
    compared = SequenceMatcher(None, expected[:_COMPARED_CHARACTERS], found[:_COMPARED_CHARACTERS], autojunk=False)
    return max(1 - compared.ratio(), 0.01)


def read_expression(text: Any, pointer: str) -> Callable[[str], bool]:
    """
    Read a regular expression that has to fit a whole text, as in Java.

    It takes time in proportion to the text, because RE2 knows no look-around and no back reference.

    Raises:
        PatternError: It is none, or RE2 does not know something in it.
    """
    import re2  # noqa: PLC0415  # most servers never need it

    if len(_text(text, pointer)) > _LONGEST_EXPRESSION:
        raise PatternError(pointer, f"A regular expression may have {_LONGEST_EXPRESSION} characters at most.")
    options = re2.Options()
    options.log_errors, options.max_mem = False, _MEMORY_BYTES
    try:
        expression = re2.compile(text, options)
    except (re2.error, UnicodeError) as error:
        detail = "This is not a regular expression, or has a look-around or a back reference, which are not supported."
        raise PatternError(pointer, detail) from error
    return lambda value: expression.fullmatch(value) is not None


def read_value_pattern(pattern: Any, pointer: str) -> Distance:
    """
    Read the pattern of one value.

    Raises:
        PatternError: It cannot be read, or is not supported here.
    """
    if not isinstance(pattern, Mapping):
        raise PatternError(pointer, 'A pattern is an object, such as {"equalTo": "…"}.')
    kinds = [name for name in pattern if name in _KINDS]
    if len(kinds) != 1:
        names = ", ".join(str(name)[:40] for name in list(pattern)[:5]) or "nothing"
        detail = f"There is {names}. Supported is exactly one of: {', '.join(_KINDS)}."
        raise PatternError(pointer, detail)
    read, options = _KINDS[kinds[0]]
    for name, value in pattern.items():
        if name != kinds[0]:
            if name not in options:
                raise PatternError(f"{pointer}/{name}", f"{name[:40]} is not supported beside {kinds[0]}.")
            if not isinstance(value, bool):
                raise PatternError(f"{pointer}/{name}", f"{name} is true or false.")
    return read(pattern, f"{pointer}/{kinds[0]}")


def _equal_to(pattern: Mapping[str, Any], pointer: str) -> Distance:
    expected, folded = _text(pattern["equalTo"], pointer), pattern.get("caseInsensitive", False)

    def distance(value: str | None) -> float:
        if value is None:
            return 1.0
        return apart(expected.lower(), value.lower()) if folded else apart(expected, value)

    return distance


def _contains(pattern: Mapping[str, Any], pointer: str) -> Distance:
    part = _text(pattern["contains"], pointer)
    return lambda value: float(value is None or part not in value)


def _does_not_contain(pattern: Mapping[str, Any], pointer: str) -> Distance:
    part = _text(pattern["doesNotContain"], pointer)
    return lambda value: float(value is not None and part in value)


def _matches(pattern: Mapping[str, Any], pointer: str) -> Distance:
    fits = read_expression(pattern["matches"], pointer)
    return lambda value: float(value is None or not fits(value))


def _does_not_match(pattern: Mapping[str, Any], pointer: str) -> Distance:
    fits = read_expression(pattern["doesNotMatch"], pointer)
    return lambda value: float(value is not None and fits(value))


def _absent(pattern: Mapping[str, Any], pointer: str) -> Distance:
    if pattern["absent"] not in (True, "(absent)"):
        raise PatternError(pointer, "absent is true.")
    return lambda value: float(value is not None)


def _equal_to_json(pattern: Mapping[str, Any], pointer: str) -> Distance:
    expected = pattern["equalToJson"]
    if isinstance(expected, str):
        try:
            expected = orjson.loads(expected)
        except orjson.JSONDecodeError as error:
            raise PatternError(pointer, "This text is not JSON.") from error
    try:
        orjson.dumps({"a": [{"b": {"c": [{"d": {"e": [expected]}}]}}]})  # near misses have the pattern as deep in them
        shown = orjson.dumps(expected).decode()
    except TypeError as error:
        raise PatternError(pointer, "This is nested too deeply, or has a number that is too large.") from error
    if _PLACEHOLDER in shown:
        raise PatternError(pointer, "Placeholders of JsonUnit are not supported.")
    equality = JsonEquality(
        expected, any_order=pattern.get("ignoreArrayOrder", False), extra=pattern.get("ignoreExtraElements", False)
    )

    def distance(value: str | None) -> float:
        try:
            found = orjson.loads(value or "")
        except orjson.JSONDecodeError:
            return 1.0
        return 0.0 if equality.holds(found) else max(apart(shown, value or ""), 0.01)

    return distance


def _matches_json_path(pattern: Mapping[str, Any], pointer: str) -> Distance:
    wanted = pattern["matchesJsonPath"]
    is_plain = isinstance(wanted, str)
    expression = wanted if is_plain else wanted.get("expression") if isinstance(wanted, Mapping) else None
    try:
        path = read_path(_text(expression, pointer))
    except PatternError:
        raise
    except ValueError as error:
        raise PatternError(pointer, f"The path {error}.") from error
    rest = {} if is_plain else {name: one for name, one in wanted.items() if name != "expression"}
    if "matchesJsonPath" in rest:
        raise PatternError(pointer, "A path in a path is not supported.")
    inner = read_value_pattern(rest, pointer) if rest else None

    def distance(value: str | None) -> float:
        found = find_at(path, value or "")
        if inner is None:
            return float(not found)
        return min((inner(_shown(one)) for one in found), default=inner(None))

    return distance


def _shown(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def _text(value: Any, pointer: str) -> str:
    if not isinstance(value, str):
        raise PatternError(pointer, "This is a text.")
    return value


_KINDS: Mapping[str, tuple[Callable[[Mapping[str, Any], str], Distance], frozenset[str]]] = {
    "equalTo": (_equal_to, frozenset(("caseInsensitive",))),
    "equalToJson": (_equal_to_json, frozenset(("ignoreArrayOrder", "ignoreExtraElements"))),
    "matchesJsonPath": (_matches_json_path, frozenset()),
    "contains": (_contains, frozenset()),
    "doesNotContain": (_does_not_contain, frozenset()),
    "matches": (_matches, frozenset()),
    "doesNotMatch": (_does_not_match, frozenset()),
    "absent": (_absent, frozenset()),
}
"""How the pattern of each name is read, and which switches may stand beside it."""
