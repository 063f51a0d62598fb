"""
The control API's document, completed with what only the systems know.

Which systems and operations there are, and what may be set of them, is written down once, in the systems.
The document says where it belongs (``x-watchword-fill``).
"""

from collections.abc import Callable, Mapping
from typing import Any

from watchword.document import Document
from watchword.edge.served_api import ServedApi

FILL = "x-watchword-fill"
_LARGEST = 2**53 - 1
"""Beyond it JSON readers lose digits."""
_KEPT = frozenset(
    (
        *("type", "enum", "description", "default", "pattern", "format", "required", "multipleOf"),
        *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    )
)
Schema = dict[str, Any]


def complete_document(document: Document, imitated: ServedApi) -> Document:
    """
    Complete *document*.

    Args:
        document: Of the control API.
        imitated: What it controls.

    Returns:
        A new document in which no schema waits to be filled.
    """
    schemas = document.content["components"]["schemas"]
    models = {one.name: one.settings.model_json_schema() for one in imitated.sandboxes.systems}
    fills: dict[str, Callable[[], Schema]] = {
        "systems": lambda: {"enum": list(models)},
        "operations": lambda: {"enum": list(imitated.document.operations)},
        "settings": lambda: _settings(models, schemas["AdminDuration"], patch=False),
        "settings-patch": lambda: _settings(models, schemas["AdminDuration"], patch=True),
    }
    filled = {
        name: {**{key: value for key, value in schema.items() if key != FILL}, **fills[schema[FILL]]()}
        if FILL in schema
        else schema
        for name, schema in schemas.items()
    }
    components = {**document.content["components"], "schemas": filled}
    return Document({**document.content, "components": components}, document.systems)


def _settings(models: Mapping[str, Schema], duration: Schema, *, patch: bool) -> Schema:
    properties = {}
    for name, model in models.items():
        translation = _Translation(model.get("$defs", {}), duration)
        properties[name] = translation.of(model, patch=patch)
    return {"type": "object", "properties": properties, "additionalProperties": False}


class _Translation:
    """
    Turns the JSON schema of a model into one of OpenAPI 3.0.

    Args:
        definitions: What its references lead to; they are put in place, since settings do not nest without end.
        duration: Stands wherever the model has a duration, for the models read more forms than the format allows.
    """

    def __init__(self, definitions: Mapping[str, Schema], duration: Schema) -> None:
        self._definitions, self._duration = definitions, duration

    def of(self, schema: Schema, *, patch: bool) -> Schema:
        """
        Translate *schema*.

        Args:
            patch: For a merge patch: nothing is required, and null may stand for every default.
        """
        new = self._translated(schema, patch=patch)
        if patch:
            new.pop("default", None)
            new = _or_null(new)
        return new

    def _translated(self, schema: Schema, *, patch: bool) -> Schema:
        if "$ref" in schema:
            target = self._definitions[schema["$ref"].rsplit("/", 1)[-1]]
            return self._translated({**target, **_without(schema, "$ref")}, patch=patch)
        if "anyOf" in schema:
            return self._optional(schema, patch=patch)
        if schema.get("format") == "duration":
            return {**self._duration, **_only(schema, "description", "default")}
        new = {key: value for key, value in schema.items() if key in _KEPT}
        if "const" in schema:
            new["enum"] = [schema["const"]]
        if schema.get("type") == "integer":
            new = {"minimum": -_LARGEST, "maximum": _LARGEST, **new}
        for bound in ("minimum", "maximum"):
            exclusive = f"exclusive{bound.capitalize()}"
            if exclusive in schema:
                new |= {bound: schema[exclusive], exclusive: True}
        if "items" in schema:
            new["items"] = self._translated(schema["items"], patch=False)
        if schema.get("type") == "object":
            new |= self._object(schema, patch=patch)
            if patch:
                new.pop("required", None)
        return new

    def _object(self, schema: Schema, *, patch: bool) -> Schema:
        others = schema.get("additionalProperties", True)
        new: Schema = {"additionalProperties": self.of(others, patch=patch) if isinstance(others, dict) else others}
        if "properties" in schema:
            new["properties"] = {name: self.of(one, patch=patch) for name, one in schema["properties"].items()}
        return new

    def _optional(self, schema: Schema, *, patch: bool) -> Schema:
        choices = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(choices) != 1:
            raise TypeError("a setting is of one type, or of one type and null")
        new = self._translated({**choices[0], **_only(schema, "description", "default")}, patch=patch)
        return _or_null(new) if len(choices) < len(schema["anyOf"]) else new


def _or_null(schema: Schema) -> Schema:
    if schema.get("nullable"):
        return schema
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **choices, "nullable": True}


def _only(schema: Schema, *keys: str) -> Schema:
    return {key: schema[key] for key in keys if key in schema}


def _without(schema: Schema, *keys: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in keys}
