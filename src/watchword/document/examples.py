"""Example values made from schemas, for what the document has no example of."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from math import ceil, floor
from typing import Any

from watchword.document.references import resolve_reference

_FORMATS = {
    "date-time": "2026-01-31T12:00:00Z",
    "date": "2026-01-31",
    "time": "12:00:00Z",
    "email": "ada@example.com",
    "uuid": "3f46c7ad-3f7a-416e-9bd8-3b8fd25c05b4",
    "uri": "https://example.com/",
    "hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "d2F0Y2h3b3Jk",
}
_NUMBERED_FORMATS = {
    "date-time": "2026-01-31T12:00:{:02}Z",
    "date": "2026-01-{:02}",
    "time": "12:00:{:02}Z",
    "email": "ada{}@example.com",
    "uuid": "3f46c7ad-3f7a-416e-9bd8-{:012}",
    "uri": "https://example.com/{}",
    "hostname": "{}.example.com",
    "ipv4": "198.51.100.{}",
    "ipv6": "2001:db8:0:1::{}",
}
"""The same with a number, for values that must differ."""
_LONGEST_TRIED = 64
"""Length in characters up to which texts are tried for a pattern."""


class _EndlessError(Exception):
    """The schema contains itself; an optional part that raises this is left out."""


def make_example(document: Mapping[str, Any], schema: Any) -> Any:
    """
    Make a value that fits *schema*: its example or its default if it has one, else a small value.

    Args:
        document: What references in *schema* lead into.
        schema: Of OpenAPI 3.0. An optional part that would contain itself is left out.

    Returns:
        An empty object if no finite value fits. Some keywords are not understood, so a `Validator` has to tell
        whether the value fits.
    """
    try:
        return _ExampleMaker(document).value(schema, ())
    except _EndlessError:
        return {}


class _ExampleMaker:
    """
    Makes one value.

    Args:
        variant: 0 for the first value. Other numbers make other values, if the schema allows several.
    """

    def __init__(self, document: Mapping[str, Any], variant: int = 0) -> None:
        self._document, self._variant = document, variant

    def value(self, schema: Any, within: tuple[str, ...]) -> Any:
        if "$ref" in schema:
            if schema["$ref"] in within:
                raise _EndlessError
            return self.value(resolve_reference(self._document, schema), (*within, schema["$ref"]))
        if self._variant == 0:
            for given in ("example", "default"):
                if given in schema:
                    return schema[given]
        if choices := schema.get("enum"):
            return choices[self._variant % len(choices)]
        if "allOf" in schema:
            return self._combine(schema, within)
        for choice in ("oneOf", "anyOf"):
            if schema.get(choice):
                return self._first_finite(schema[choice], within)
        return self._of_type(schema, within)

    def _of_type(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> Any:
        match schema.get("type") or ("object" if "properties" in schema else None):
            case "object":
                return self._object(schema, within)
            case "array":
                return self._array(schema, within)
            case "string":
                return self._string(schema)
            case "integer" | "number":
                return self._number(schema)
            case "boolean":
                return self._variant % 2 == 0
            case _:
                return {"number": self._variant} if self._variant else {}

    def _combine(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> Any:
        whole: dict[str, Any] = {}
        for part in (*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}):
            value = self.value(part, within)
            if not isinstance(value, dict):
                return value
            whole.update(value)
        return whole

    def _first_finite(self, choices: Sequence[Any], within: tuple[str, ...]) -> Any:
        for choice in choices:
            with suppress(_EndlessError):
                return self.value(choice, within)
        raise _EndlessError

    def _object(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, part in (schema.get("properties") or {}).items():
            if resolve_reference(self._document, part).get("writeOnly"):
                continue
            try:
                made[name] = self.value(part, within)
            except _EndlessError:
                if name in required:
                    raise
        additional = schema.get("additionalProperties", "properties" not in schema)
        if additional is not False:
            part = {"type": "string"} if additional is True else additional
            for number in range(1, schema.get("minProperties", 0) - len(made) + 1):
                made[f"name{number}"] = self.value(part, within)
        return made

    def _array(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> list[Any]:
        least = schema.get("minItems", 0)
        count = min(max(least, 1), schema.get("maxItems", least + 1))
        items = schema.get("items", {})
        variants = range(count) if schema.get("uniqueItems") else [self._variant] * count
        try:
            return [_ExampleMaker(self._document, variant).value(items, within) for variant in variants]
        except _EndlessError:
            if least:
                raise
            return []

    def _string(self, schema: Mapping[str, Any]) -> str:
        if "pattern" in schema:
            found = next(islice(_try_texts(schema), self._variant, None), None)
            if found is not None:
                return found
        formats = _NUMBERED_FORMATS if self._variant else _FORMATS
        known = formats.get(schema.get("format", ""))
        if known is not None:
            return known.format(self._variant)
        number = str(self._variant) if self._variant else ""
        text = "string".ljust(schema.get("minLength", 0) - len(number), "x")
        longest = schema.get("maxLength")
        return text[: None if longest is None else max(longest - len(number), 0)] + number

    def _number(self, schema: Mapping[str, Any]) -> int | float:
        step: int | float = schema.get("multipleOf", 1)
        low, high = schema.get("minimum"), schema.get("maximum")
        value: int | float = 0
        if low is not None:
            value = ceil(low / step) * step
            if schema.get("exclusiveMinimum") and value == low:
                value += step
        elif high is not None:
            if high <= 0:
                value = floor(high / step) * step
                if schema.get("exclusiveMaximum") and value == high:
                    value -= step
            return value - self._variant * step
        return value + self._variant * step


def _try_texts(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield texts of one repeated character that match the pattern, as patterns of codes do."""
    try:
        pattern = re.compile(schema["pattern"])
    except re.error:
        return  # a pattern that only JavaScript understands
    least = max(schema.get("minLength", 0), 1)
    longest = max(least, _LONGEST_TRIED)
    for length in range(least, min(schema.get("maxLength", longest), longest) + 1):
        for character in "aA01bB23":
            if pattern.search(text := character * length):
                yield text
