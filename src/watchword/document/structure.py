"""
The structure of an OpenAPI document: what stands where.

It tells schemas, responses and the others apart from plain data: inside an example, a default or an extension
nothing is a reference. It also tells fixed fields from names that people choose: a property may be called ``$ref``,
a header ``x-total``.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Place = tuple[str, ...]
DATA = ""
"""The kind of what has no structure, or none that matters here."""

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_SCHEMAS = ("schema", "[schema]", "{schema}")
_SCHEMA = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "[schema]"),
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), "{schema}"),
    **dict.fromkeys(("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"), "schema"),
    **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames", "contentSchema"), "schema"),
    "discriminator": "discriminator",
}
_PARAMETER = {"schema": "schema", "content": "{mediaType}", "examples": "{example}"}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "document": {
        "paths": "paths", "webhooks": "{pathItem}", "components": "components", "tags": "[tag]",
    },
    "components": {
        "schemas": "{schema}", "responses": "{response}", "parameters": "{parameter}", "examples": "{example}",
        "requestBodies": "{requestBody}", "headers": "{header}", "securitySchemes": "{securityScheme}",
        "links": "{link}", "callbacks": "{callback}", "pathItems": "{pathItem}",
    },
    "pathItem": {**dict.fromkeys(METHODS, "operation"), "parameters": "[parameter]"},
    "operation": {
        "parameters": "[parameter]", "requestBody": "requestBody", "responses": "responses",
        "callbacks": "{callback}",
    },
    "tag": {"x-outer-responses": "responses"},
    "parameter": _PARAMETER,
    "header": _PARAMETER,
    "requestBody": {"content": "{mediaType}"},
    "response": {"headers": "{header}", "content": "{mediaType}", "links": "{link}"},
    "mediaType": {"schema": "schema", "examples": "{example}", "encoding": "{encoding}"},
    "encoding": {"headers": "{header}"},
    "schema": _SCHEMA,
}  # fmt: skip
_NAMED = {"paths": "pathItem", "responses": "response", "callback": "pathItem"}
"""Objects of which every field is one of these, except extensions."""

CATEGORIES: Mapping[str, str] = {
    "schema": "schemas", "response": "responses", "parameter": "parameters", "example": "examples",
    "requestBody": "requestBodies", "header": "headers", "securityScheme": "securitySchemes", "link": "links",
    "callback": "callbacks",
}  # fmt: skip
"""The category of components that a reference of each kind leads to. A path item has none in OpenAPI 3.0."""


def kind_of(kind: str, step: str | int) -> str:
    """Tell the kind of the part *step* of an object of *kind*; ``[…]`` is a list of some kind, ``{…}`` a map."""
    if kind.startswith(("[", "{")):
        return kind[1:-1]
    if kind in _NAMED:
        return DATA if str(step).startswith("x-") else _NAMED[kind]
    return _FIELDS.get(kind, {}).get(str(step), DATA)


def kind_at(location: Iterator[str | int] | tuple[str | int, ...]) -> str:
    """Tell the kind of what stands at a *location* of a document."""
    kind = "document"
    for step in location:
        kind = kind_of(kind, step)
    return kind


def parts(kind: str, node: Any) -> Iterator[tuple[str | int, str, Any]]:
    """Yield name or index, kind and value of the parts of *node* that have a structure."""
    named = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, part in named:
        inner = kind_of(kind, step)
        if inner != DATA:
            yield step, inner, part


def reference_in(kind: str, node: Any) -> str | None:
    """Give the ``$ref`` of *node*, if one may stand there."""
    if not isinstance(node, dict) or (kind not in CATEGORIES and kind != "pathItem"):
        return None
    reference = node.get("$ref")
    return reference if isinstance(reference, str) else None


def fields_without_effect(kind: str, node: Mapping[str, Any], version: str) -> Iterator[str]:
    """
    Yield the fields of *node* that stand beside its ``$ref`` and have no effect there; extensions may.

    Args:
        version: Of OpenAPI: from 3.1 on a schema may have fields beside a reference, as a path item always may, and
            every other reference a summary and a description.
    """
    newer = not version.startswith("3.0")
    if reference_in(kind, node) is None or kind == "pathItem" or (newer and kind == "schema"):
        return
    read = ("$ref", "summary", "description") if newer else ("$ref",)
    yield from (name for name in node if name not in read and not name.startswith("x-"))


def walk(node: Any, kind: str = "document", place: Place = ()) -> Iterator[tuple[Place, str, dict[str, Any]]]:
    """Yield place, kind and object of *node* and of everything below that has a structure."""
    if isinstance(node, dict) and not kind.startswith(("[", "{")):
        yield place, kind, node
    for step, inner, part in parts(kind, node):
        yield from walk(part, inner, (*place, str(step)))


def path_items(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the paths of *document* with their items, without extensions."""
    return ((path, item) for path, item in (document.get("paths") or {}).items() if not path.startswith("x-"))


def declared_responses(responses: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the responses of an operation by status, without extensions."""
    return ((str(status), response) for status, response in responses.items() if not str(status).startswith("x-"))
