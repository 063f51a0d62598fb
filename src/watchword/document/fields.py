"""Fields of a schema, found through its composition."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

_ALTERNATIVES = ("oneOf", "anyOf")
Possible = frozenset[str] | None
"""Types, or values; None for any."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    A field of an object.

    Args:
        required: Whether every object has it.
        types: What it can be, as JSON Schema names it; None for anything.
        values: The only values that it can have; None for any.
    """

    required: bool
    types: frozenset[str] | None
    values: frozenset[str] | None

    def wider_than(self, other: "Field") -> str:
        """Say what this field can be that *other* cannot; empty if it is not wider."""
        if other.types is not None and (self.types is None or self.types - other.types):
            more = sorted(self.types - other.types) if self.types is not None else ["of any type"]
            return f"can be {' or '.join(more)}"
        if other.values is not None and (self.values is None or self.values - other.values):
            return "can have other values than before"
        return ""


def find_field(schema: Any, name: str) -> Field | None:
    """
    Find a field.

    Args:
        schema: With its references replaced by what they lead to.
        name: With a dot before each inner field: ``password.value``; ``*`` for every field without a name.

    Returns:
        None if the schema does not declare it, or not in every alternative.
    """
    first, _, rest = name.partition(".")
    found = _find(schema, first)
    if found is None or not rest:
        return None if found is None else _describe(*found)
    inner, required = found
    field = find_field(inner, rest)
    return None if field is None else replace(field, required=field.required and required)


def _find(schema: Any, name: str) -> tuple[Any, bool] | None:
    """Find the schema of a property, and whether it is required."""
    if not isinstance(schema, Mapping):
        return None
    if name == "*":
        inner = schema.get("additionalProperties")
        return (inner, True) if isinstance(inner, Mapping) else None
    required = name in schema.get("required", ())
    found = [schema["properties"][name]] if name in schema.get("properties", {}) else []
    for part in schema.get("allOf", ()):
        inner = _find(part, name)
        if inner is not None:
            found.append(inner[0])
        required = required or (inner is not None and inner[1]) or name in _required(part)
    for keyword in _ALTERNATIVES:
        alternatives = [_find(one, name) for one in schema.get(keyword, ())]
        known = [one for one in alternatives if one is not None]
        if known and len(known) == len(alternatives):
            found.append({keyword: [one[0] for one in known]})
            required = required or all(one[1] for one in known)
    return ({"allOf": found} if len(found) > 1 else found[0], required) if found else None


def _required(schema: Any) -> Iterable[str]:
    names: Iterable[str] = schema.get("required", ()) if isinstance(schema, Mapping) else ()
    return names


def _describe(schema: Any, required: bool) -> Field:  # noqa: FBT001  # as `_find` returns it
    return Field(required, _types(schema), _values(schema))


def _types(schema: Any) -> Possible:
    if not isinstance(schema, Mapping):
        return None
    kind = schema.get("type")
    found = None if kind is None else frozenset([kind] if isinstance(kind, str) else kind)
    if found is not None and schema.get("nullable"):
        found |= {"null"}
    return _through_composition(schema, found, _types)


def _values(schema: Any) -> Possible:
    if not isinstance(schema, Mapping):
        return None
    listed = schema.get("enum", [schema["const"]] if "const" in schema else None)
    found = None if listed is None else frozenset(map(repr, listed))
    return _through_composition(schema, found, _values)


def _through_composition(schema: Mapping[str, Any], found: Possible, possible: Callable[[Any], Possible]) -> Possible:
    """Narrow what was *found* in a schema itself by what is *possible* in its parts and alternatives."""
    for part in schema.get("allOf", ()):
        found = _narrower(found, possible(part))
    for keyword in _ALTERNATIVES:
        alternatives = [possible(one) for one in schema.get(keyword, ())]
        if alternatives and None not in alternatives:
            found = _narrower(found, frozenset().union(*(one for one in alternatives if one is not None)))
    return found


def _narrower(one: Possible, other: Possible) -> Possible:
    if one is None or other is None:
        return other if one is None else one
    return one & other
