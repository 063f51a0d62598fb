"""Whether a document has the form of OpenAPI 3.0 or 3.1, by the schemas that the OpenAPI Initiative publishes."""

from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import orjson

from watchword.document.structure import Place, kind_at, walk
from watchword.domain.alike import suggest

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_LONGEST = 200
"""Length in characters of a quoted value."""
_NEWER_WORDS = frozenset(
    (
        *("const", "examples", "if", "then", "else", "prefixItems", "contains", "minContains", "maxContains"),
        *("patternProperties", "propertyNames", "dependentSchemas", "dependentRequired", "unevaluatedProperties"),
        *("unevaluatedItems", "contentMediaType", "contentEncoding", "contentSchema", "$defs", "$id", "$anchor"),
        *("$schema", "$comment", "$dynamicRef", "$dynamicAnchor"),
        *("webhooks", "jsonSchemaDialect", "pathItems", "summary", "identifier"),
    )
)
"""Fields that OpenAPI 3.1 has and 3.0 has not, wherever they are refused."""
_UNKNOWN = ("additionalProperties", "unevaluatedProperties")
"""The keywords that refuse a key that an object does not know."""
_KEYS: Mapping[str, str] = {
    "paths": "a path begins with '/'",
    "responses": "a status is three digits such as 404, a class such as 4XX, or default",
}
"""What a key must be in objects of these kinds, which have names that people choose."""


def form_problems(document: Mapping[str, Any], version: str) -> Iterator[str]:
    """
    Yield what is wrong with the form of *document*, with its place.

    Args:
        version: ``3.0`` or ``3.1``.
    """
    for one in _problems(document, version):
        hint = f"; this is OpenAPI 3.1, and the document says {document['openapi']}" if one.is_newer else ""
        yield f"{'/'.join(one.place) or 'document'}: {_shortened(one.text)}{hint}"


class _Problem(NamedTuple):
    """
    One thing that is wrong.

    Args:
        is_newer: Whether it would be right in OpenAPI 3.1, and the document is of 3.0.
    """

    place: Place
    text: str
    is_newer: bool


def _problems(document: Mapping[str, Any], version: str) -> Iterator[_Problem]:
    last: Place | None = None
    told: list[Place] = []
    for place, error in _errors(document, version):
        innermost = _innermost(error)
        where = (*place, *(str(step) for step in innermost.instance_path))
        # A second error at one place (no string, and none of the choices) tells nothing new.
        if where == last:
            continue
        last = where
        for one in _told(innermost, where, version):
            # A key can be unknown only because what it leads to is wrong, and that was told.
            if one.place == where or not any(inner[: len(one.place)] == one.place for inner in told):
                told.append(one.place)
                yield one


def _told(error: Any, where: Place, version: str) -> Iterator[_Problem]:
    """Say what is wrong at *where*; if it is a key, the place is that of the key."""
    is_older, keys = version == "3.0", list(_wrong_keys(error))
    for key in keys:
        is_newer = is_older and key in _NEWER_WORDS
        known = () if is_newer else _known_keys(error, version)
        yield _Problem((*where, key), _sentence(error, kind_at(where), key, known), is_newer)
    if not keys:
        yield _Problem(where, error.message, is_older and _is_newer(error))


def _wrong_keys(error: Any) -> Iterator[str]:
    """Yield the keys that an *error* is about, which is told of the object that has them."""
    if error.kind.name in _UNKNOWN:
        yield from error.kind.unexpected
    elif error.kind.name == "propertyNames":
        yield str(error.kind.error.instance)


def _sentence(error: Any, kind: str, key: str, known: Collection[str]) -> str:
    """Say what would be right in the place of a *key* of an object of this *kind*, whose fields are *known*."""
    if kind in _KEYS:
        return _KEYS[kind]
    if error.kind.name == "propertyNames":
        return "such a name has letters, digits, '.', '-' and '_' only"
    return f"is not known here{suggest(key, known)}"


