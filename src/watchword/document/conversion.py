"""From OpenAPI 3.0 schemas to JSON Schema 2020-12."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Schema = Any
_COMPOSITIONS = ("allOf", "anyOf", "oneOf")
_ANNOTATIONS = frozenset(
    (
        *("default", "deprecated", "description", "discriminator", "example", "externalDocs", "title", "xml"),
        # These change how other keywords are converted.
        *("exclusiveMaximum", "exclusiveMinimum", "nullable", "readOnly", "writeOnly"),
    )
)
MUST = "x-must"
"""What a value must be, in words, where a keyword of the schema (a pattern, a choice) would tell a reader little."""


def convert_schema(schema: Schema, *, answer: bool, branch: bool = False) -> Schema:
    """
    Turn an OpenAPI 3.0 schema into one of JSON Schema 2020-12.

    Args:
        answer: Convert for what the server sends: it must not hold secrets (``writeOnly``), and no property that
            the document does not name.
        branch: The schema is part of a composition; only the whole composition says which properties there are.
    """
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": _convert_reference(schema["$ref"], answer=answer)}
    new: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _CONVERSIONS:
            new.update(_CONVERSIONS[key](schema, value, answer))
        elif key == MUST or (key not in _ANNOTATIONS and not key.startswith("x-")):
            new[key] = value
    if schema.get("nullable"):
        if "type" in new:
            new["type"] = [new["type"], "null"]
        if "enum" in new and None not in new["enum"]:
            new["enum"] = [*new["enum"], None]
    if new.get("additionalProperties") is False:
        # With a list of properties, though empty, the error names the unknown one.
        new.setdefault("properties", {})
    if answer and not branch and "additionalProperties" not in new and ("properties" in new or "allOf" in new):
        new["unevaluatedProperties"] = False
    return new


def _composition(key: str) -> "_Conversion":
    return lambda _schema, parts, answer: {key: [convert_schema(part, answer=answer, branch=True) for part in parts]}


def _part(key: str) -> "_Conversion":
    return lambda _schema, part, answer: {key: convert_schema(part, answer=answer, branch=key == "not")}


def _bound(key: str) -> "_Conversion":
    """Convert a bound, which OpenAPI 3.0 writes as a number and a flag, to one number."""
    exclusive = f"exclusive{key.capitalize()}"
    return lambda schema, value, _answer: {exclusive if schema.get(exclusive) is True else key: value}


def _properties(_schema: Schema, members: Mapping[str, Schema], answer: bool) -> Mapping[str, Any]:  # noqa: FBT001  # see _Conversion
    return {
        "properties": {
            name: False if _is_hidden(member, answer=answer) else convert_schema(member, answer=answer)
            for name, member in members.items()
        }
    }


def _required(schema: Schema, names: Sequence[str], answer: bool) -> Mapping[str, Any]:  # noqa: FBT001  # see _Conversion
    members = schema.get("properties") or {}
    return {"required": [name for name in names if not _is_hidden(members.get(name), answer=answer)]}


def _is_hidden(member: Schema, *, answer: bool) -> bool:
    return isinstance(member, dict) and bool(member.get("writeOnly" if answer else "readOnly"))


_Conversion = Callable[[Schema, Any, bool], Mapping[str, Any]]
"""Takes a schema, the value of one of its keywords, and whether it is for an answer; gives JSON Schema keywords."""

_CONVERSIONS: Mapping[str, _Conversion] = {
    **{key: _composition(key) for key in _COMPOSITIONS},
    **{key: _part(key) for key in ("items", "additionalProperties", "not")},
    **{key: _bound(key) for key in ("minimum", "maximum")},
    "properties": _properties,
    "required": _required,
}


def _convert_reference(reference: str, *, answer: bool) -> str:
    name = reference.rsplit("/", 1)[-1]
    return f"#/$defs/{'answer' if answer else 'request'}/{name}"


def convert_named_schemas(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Convert all ``components/schemas`` of *document*, once for requests and once for answers."""
    schemas = document.get("components", {}).get("schemas", {})
    composed = _find_composed(document)
    return {
        "request": {name: convert_schema(schema, answer=False) for name, schema in schemas.items()},
        "answer": {
            name: convert_schema(schema, answer=True, branch=name in composed) for name, schema in schemas.items()
        },
    }


def _find_composed(document: Mapping[str, Any]) -> frozenset[str]:
    """Name the schemas that are part of a composition: alone they do not say which properties there are."""
    return frozenset(
        item["$ref"].rsplit("/", 1)[-1]
        for node in _mappings(document)
        for key in _COMPOSITIONS
        if isinstance(node.get(key), list)
        for item in node[key]
        if isinstance(item, dict) and "$ref" in item
    )


def _mappings(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _mappings(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _mappings(value)
