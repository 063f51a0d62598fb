"""Which values of a body are secrets, and which of its names are known, as the document says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from watchword.contract.values import Template
from watchword.document.composition import COMPOSITIONS
from watchword.journal.masking import is_secret


def secrets_in(template: Template, schema: Any) -> Iterator[Template]:
    """
    Yield what *schema* calls a secret, and texts that stand where it declares an object: they may be one.

    Args:
        schema: With its references replaced, as `Operation.body_schema` has it.
    """
    parts = list(parts_in_place(schema))
    misplaced = isinstance(template, str) and any("properties" in one for one in parts)
    if misplaced or any(is_secret(one) for one in parts):
        yield template
    else:
        for _, member, declared in _members(template, parts):
            yield from secrets_in(member, declared)


def names_in(template: Template, schema: Any) -> Iterator[str]:
    """Yield the names in a body that *schema* declares; it may allow others, which a client chooses."""
    for name, member, declared in _members(template, list(parts_in_place(schema))):
        if name:
            yield name
        yield from names_in(member, declared)


def _members(template: Template, parts: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Template, Any]]:
    """Yield members with their schemas, and with their names where these are declared, else without."""
    if isinstance(template, Mapping):
        for name, member in template.items():
            for properties in (one.get("properties") or {} for one in parts):
                if name in properties:
                    yield name, member, properties[name]
            for free in (one.get("additionalProperties") for one in parts):
                yield "", member, free
    elif isinstance(template, list | tuple):
        for member in template:
            for one in parts:
                yield "", member, one.get("items")


def parts_in_place(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Yield a schema and what it combines in place."""
    if isinstance(schema, Mapping):
        yield schema
        for key in COMPOSITIONS:
            for one in schema.get(key) or ():
                yield from parts_in_place(one)
