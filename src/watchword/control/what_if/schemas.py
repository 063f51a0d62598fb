"""What a schema says of members of a value, whichever of its choices the value is meant for."""

from collections.abc import Mapping
from typing import Any

from watchword.document.merging import Flat, flatten

_CHOICES = ("oneOf", "anyOf")


def join(document: Mapping[str, Any], schema: Any) -> Flat:
    """Merge a schema with its parts; of several choices all properties are known, and else the first one counts."""
    try:
        flat, _ = flatten(document, schema if isinstance(schema, Mapping) else {}, ())
        choices = [join(document, one) for key in _CHOICES for one in flat.get(key) or ()]
    except RecursionError:
        return {}
    for one in choices:
        known = {**(one.get("properties") or {}), **(flat.get("properties") or {})}
        both = (flat.get("properties") or {}).keys() & (one.get("properties") or {}).keys()
        differing = {name for name in both if flat["properties"][name] != one["properties"][name]}
        known |= {name: {"anyOf": [flat["properties"][name], one["properties"][name]]} for name in differing}
        flat = {**one, **flat, "properties": known} if known else {**one, **flat}
    return flat


def find_member(flat: Flat, name: str) -> Any:
    """Find the schema of a member; None if the document does not declare it."""
    found, free = (flat.get("properties") or {}).get(name), flat.get("additionalProperties")
    return found if found is not None else free if isinstance(free, Mapping) else None


def declares(flat: Flat, name: str) -> bool:
    """Whether the document itself has the name of a member."""
    return name in (flat.get("properties") or ())
