"""Data made from the document's schemas, where it has no example."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from math import ceil, floor
from typing import Any

from watchword.document.references import resolve

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
_FURTHER = {
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
"""The same with a number, where several must differ."""
_LONGEST = 64
"""How long a text for a pattern is tried to be."""


class _EndlessError(Exception):
    """The schema leads into itself; whoever can do without this part leaves it out."""


def sample(document: Mapping[str, Any], schema: Any) -> Any:
    """
    Make a value that fits *schema*: its example or default if it has one, else a small one.

    Args:
        schema: OpenAPI 3.0; references lead into *document*. A part that would contain itself is left out.

    Returns:
        An empty object if no finite value fits. Not everything that a schema can say is understood:
        ask a `Validator` whether the value fits.
    """
    try:
        return _Sampler(document).value(schema, ())
    except _EndlessError:
        return {}


class _Sampler:
    """
    Makes one value.

    Args:
        turn: 0 for the first value; other turns make others, where the schema allows that.
    """

    def __init__(self, document: Mapping[str, Any], turn: int = 0) -> None:
        self._document, self._turn = document, turn

    def value(self, schema: Any, within: tuple[str, ...]) -> Any:
        if "$ref" in schema:
            if schema["$ref"] in within:
                raise _EndlessError
            return self.value(resolve(self._document, schema), (*within, schema["$ref"]))
        if self._turn == 0:
            for given in ("example", "default"):
                if given in schema:
                    return schema[given]
        if choices := schema.get("enum"):
            return choices[self._turn % len(choices)]
        if "allOf" in schema:
            return self._combined(schema, within)
        for choice in ("oneOf", "anyOf"):
            if schema.get(choice):
                return self._first(schema[choice], within)
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
                return self._turn % 2 == 0
            case _:
                return {"number": self._turn} if self._turn else {}

    def _combined(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> Any:
        whole: dict[str, Any] = {}
        for part in (*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}):
            value = self.value(part, within)
            if not isinstance(value, dict):
                return value
            whole.update(value)
        return whole

    def _first(self, choices: Sequence[Any], within: tuple[str, ...]) -> Any:
        for choice in choices:
            with suppress(_EndlessError):
                return self.value(choice, within)
        raise _EndlessError

    def _object(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
        required = schema.get("required", ())
        made: dict[str, Any] = {}
        for name, part in (schema.get("properties") or {}).items():
            if resolve(self._document, part).get("writeOnly"):
                continue
            try:
                made[name] = self.value(part, within)
            except _EndlessError:
                if name in required:
                    raise
        further = schema.get("additionalProperties", "properties" not in schema)
        if further is not False:
            part = {"type": "string"} if further is True else further
            for number in range(1, schema.get("minProperties", 0) - len(made) + 1):
                made[f"name{number}"] = self.value(part, within)
        return made

    def _array(self, schema: Mapping[str, Any], within: tuple[str, ...]) -> list[Any]:
        least = schema.get("minItems", 0)
        count = min(max(least, 1), schema.get("maxItems", least + 1))
        items = schema.get("items", {})
        turns = range(count) if schema.get("uniqueItems") else [self._turn] * count
        try:
            return [_Sampler(self._document, turn).value(items, within) for turn in turns]
        except _EndlessError:
            if least:
                raise
            return []

    def _string(self, schema: Mapping[str, Any]) -> str:
        if "pattern" in schema:
            found = next(islice(_matching(schema), self._turn, None), None)
            if found is not None:
                return found
        formats = _FURTHER if self._turn else _FORMATS
        known = formats.get(schema.get("format", ""))
        if known is not None:
            return known.format(self._turn)
        number = str(self._turn) if self._turn else ""
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
            return value - self._turn * step
        return value + self._turn * step


def _matching(schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield one character repeated, as long as that fits: what codes of digits or letters ask for."""
    try:
        pattern = re.compile(schema["pattern"])
    except re.error:
        return  # a pattern of JavaScript's alone
    least = max(schema.get("minLength", 0), 1)
    longest = max(least, _LONGEST)
    for length in range(least, min(schema.get("maxLength", longest), longest) + 1):
        for character in "aA01bB23":
            if pattern.search(text := character * length):
                yield text
