"""Whether a document has the form of OpenAPI 3.0 or 3.1, by the schemas that the OpenAPI Initiative publishes."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson

from watchword.document.structure import Place, walk

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


def form_problems(document: Mapping[str, Any], version: str) -> Iterator[str]:
    """
    Yield what is wrong with the form of *document*, with its place.

    Args:
        version: ``3.0`` or ``3.1``.
    """
    last: str | None = None
    for place, error in _errors(document, version):
        innermost = _innermost(error)
        where = "/".join((*place, *(str(step) for step in innermost.instance_path)))
        # A second error at one place (no string, and none of the choices) tells nothing new.
        if where != last:
            last = where
            newer = version == "3.0" and _is_newer(innermost)
            hint = f"; this is OpenAPI 3.1, and the document says {document['openapi']}" if newer else ""
            yield f"{where or 'document'}: {_shortened(innermost.message)}{hint}"


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
def _document_validator(version: str) -> Any:
    package = find_spec("openapi_spec_validator")
    assert package is not None  # noqa: S101  # a dependency
    (folder,) = map(Path, package.submodule_search_locations or ())
    schema = orjson.loads((folder / f"resources/schemas/v{version}/schema.json").read_bytes())
    if version == "3.0":
        return jsonschema_rs.Draft7Validator(_newer_draft(schema), validate_formats=False)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=False)


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
    if error.kind.name == "additionalProperties":
        return not _NEWER_WORDS.isdisjoint(error.kind.unexpected)
    last = str(error.instance_path[-1]) if error.instance_path else ""
    value = error.instance
    return (
        (last == "type" and (isinstance(value, list) or value in ("null", "mutualTLS")))
        or (last in ("exclusiveMinimum", "exclusiveMaximum") and not isinstance(value, bool))
        or (error.kind.name == "type" and isinstance(value, bool) and error.kind.value == ["object"])
        or (error.kind.name == "required" and isinstance(value, dict) and "webhooks" in value)
    )
