"""Schemas without references and compositions: what all parts of one say together."""

from collections.abc import Callable, Mapping
from itertools import zip_longest
from math import gcd
from typing import Any

from watchword.document.references import resolve_reference

Flat = dict[str, Any]
"""
A schema without ``$ref`` and ``allOf``; its bounds are numbers, as in JSON Schema 2020-12.

``patterns`` has all patterns; ``examples`` has ``example`` and ``examples``; ``given`` has the objects that its parts
give as examples or defaults.
"""


def flatten(document: Mapping[str, Any], schema: Any, within: tuple[str, ...]) -> tuple[Flat, tuple[str, ...]]:
    """
    Merge *schema* with everything that it refers to and is composed of, except choices.

    Args:
        within: The references that were followed on the way to *schema*.

    Returns:
        The whole, and *within* with the references that were followed for it.

    Raises:
        RecursionError: The schema is composed of itself.
    """
    if not isinstance(schema, dict):
        return ({} if schema else {"enum": []}), within
    reference = schema.get("$ref")
    if isinstance(reference, str):
        if reference in within:
            raise RecursionError
        return flatten(document, resolve_reference(document, {"$ref": reference}), (*within, reference))
    flat = _own(schema)
    followed = within
    for part in schema.get("allOf", ()):
        other, more = flatten(document, part, within)
        followed += tuple(one for one in more if one not in followed)
        flat = merge(other, flat)
    return flat, followed


def merge(one: Flat, other: Flat) -> Flat:
    """Make a schema that only accepts what both accept, as far as single keywords go."""
    merged = {**one, **other}
    for key in one.keys() & other.keys():
        combine = _MERGED.get(key)
        if combine is not None:
            merged[key] = combine(one[key], other[key])
    return merged


def discriminate(flat: Flat, schema: Any, choices: Any = None) -> Flat:
    """
    Fix the discriminator of *flat* to the value that names *schema*, if that is a reference.

    Args:
        choices: The discriminator of the choices that *schema* is one of; *flat* may have one of its own.
    """
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    discriminator = choices or flat.get("discriminator")
    if not reference or not isinstance(discriminator, dict) or "propertyName" not in discriminator:
        return flat
    name, own = discriminator["propertyName"], reference.rsplit("/", 1)[-1]
    mapping = discriminator.get("mapping") or {}
    value = next((key for key, target in mapping.items() if target in (reference, own)), own)
    fixed = {"enum": [value]}
    before = (flat.get("properties") or {}).get(name)
    if isinstance(before, dict) and value not in before.get("enum", [value]):
        return flat
    return {**flat, "properties": {**(flat.get("properties") or {}), name: fixed}}


def _own(schema: Mapping[str, Any]) -> Flat:
    flat = {key: value for key, value in schema.items() if key != "allOf"}
    for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if flat.get(exclusive) is True and limit in flat:
            flat[exclusive] = flat.pop(limit)
        elif isinstance(flat.get(exclusive), bool):
            del flat[exclusive]
    if "pattern" in flat:
        flat["patterns"] = [flat.pop("pattern")]
    examples = [*([flat.pop("example")] if "example" in flat else ()), *(flat.pop("examples", None) or ())]
    if examples:
        flat["examples"] = examples
    objects = [one for one in (*examples[:1], flat.get("default")) if isinstance(one, dict)]
    if objects:
        flat["given"] = objects[:1]
    return flat


def _types(one: Any, other: Any) -> Any:
    if {one, other} == {"integer", "number"} if isinstance(one, str) and isinstance(other, str) else False:
        return "integer"
    return other


def _both(one: Any, other: Any) -> Any:
    return one if one == other else {"allOf": [one, other]}


def _additional(one: Any, other: Any) -> Any:
    if isinstance(one, dict) and isinstance(other, dict):
        return _both(one, other)
    return False if False in (one, other) else one if isinstance(one, dict) else other


def _properties(one: Any, other: Any) -> dict[str, Any]:
    return {
        name: _both(one[name], other[name]) if name in one and name in other else {**one, **other}[name]
        for name in {**one, **other}
    }


def _positions(one: Any, other: Any) -> list[Any]:
    return [
        _both({} if left is None else left, {} if right is None else right) for left, right in zip_longest(one, other)
    ]


def _multiple(one: Any, other: Any) -> Any:
    whole = isinstance(one, int) and isinstance(other, int)
    return one * other // gcd(one, other) if whole else max(one, other)


_MERGED: Mapping[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    **dict.fromkeys(("patterns", "given"), lambda one, other: [*one, *other]),
    **dict.fromkeys(("nullable",), lambda one, other: one and other),
    **dict.fromkeys(("uniqueItems", "writeOnly", "readOnly"), lambda one, other: one or other),
    "type": _types,
    "required": lambda one, other: [*one, *(name for name in other if name not in one)],
    "enum": lambda one, other: [value for value in one if value in other],
    "items": _both,
    "prefixItems": _positions,
    "additionalProperties": _additional,
    "properties": _properties,
    "multipleOf": _multiple,
}