def _known_keys(error: Any, version: str) -> Collection[str]:
    """Give the fields of the object in which a key is not known; none if the schema names them elsewhere."""
    node: Any = _document_schema(version)
    for step in error.schema_path[:-1]:
        node = node.get(step, {}) if isinstance(node, dict) else {}
    return list(node.get("properties", ())) if isinstance(node, dict) else ()


def _errors(document: Mapping[str, Any], version: str) -> Iterator[tuple[Place, Any]]:
    for error in _document_validator(version).iter_errors(document):
        yield (), error
    if version != "3.0":
        # The schema of OpenAPI 3.1 leaves the schemas in a document to JSON Schema.
        for place, node in _outer_schemas(document):
            for error in _schema_validator().iter_errors(node):
                yield place, error


def _shortened(message: str) -> str:
    text = message.splitlines()[0]
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


@cache
def _document_schema(version: str) -> Any:
    package = find_spec("openapi_spec_validator")
    assert package is not None  # noqa: S101  # a dependency
    (folder,) = map(Path, package.submodule_search_locations or ())
    schema = orjson.loads((folder / f"resources/schemas/v{version}/schema.json").read_bytes())
    return _with_names(_newer_draft(schema)) if version == "3.0" else schema


@cache
def _document_validator(version: str) -> Any:
    validator = jsonschema_rs.Draft7Validator if version == "3.0" else jsonschema_rs.Draft202012Validator
    return validator(_document_schema(version), validate_formats=False)


@cache
def _schema_validator() -> Any:
    return jsonschema_rs.Draft202012Validator({"$ref": _DIALECT}, validate_formats=False)


def _newer_draft(node: Any) -> Any:
    """
    Write the schema of OpenAPI 3.0 in draft 7, where the choice between an object and a reference to one has errors.

    In draft 4 the only error is that neither fits.
    """
    if isinstance(node, list):
        return [_newer_draft(item) for item in node]
    if not isinstance(node, dict):
        return node
    new = {key: _newer_draft(value) for key, value in node.items() if key not in ("id", "$schema")}
    if node.get("exclusiveMinimum") is True:
        new["exclusiveMinimum"] = new.pop("minimum")
    options = node.get("oneOf")
    reference = {"$ref": "#/definitions/Reference"}
    if isinstance(options, list) and len(options) == 2 and reference in options:
        del new["oneOf"]
        other = next(option for option in options if option != reference)
        return {**new, "if": {"type": "object", "required": ["$ref"]}, "then": reference, "else": other}
    return new


def _with_names(schema: Any) -> Any:
    """Let names of components be only such as OpenAPI 3.0 says: its schema lets any others pass, with any content."""
    for components in schema["definitions"]["Components"]["properties"].values():
        (names,) = components["patternProperties"]
        components["propertyNames"] = {"pattern": names}
    return schema


def _outer_schemas(document: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Yield the schemas of a document that are not part of another."""
    last: Place = ("",)
    for place, kind, node in walk(document):
        if kind == "schema" and place[: len(last)] != last:
            last = place
            yield place, node


def _innermost(error: Any) -> Any:
    """Give the error that tells most: of a choice, the one in the option that fits best."""
    while error.kind.name in ("oneOf", "anyOf") and (options := [one for one in error.kind.context if one]):
        # An option that fails deep inside is the one that was meant; then one of which little fails.
        best = max(options, key=lambda errors: (max(len(one.instance_path) for one in errors), -len(errors)))
        error = max(best, key=lambda one: len(one.instance_path))
    return error


def _is_newer(error: Any) -> bool:
    last = str(error.instance_path[-1]) if error.instance_path else ""
    value = error.instance
    return (
        (last == "type" and (isinstance(value, list) or value in ("null", "mutualTLS")))
        or (last in ("exclusiveMinimum", "exclusiveMaximum") and not isinstance(value, bool))
        or (error.kind.name == "type" and isinstance(value, bool) and error.kind.value == ["object"])
        or (error.kind.name == "required" and isinstance(value, dict) and "webhooks" in value)
    )
