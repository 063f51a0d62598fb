"""Answers out of the document alone: its named examples, or data made from its schemas."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from math import ceil, floor
from typing import Any

from watchword.document.operations import resolve

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


class _EndlessError(Exception):
    """The schema leads into itself; whoever can do without this part leaves it out."""


def sample(document: Mapping[str, Any], schema: Any) -> Any:
    """
    Make a value that fits *schema*: its example or default if it has one, else a small one.

    Args:
        schema: OpenAPI 3.0; references lead into *document*. A part that would contain itself is left out.

    Returns:
        An empty object if no finite value fits.
    """
    try:
        return _sample(document, schema, ())
    except _EndlessError:
        return {}


def _sample(document: Mapping[str, Any], schema: Any, within: tuple[str, ...]) -> Any:
    if "$ref" in schema:
        if schema["$ref"] in within:
            raise _EndlessError
        return _sample(document, resolve(document, schema), (*within, schema["$ref"]))
    for given in ("example", "default"):
        if given in schema:
            return schema[given]
    if schema.get("enum"):
        return schema["enum"][0]
    if "allOf" in schema:
        return _combined(document, schema, within)
    for choice in ("oneOf", "anyOf"):
        if schema.get(choice):
            return _first(document, schema[choice], within)
    return _of_type(document, schema, within)


def _of_type(document: Mapping[str, Any], schema: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    match schema.get("type") or ("object" if "properties" in schema else None):
        case "object":
            return _object(document, schema, within)
        case "array":
            return _array(document, schema, within)
        case "string":
            return _string(schema)
        case "integer" | "number":
            return _number(schema)
        case "boolean":
            return True
        case _:
            return {}


def _combined(document: Mapping[str, Any], schema: Mapping[str, Any], within: tuple[str, ...]) -> Any:
    whole: dict[str, Any] = {}
    for part in (*schema["allOf"], {key: value for key, value in schema.items() if key != "allOf"}):
        value = _sample(document, part, within)
        if not isinstance(value, dict):
            return value
        whole.update(value)
    return whole


def _first(document: Mapping[str, Any], choices: Sequence[Any], within: tuple[str, ...]) -> Any:
    for choice in choices:
        with suppress(_EndlessError):
            return _sample(document, choice, within)
    raise _EndlessError


def _object(document: Mapping[str, Any], schema: Mapping[str, Any], within: tuple[str, ...]) -> dict[str, Any]:
    required = schema.get("required", ())
    made: dict[str, Any] = {}
    for name, part in (schema.get("properties") or {}).items():
        if resolve(document, part).get("writeOnly"):
            continue
        try:
            made[name] = _sample(document, part, within)
        except _EndlessError:
            if name in required:
                raise
    return made


def _array(document: Mapping[str, Any], schema: Mapping[str, Any], within: tuple[str, ...]) -> list[Any]:
    least = schema.get("minItems", 0)
    count = min(max(least, 1), schema.get("maxItems", least + 1))
    try:
        return [_sample(document, schema.get("items", {}), within) for _ in range(count)]
    except _EndlessError:
        if least:
            raise
        return []


def _string(schema: Mapping[str, Any]) -> str:
    known = _FORMATS.get(schema.get("format", ""))
    if known is not None:
        return known
    return "string".ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]


def _number(schema: Mapping[str, Any]) -> int | float:
    step: int | float = schema.get("multipleOf", 1)
    low, high = schema.get("minimum"), schema.get("maximum")
    value: int | float = 0
    if low is not None:
        value = ceil(low / step) * step
        if schema.get("exclusiveMinimum") and value == low:
            value += step
    elif high is not None and high <= 0:
        value = floor(high / step) * step
        if schema.get("exclusiveMaximum") and value == high:
            value -= step
    return value
