"""From the schemas of OpenAPI 3.0 and 3.1 to JSON Schema 2020-12."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from watchword.document.composition import COMPOSITIONS, Composition, Schema
from watchword.document.references import mapping_reference, pointer_steps

_LEFT_OUT = frozenset(
    (
        *("default", "deprecated", "description", "example", "examples", "externalDocs", "title", "xml"),
        # These change how other keywords are converted.
        *("discriminator", "nullable", "readOnly", "writeOnly"),
        # What these hold is reached by references to components, and these would give references another base.
        *("$defs", "definitions", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary", "$comment"),
        "contentSchema",
    )
)
MUST = "x-must"
"""What a value must be, in words, where a keyword of the schema (a pattern, a choice) would tell a reader little."""


class Purpose(NamedTuple):
    """
    What a schema is converted for.

    Args:
        answer: For what the server sends: it must not hold secrets (``writeOnly``), and no property that the document
            does not name. Otherwise for what clients send.
        branch: The schema is part of a composition; only the whole composition says which properties there are.
        hidden: Properties that the whole composition says the value does not have.
    """

    answer: bool
    branch: bool = False
    hidden: frozenset[str] = frozenset()


class Conversion:
    """
    Converts the schemas of one document.

    Args:
        document: Every reference in it leads to a component.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._composition = Composition(document)

    def component(self, reference: str, *, answer: bool) -> Schema:
        """Convert the component that *reference* leads to."""
        branch = answer and reference in self._composition.composed
        return self.convert(self._composition.target(reference), Purpose(answer, branch))

    def convert(self, schema: Schema, purpose: Purpose) -> Schema:
        """Turn a schema into one of JSON Schema 2020-12; its references lead to `definition`."""
        if not isinstance(schema, dict):
            return schema
        if isinstance(schema.get("$ref"), str):
            return self._reference(schema, purpose)
        if "allOf" in schema:
            hidden = self._composition.hidden(schema, answer=purpose.answer)
            purpose = purpose._replace(hidden=purpose.hidden | hidden)
        new = self._keywords(schema, purpose)
        _allow_null(schema, new)
        if new.get("additionalProperties") is False:
            # With a list of properties, though empty, the error names the unknown one.
            new.setdefault("properties", {})
        closes = purpose.answer and not purpose.branch and schema.keys() & {"properties", "allOf"}
        if closes and not schema.keys() & {"additionalProperties", "unevaluatedProperties"}:
            new["unevaluatedProperties"] = False
        return new

    def _keywords(self, schema: Schema, purpose: Purpose) -> dict[str, Any]:
        new: dict[str, Any] = {}
        choices = []
        for key, value in schema.items():
            choice = self._choice(schema, value, purpose) if key in ("oneOf", "anyOf") else None
            if choice is not None:
                choices.append(choice)
            elif key in _CONVERSIONS:
                new.update(_CONVERSIONS[key](self, key, schema, value, purpose))
            elif key == MUST or (key not in _LEFT_OUT and not key.startswith("x-")):
                new[key] = value
        if choices:
            new["allOf"] = [*new.get("allOf", ()), *choices]
        return new

    def _reference(self, schema: Schema, purpose: Purpose) -> Schema:
        reference = schema["$ref"]
        if purpose.hidden:
            target = self._composition.target(reference)
            if purpose.hidden & self._composition.required(target):
                # The component alone requires what this composition hides.
                return self.convert(target, purpose)
        return {"$ref": definition(reference, answer=purpose.answer)}

    def _choice(self, schema: Schema, options: Sequence[Schema], purpose: Purpose) -> Schema | None:
        """
        Convert a choice with a discriminator.

        Its property alone chooses, so that the errors are those of the chosen schema.

        Returns:
            None if there is no discriminator, or one that cannot choose, because options have no name.
        """
        discriminator = schema.get("discriminator")
        references = [one["$ref"] for one in options if isinstance(one, dict) and isinstance(one.get("$ref"), str)]
        if not isinstance(discriminator, dict) or len(references) != len(options):
            return None
        name = discriminator["propertyName"]
        values = _values(discriminator.get("mapping") or {}, references)
        inner = Purpose(purpose.answer, branch=True)
        return {
            "type": ["object", "null"] if schema.get("nullable") is True else "object",
            "required": [name],
            "properties": {name: {"enum": [value for chosen in values.values() for value in chosen]}},
            "allOf": [
                {
                    "if": {"type": "object", "properties": {name: {"enum": chosen}}, "required": [name]},
                    "then": self.convert({"$ref": reference}, inner),
                }
                for reference, chosen in values.items()
            ],
        }

    # One method for each kind of keyword: its name, the schema, its value, and the purpose.

    def _compositions(self, key: str, _schema: Schema, options: Iterable[Schema], purpose: Purpose) -> Schema:
        hidden = purpose.hidden if key == "allOf" else frozenset()
        inner = Purpose(purpose.answer, branch=True, hidden=hidden)
        return {key: [self.convert(part, inner) for part in options]}

    def _part(self, key: str, _schema: Schema, part: Schema, purpose: Purpose) -> Schema:
        return {key: self.convert(part, Purpose(purpose.answer, branch=key in _CONDITIONS))}

    def _parts(self, key: str, _schema: Schema, parts: Mapping[str, Schema], purpose: Purpose) -> Schema:
        inner = Purpose(purpose.answer, branch=key == "dependentSchemas")
        return {key: {name: self.convert(part, inner) for name, part in parts.items()}}

    def _list(self, key: str, _schema: Schema, parts: Iterable[Schema], purpose: Purpose) -> Schema:
        return {key: [self.convert(part, Purpose(purpose.answer)) for part in parts]}

    def _properties(self, key: str, _schema: Schema, members: Mapping[str, Schema], purpose: Purpose) -> Schema:
        is_hidden = self._composition.is_hidden
        return {
            key: {
                name: False
                if is_hidden(member, answer=purpose.answer)
                else self.convert(member, Purpose(purpose.answer))
                for name, member in members.items()
            }
        }

    def _required(self, key: str, schema: Schema, names: Iterable[str], purpose: Purpose) -> Schema:
        hidden = purpose.hidden | self._composition.hidden(schema, answer=purpose.answer)
        return {key: [name for name in names if name not in hidden]}

    def _bound(self, key: str, schema: Schema, value: Any, _purpose: Purpose) -> Schema:
        """Convert a bound, which OpenAPI 3.0 writes as a number and a flag, to one number."""
        exclusive = f"exclusive{key.capitalize()}"
        return {exclusive if schema.get(exclusive) is True else key: value}

    def _exclusive(self, key: str, _schema: Schema, value: Any, _purpose: Purpose) -> Schema:
        return {} if isinstance(value, bool) else {key: value}


