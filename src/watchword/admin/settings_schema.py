"""The settings that the control API's document describes, translated from the systems' models."""

from collections.abc import Mapping
from typing import Any

_LARGEST = 2**53 - 1
"""Many JSON readers lose digits of larger integers."""
_SAME_IN_OPENAPI = frozenset(
    (
        *("type", "enum", "description", "default", "pattern", "format", "required", "multipleOf", "x-must"),
        *("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"),
    )
)
"""Keywords that mean the same in a JSON schema and in OpenAPI 3.0."""
Schema = dict[str, Any]


def settings_schema(models: Mapping[str, Mapping[str, Any]], duration: Schema, *, patch: bool) -> Schema:
    """
    Describe the settings of all systems in OpenAPI 3.0.

    Args:
        models: The JSON schema of each system's settings, by the system's name.
        duration: The schema of every duration: the models read more forms of one than the document allows.
        patch: Describe a merge patch: nothing is required, and null stands for any default.
    """
    properties = {}
    for name, model in models.items():
        translator = _Translator(model.get("$defs", {}), duration)
        properties[name] = translator.translate(model, patch=patch)
    return {"type": "object", "properties": properties, "additionalProperties": False}


class _Translator:
    """
    Translates the JSON schema of a model into OpenAPI 3.0.

    Args:
        definitions: The targets of its references. They are put in place, because settings do not contain themselves.
        duration: The schema of every duration.
    """

    def __init__(self, definitions: Mapping[str, Schema], duration: Schema) -> None:
        self._definitions, self._duration = definitions, duration

    def translate(self, schema: Mapping[str, Any], *, patch: bool) -> Schema:
        """
        Translate *schema*.

        Args:
            patch: Describe a merge patch: nothing is required, and null stands for any default.
        """
        new = self._translate_value(schema, patch=patch)
        if patch:
            new.pop("default", None)
            new = _or_null(new)
        return new

    def _translate_value(self, schema: Mapping[str, Any], *, patch: bool) -> Schema:
        if "$ref" in schema:
            target = self._definitions[schema["$ref"].rsplit("/", 1)[-1]]
            return self._translate_value({**target, **_without(schema, "$ref")}, patch=patch)
        if "anyOf" in schema:
            return self._translate_optional(schema, patch=patch)
        if schema.get("format") == "duration":
            return {**self._duration, **_only(schema, "description", "default")}
        new = _only(schema, *(key for key in schema if key in _SAME_IN_OPENAPI))
        if "const" in schema:
            new["enum"] = [schema["const"]]
        if schema.get("type") == "integer":
            new = {"minimum": -_LARGEST, "maximum": _LARGEST, **new}
        for bound in ("minimum", "maximum"):
            exclusive = f"exclusive{bound.capitalize()}"
            if exclusive in schema:
                new |= {bound: schema[exclusive], exclusive: True}
        if "items" in schema:
            new["items"] = self._translate_value(schema["items"], patch=False)
        if schema.get("type") == "object":
            new |= self._translate_object(schema, patch=patch)
            if patch:
                new.pop("required", None)
        return new

    def _translate_object(self, schema: Mapping[str, Any], *, patch: bool) -> Schema:
        others = schema.get("additionalProperties", True)
        if isinstance(others, dict):
            others = self.translate(others, patch=patch)
        new: Schema = {"additionalProperties": others}
        if "properties" in schema:
            new["properties"] = {name: self.translate(one, patch=patch) for name, one in schema["properties"].items()}
        return new

    def _translate_optional(self, schema: Mapping[str, Any], *, patch: bool) -> Schema:
        choices = [one for one in schema["anyOf"] if one.get("type") != "null"]
        if len(choices) != 1:
            raise TypeError("a setting has one type, or one type and null")
        new = self._translate_value({**choices[0], **_only(schema, "description", "default")}, patch=patch)
        return _or_null(new) if len(choices) < len(schema["anyOf"]) else new


def _or_null(schema: Schema) -> Schema:
    if schema.get("nullable"):
        return schema
    # In OpenAPI 3.0 null is a value like others: a choice has to list it.
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    if "anyOf" in schema:
        choices["anyOf"] = [_or_null(one) for one in schema["anyOf"]]
    return {**schema, **choices, "nullable": True}


def _only(schema: Mapping[str, Any], *keys: str) -> Schema:
    return {key: schema[key] for key in keys if key in schema}


def _without(schema: Mapping[str, Any], *keys: str) -> Schema:
    return {key: value for key, value in schema.items() if key not in keys}
