"""OpenAPI 3.0 schemas to JSON Schema 2020-12, compiled, and their errors to violations."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson

from watchword.domain.refusal import Violation

Schema = Any
_COMPOSITIONS = ("allOf", "anyOf", "oneOf")
_ANNOTATIONS = frozenset(
    (
        *("default", "deprecated", "description", "discriminator", "example", "externalDocs", "title", "xml"),
        # These say their part in the conversion of others.
        *("exclusiveMaximum", "exclusiveMinimum", "nullable", "readOnly", "writeOnly"),
    )
)
_MOST = 100
"""Violations that are told: nobody reads more, and a body of a megabyte can have a hundred thousand."""
_MUST = "x-must"
"""What a value must do, in words, where a schema's own keyword (a pattern, a choice) would tell a reader little."""


def converted(schema: Schema, *, answer: bool, branch: bool = False) -> Schema:
    """
    Turn an OpenAPI 3.0 schema into one of JSON Schema 2020-12.

    Args:
        answer: For what a server sends: secrets (``writeOnly``) must not be there, and neither
            may anything that the document does not name.
        branch: The schema is part of a composition, whose whole says what may be there.
    """
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": _place(schema["$ref"], answer=answer)}
    new: dict[str, Any] = {}
    for key, value in schema.items():
        if key in _CONVERSIONS:
            new.update(_CONVERSIONS[key](schema, value, answer))
        elif key == _MUST or (key not in _ANNOTATIONS and not key.startswith("x-")):
            new[key] = value
    if schema.get("nullable"):
        if "type" in new:
            new["type"] = [new["type"], "null"]
        if "enum" in new and None not in new["enum"]:
            new["enum"] = [*new["enum"], None]
    if new.get("additionalProperties") is False:
        # Beside an empty list of properties the error names the one that is too much.
        new.setdefault("properties", {})
    if answer and not branch and "additionalProperties" not in new and ("properties" in new or "allOf" in new):
        new["unevaluatedProperties"] = False
    return new


def _composition(key: str) -> "_Conversion":
    return lambda _schema, parts, answer: {key: [converted(part, answer=answer, branch=True) for part in parts]}


def _part(key: str) -> "_Conversion":
    return lambda _schema, part, answer: {key: converted(part, answer=answer, branch=key == "not")}


def _bound(key: str) -> "_Conversion":
    """Make one number of what OpenAPI 3.0 writes as a number and a flag."""
    exclusive = f"exclusive{key.capitalize()}"
    return lambda schema, value, _answer: {exclusive if schema.get(exclusive) is True else key: value}


def _properties(_schema: Schema, members: Mapping[str, Schema], answer: bool) -> Mapping[str, Any]:  # noqa: FBT001  # see _Conversion
    return {
        "properties": {
            name: False if _hidden(member, answer=answer) else converted(member, answer=answer)
            for name, member in members.items()
        }
    }


def _required(schema: Schema, names: Sequence[str], answer: bool) -> Mapping[str, Any]:  # noqa: FBT001  # see _Conversion
    members = schema.get("properties") or {}
    return {"required": [name for name in names if not _hidden(members.get(name), answer=answer)]}


def _hidden(member: Schema, *, answer: bool) -> bool:
    return isinstance(member, dict) and bool(member.get("writeOnly" if answer else "readOnly"))


_Conversion = Callable[[Schema, Any, bool], Mapping[str, Any]]
"""The schema, the value of one of its keywords, and whether it is for an answer; to keywords of JSON Schema."""

_CONVERSIONS: Mapping[str, _Conversion] = {
    **{key: _composition(key) for key in _COMPOSITIONS},
    **{key: _part(key) for key in ("items", "additionalProperties", "not")},
    **{key: _bound(key) for key in ("minimum", "maximum")},
    "properties": _properties,
    "required": _required,
}


def _place(reference: str, *, answer: bool) -> str:
    name = reference.rsplit("/", 1)[-1]
    return f"#/$defs/{'answer' if answer else 'request'}/{name}"