def definition(reference: str, *, answer: bool) -> str:
    """Give the reference into the compiled schema that stands for *reference* into the document."""
    return f"#/$defs/{'answer' if answer else 'request'}/{pointer_steps(reference)[-1]}"


def _allow_null(schema: Schema, new: dict[str, Any]) -> None:
    """Apply ``nullable``; in OpenAPI 3.1 as well, where many documents have it left over."""
    if schema.get("nullable") is not True:
        return
    if "type" in new:
        types = new["type"] if isinstance(new["type"], list) else [new["type"]]
        new["type"] = [*dict.fromkeys((*types, "null"))]
    if "enum" in new and None not in new["enum"]:
        new["enum"] = [*new["enum"], None]


def _values(mapping: Mapping[str, str], references: Iterable[str]) -> dict[str, list[str]]:
    """Give the values of a discriminator by the reference that they choose."""
    values: dict[str, list[str]] = {reference: [] for reference in references}
    for value, target in mapping.items():
        reference = mapping_reference(target)
        values.setdefault(reference, []).append(value)
    return {reference: named or [pointer_steps(reference)[-1]] for reference, named in values.items()}


_CONDITIONS = ("not", "if", "then", "else")
_PARTS = ("items", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains", "propertyNames")
_CONVERSIONS: Mapping[str, Callable[[Conversion, str, Schema, Any, Purpose], Schema]] = {
    **dict.fromkeys(COMPOSITIONS, Conversion._compositions),  # a table of this class
    **dict.fromkeys((*_PARTS, *_CONDITIONS), Conversion._part),
    **dict.fromkeys(("patternProperties", "dependentSchemas"), Conversion._parts),
    **dict.fromkeys(("minimum", "maximum"), Conversion._bound),
    **dict.fromkeys(("exclusiveMinimum", "exclusiveMaximum"), Conversion._exclusive),
    "prefixItems": Conversion._list,
    "properties": Conversion._properties,
    "required": Conversion._required,
}
