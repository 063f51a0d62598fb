"""What texts stand for: the types that a schema allows, found through references, compositions and choices."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Protocol

import jsonschema_rs

from watchword.document.references import resolve_reference

# Numbers as JSON writes them, short enough for a float. Python reads more: "1_000", " 1", digits of other scripts.
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,300})(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,2})?\Z")
_INTEGER = re.compile(r"-?[0-9]+\Z")
_ORDER = ("integer", "number", "boolean", "array", "object", "string")
_TEXT = ("string",)
_NUMBERS = frozenset(("number", "integer"))
_HINTS = (
    *(("object", key) for key in ("properties", "patternProperties")),
    *(("array", key) for key in ("items", "prefixItems")),
)
"""Types that keywords speak of, for schemas that name no type."""
_DEPTH = 3
"""How deep arrays and objects are looked into: no style writes deeper ones, and a schema may contain itself."""


class _Pattern(Protocol):
    """The pattern of names, read as validators read it, and in bounded time."""

    def is_valid(self, instance: Any) -> bool: ...


@dataclass(frozen=True)
class TextShape:
    """
    What the texts of a value can stand for.

    Args:
        types: JSON types, the ones that few texts fit first; only texts if the schema does not say.
        items: The same for the items of an array.
        prefix: The same for its first items, if each has a schema of its own (``prefixItems``).
        properties: The same for the properties of an object.
        additional: The same for its other properties; None if it has no others.
        patterns: The same for properties whose names have a pattern (``patternProperties``).
    """

    types: tuple[str, ...] = _TEXT
    items: "TextShape | None" = None
    prefix: "tuple[TextShape, ...]" = ()
    properties: Mapping[str, "TextShape"] = field(default_factory=dict)
    additional: "TextShape | None" = None
    patterns: "Sequence[tuple[_Pattern, TextShape]]" = ()

    def member(self, name: str) -> "TextShape":
        """Give the shape of the property *name*."""
        found = self.properties.get(name)
        if found is None:
            found = next((shape for pattern, shape in self.patterns if pattern.is_valid(name)), self.additional)
        return found or _PLAIN

    def item(self, place: int) -> "TextShape":
        """Give the shape of an array's item at *place*."""
        return self.prefix[place] if place < len(self.prefix) else self.items or _PLAIN


_PLAIN = TextShape()


def convert(text: str, types: tuple[str, ...]) -> Any:
    """Convert *text* to the first of *types* that it has the form of; else it stays text, which validators refuse."""
    if types == _TEXT:
        return text
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if ("integer" in types or "number" in types) and _NUMBER.match(text):
        return _integer(text) if "integer" in types else float(text)
    return text


def _integer(text: str) -> int | float | str:
    """Read an integer, also one with a fraction of zeros or an exponent (``1.0``), which JSON Schema counts as one."""
    if _INTEGER.match(text):
        return int(text)
    number = Decimal(text)
    if number == number.to_integral_value():
        return int(number)
    return text if float(text).is_integer() else float(text)  # a float that is too coarse would pass for an integer


def shape_of(document: Mapping[str, Any], schema: Any, *, depth: int = _DEPTH) -> TextShape:
    """
    Find out what texts a *schema* can be given as.

    Args:
        document: What references lead into.
    """
    parts = list(compose(document, schema))
    found = _types(document, schema, ())
    if found is None:
        found = _hinted(parts)
    if "number" in found:
        found -= {"integer"}
    types = tuple(kind for kind in _ORDER if kind in found) or _TEXT
    if depth == 0 or not found & {"array", "object"}:
        return TextShape(types)

    def within(schemas: Sequence[Any]) -> TextShape:
        return shape_of(document, schemas[0] if len(schemas) == 1 else {"anyOf": schemas}, depth=depth - 1)

    members: dict[str, list[Any]] = {}
    for part in parts:
        for name, member in (part.get("properties") or {}).items():
            members.setdefault(name, []).append(member)
    items = [part["items"] for part in parts if "items" in part]
    prefixes = [part["prefixItems"] for part in parts if "prefixItems" in part]
    places = zip_longest(*prefixes, fillvalue={})
    others = [part.get(key, True) for part in parts for key in ("additionalProperties", "unevaluatedProperties")]
    described = [one for one in others if isinstance(one, dict)]
    patterns: dict[str, list[Any]] = {}
    for part in parts:
        for pattern, member in (part.get("patternProperties") or {}).items():
            patterns.setdefault(pattern, []).append(member)
    return TextShape(
        types,
        items=within(items) if items else None,
        prefix=tuple(within([one for one in schemas if one != {}] or [{}]) for schemas in places),
        properties={name: within(schemas) for name, schemas in members.items()},
        additional=within(described) if described else None if members or False in others else _PLAIN,
        patterns=[
            (jsonschema_rs.Draft202012Validator({"pattern": pattern}), within(schemas))
            for pattern, schemas in patterns.items()
        ],
    )


def compose(document: Mapping[str, Any], schema: Any, followed: tuple[str, ...] = ()) -> Iterator[Mapping[str, Any]]:
    """Yield *schema* and all schemas that it is composed of, those that hold under a condition too."""
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference not in followed:
            yield from compose(document, resolve_reference(document, schema), (*followed, reference))
        return
    yield schema
    for one in (*(one for key in ("allOf", "oneOf", "anyOf") for one in schema.get(key, ())), *_conditional(schema)):
        yield from compose(document, one, followed)


def _conditional(schema: Mapping[str, Any]) -> Sequence[Any]:
    """List the parts of *schema* that hold for some values only (OpenAPI 3.1)."""
    return (*(schema[key] for key in ("then", "else") if key in schema), *schema.get("dependentSchemas", {}).values())


def _types(document: Mapping[str, Any], schema: Any, followed: tuple[str, ...]) -> frozenset[str] | None:
    """Tell which types *schema* allows; None if all."""
    if not isinstance(schema, dict):
        return None
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in followed:
            return None
        return _types(document, resolve_reference(document, schema), (*followed, reference))
    found: frozenset[str] | None = None
    kind = schema.get("type")
    if kind:
        found = _widened(frozenset(kind if isinstance(kind, list) else (kind,)))
    for values in (schema.get("enum"), [schema["const"]] if "const" in schema else None):
        if values:
            found = _both(found, _widened(frozenset(map(_type_of, values))))
    for one in schema.get("allOf", ()):
        found = _both(found, _types(document, one, followed))
    for key in ("oneOf", "anyOf"):
        if schema.get(key):
            # A choice that says nothing about the type, a bound only, leaves it to the others.
            choices = [_types(document, one, followed) for one in schema[key]]
            if None in choices:
                choices.append(_hinted(compose(document, schema, followed)) or None)
            known = [one for one in choices if one is not None]
            found = _both(found, frozenset[str]().union(*known) if known else None)
    return None if found is None else found - {"null"}


def _hinted(parts: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Tell which types the keywords of *parts* speak of."""
    return frozenset(kind for part in parts for kind, key in _HINTS if key in part)


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _widened(types: frozenset[str]) -> frozenset[str]:
    """Add the integers to the numbers, so that both together are the integers."""
    return types | _NUMBERS if "number" in types else types


def _type_of(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
        case _:
            return "null"
