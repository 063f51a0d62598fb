"""Settings as the fields of a form, and what was sent of a form as a change of settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from watchword.console.edits import read_edits
from watchword.control.errors import ContradictorySettings, SettingViolation

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """
    A setting in a form.

    Args:
        path: Its names from the outside in, joined by dots.
        kind: ``boolean``, ``integer``, ``choice``, ``text``, ``json``.
        value: As the form shows it.
        choices: Of a ``choice``; the empty one stands for the default.
    """

    path: str
    label: str
    kind: str
    value: str
    description: str
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None

    @property
    def depth(self) -> int:
        """How many groups it is in."""
        return self.path.count(".")


@dataclass(frozen=True, slots=True)
class Group:
    """Settings that belong together; without a title at the top."""

    title: str
    description: str
    fields: tuple[Field, ...]


def groups_of(schema: Schema, values: Mapping[str, Any]) -> tuple[Group, ...]:
    """
    List the settings of a system, those of the top first.

    Args:
        schema: JSON schema of its settings.
        values: As JSON.
    """
    return tuple(one for one in _groups(schema, schema.get("$defs", {}), values, ()) if one.fields)


def read_change(groups: tuple[Group, ...], form: Mapping[str, str]) -> dict[str, Any]:
    """
    Read what somebody changed in the form, as a merge patch; an empty field stands for the default.

    Raises:
        ContradictorySettings: A number is not one, or JSON is not JSON.
        Overtaken: Others have changed the same settings since the form was shown.
    """
    change: dict[str, Any] = {}
    violations: list[SettingViolation] = []
    fields = {field.path: field for group in groups for field in group.fields}
    for path, sent in read_edits(form, {path: field.value for path, field in fields.items()}).items():
        *outer, name = path.split(".")
        place = change
        for one in outer:
            place = place.setdefault(one, {})
        try:
            place[name] = _read(fields[path], sent)
        except ValueError:
            violations.append(SettingViolation((*outer, name), f"must be {_MUST[fields[path].kind]}"))
    if violations:
        raise ContradictorySettings(violations)
    return change


_MUST = {"integer": "a whole number", "json": "JSON"}


def _read(field: Field, sent: str) -> Any:
    match field.kind:
        case "boolean":
            return sent == "true"
        case "integer":
            return int(sent) if sent else None
        case "json":
            return orjson.loads(sent) if sent.strip() else None
        case _:
            return sent if sent or field.label == "special characters" else None


def _groups(schema: Schema, known: Mapping[str, Schema], values: Any, path: tuple[str, ...]) -> Iterator[Group]:
    fields: list[Field] = []
    inner: list[tuple[str, Schema]] = []
    for name, one in schema.get("properties", {}).items():
        found = _resolved(one, known)
        if "properties" in found:
            inner.append((name, found))
        else:
            fields.append(_field((*path, name), found, values[name]))
    yield Group(" › ".join(map(_label, path)), schema.get("description", "") if path else "", tuple(fields))
    for name, found in inner:
        yield from _groups(found, known, values[name], (*path, name))


def _field(path: tuple[str, ...], schema: Schema, value: Any) -> Field:
    kind = _kind(schema)
    return Field(
        ".".join(path),
        _label(path[-1]),
        kind,
        _shown(kind, value),
        schema.get("description", ""),
        _choices(schema),
        schema.get("minimum"),
        schema.get("maximum"),
    )


def _kind(schema: Schema) -> str:
    if "enum" in schema:
        return "choice"
    found = schema.get("type")
    if found in ("boolean", "integer"):
        return str(found)
    return "text" if found == "string" else "json"


def _choices(schema: Schema) -> tuple[str, ...]:
    choices = tuple(schema.get("enum", ()))
    return ("", *choices) if choices and schema.get("default", "") is None else choices


def _shown(kind: str, value: Any) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "json":
        return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return "" if value is None else str(value)


def _resolved(schema: Schema, known: Mapping[str, Schema]) -> Schema:
    if "$ref" in schema:
        target = known[schema["$ref"].rsplit("/", 1)[-1]]
        return {**target, **{name: one for name, one in schema.items() if name != "$ref"}}
    if "anyOf" in schema:
        choice = next(one for one in schema["anyOf"] if one.get("type") != "null")
        return {**_resolved(choice, known), **{name: one for name, one in schema.items() if name != "anyOf"}}
    return schema


def _label(name: str) -> str:
    return name.replace("_", " ")