class Validator:
    """
    One compiled schema.

    Args:
        schema: As the document has it.
        definitions: All ``components/schemas``, converted by `definitions`.
    """

    def __init__(self, schema: Schema, definitions: Mapping[str, Any], *, answer: bool) -> None:
        self._root = {"allOf": [converted(schema, answer=answer)], "$defs": definitions}
        self._compiled = jsonschema_rs.Draft202012Validator(self._root, validate_formats=True, mask="***")

    def accepts(self, value: Any) -> bool:
        """Whether *value* fits; False also for what is too deep to tell."""
        try:
            return self._compiled.is_valid(value)
        except ValueError:
            return False

    def violations(self, value: Any, *, where: str, prefix: tuple[str, ...] = ()) -> Iterator[Violation]:
        """
        Yield everything in which *value* does not fit (the first hundred), without repeating any of it.

        Args:
            where: ``body``, ``path``, ``query`` or ``header``.
            prefix: Names that lead to *value*.
        """
        if self.accepts(value):
            return
        try:
            errors = list(islice(self._compiled.iter_errors(value), _MOST))
        except ValueError:
            yield Violation(where, prefix, "syntax", None, "The value is nested too deeply.")
            return
        found = (one for error in errors for one in _violations(self._root, error, where, prefix))
        yield from islice(found, _MOST)


def definitions(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Convert all named schemas of *document*, once as clients send them and once as the server does."""
    schemas = document.get("components", {}).get("schemas", {})
    composed = _composed(document)
    return {
        "request": {name: converted(schema, answer=False) for name, schema in schemas.items()},
        "answer": {name: converted(schema, answer=True, branch=name in composed) for name, schema in schemas.items()},
    }


def _composed(document: Mapping[str, Any]) -> frozenset[str]:
    """Name the schemas that stand in a composition somewhere: alone they do not say what may be there."""
    return frozenset(
        item["$ref"].rsplit("/", 1)[-1]
        for node in _nodes(document)
        for key in _COMPOSITIONS
        if isinstance(node.get(key), list)
        for item in node[key]
        if isinstance(item, dict) and "$ref" in item
    )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _violations(root: Schema, error: Any, where: str, prefix: tuple[str, ...]) -> Iterable[Violation]:
    kind: str = error.kind.name
    path = (*prefix, *(str(step) for step in error.instance_path))
    if kind == "required":
        yield Violation(where, (*path, error.kind.property), kind, None, _sentence(kind, error.kind.property))
    elif kind in ("additionalProperties", "unevaluatedProperties"):
        known = ", ".join(sorted(_violated(root, error).get("properties", ())))
        for name in error.kind.unexpected:
            sentence = _sentence(kind, None) + (f"; there are: {known}" if known else "")
            yield Violation(where, (*path, name), kind, None, sentence)
    elif kind == "oneOf" and (meant := _meant(error)):
        for one in meant:
            yield from _violations(root, one, where, prefix)
    else:
        limit = getattr(error.kind, "value", None)
        if kind == "type" and isinstance(limit, list) and len(limit) == 1:
            limit = limit[0]
        if kind == "type" and error.instance is None:
            kind = "null"
        must = _violated(root, error).get(_MUST)
        yield Violation(where, path, kind, limit, f"must {must}" if must else _sentence(kind, limit))


def _violated(root: Schema, error: Any) -> Schema:
    """Find the schema that *error* is about; the error's path leads through references to where that stands."""
    node = root
    for step in error.schema_path[:-1]:
        node = node[step]
    return node if isinstance(node, dict) else {}


def _meant(error: Any) -> Sequence[Any]:
    """
    Find the choice of a ``oneOf`` that a value was meant to be.

    Returns:
        What is wrong with the only choice whose constants (its ``action``, say) the value has; empty if there is none.
    """
    choices = [errors for errors in error.kind.context if not any(one.kind.name == "enum" for one in errors)]
    return choices[0] if len(choices) == 1 < len(error.kind.context) else ()


def _sentence(kind: str, limit: Any) -> str:
    template = _SENTENCES.get(kind, "does not fit the document")
    if kind == "type" and isinstance(limit, list):
        limit = " or ".join(limit)
    elif kind == "enum":
        limit = orjson.dumps(limit).decode()
    return template.format(limit, plural="" if limit == 1 else "s")


_SENTENCES: Mapping[str, str] = {
    "required": "is required",
    "null": "must not be null",
    "type": "must be of type {}",
    "minLength": "must have at least {} character{plural}",
    "maxLength": "must have at most {} character{plural}",
    "minimum": "must be at least {}",
    "exclusiveMinimum": "must be more than {}",
    "maximum": "must be at most {}",
    "exclusiveMaximum": "must be less than {}",
    "minItems": "must have at least {} entries",
    "minProperties": "must have at least {} entries",
    "maxItems": "must have at most {} entries",
    "maxProperties": "must have at most {} entries",
    "pattern": "must match {}",
    "format": "must be of format {}",
    "enum": "must be one of {}",
    "additionalProperties": "is not known here",
    "unevaluatedProperties": "is not known here",
    "falseSchema": "must not be sent",
}
