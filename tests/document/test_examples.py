"""Example values are made from schemas."""

import subprocess
import sys
from typing import Any

import pytest

from watchword.document.definitions import Definitions
from watchword.document.examples import make_example
from watchword.document.validator import Validator


def make(schema: Any, **named: Any) -> Any:
    return make_example({"components": {"schemas": named}}, schema)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "Ada", "default": "Ben", "enum": ["Cleo"]}, "Ada"),
        ({"type": "string", "default": "Ben", "enum": ["Ben", "Cleo"]}, "Ben"),
        ({"type": "string", "enum": ["Cleo", "Dan"]}, "Cleo"),
        ({"type": "object", "example": None, "nullable": True}, None),
        ({"type": "boolean", "default": False}, False),
        ({"type": "string", "examples": ["Ada", "Ben"], "default": "Cleo"}, "Ada"),
        ({"type": "string", "example": "Dan", "examples": ["Ada"]}, "Dan"),
        ({"type": "string", "examples": [], "default": "Cleo"}, "Cleo"),
        ({"allOf": [{"type": "string", "examples": ["Ada"]}]}, "Ada"),
        ({"type": "array", "items": {"examples": ["Ada"]}}, ["Ada"]),
        ({"type": "array", "items": {"examples": ["Ada", "Ben"]}, "minItems": 2, "uniqueItems": True}, ["Ada", "Ben"]),
        ({"allOf": [{"properties": {"a": {}}, "examples": [{"a": 1}]}, {"example": {"b": 2}}]}, {"a": 1, "b": 2}),
    ],
    ids=[
        *("example first", "then default", "then enum", "null is an example", "false is a default"),
        *("first of examples", "example before examples", "no examples", "composed", "items", "another for each item"),
        "objects of parts",
    ],
)
def test_example_and_default_and_enum_come_first(schema: Any, value: Any) -> None:
    assert make(schema) == value


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string"},
        {"type": "string", "minLength": 40},
        {"type": "string", "maxLength": 3},
        {"type": "string", "maxLength": 0},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "date"},
        {"type": "string", "format": "time"},
        {"type": "string", "format": "email"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "format": "uri"},
        {"type": "string", "format": "hostname"},
        {"type": "string", "format": "ipv4"},
        {"type": "string", "format": "ipv6"},
        {"type": "string", "format": "unheard-of"},
        {"type": "integer"},
        {"type": "integer", "minimum": 5},
        {"type": "integer", "minimum": 5, "exclusiveMinimum": True},
        {"type": "integer", "maximum": -5},
        {"type": "integer", "maximum": -5, "exclusiveMaximum": True},
        {"type": "integer", "maximum": 0, "exclusiveMaximum": True},
        {"type": "integer", "minimum": 6, "multipleOf": 5},
        {"type": "integer", "maximum": -6, "multipleOf": 5},
        {"type": "number", "minimum": 0.3, "multipleOf": 0.25},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "integer"}},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3},
        {"type": "array", "items": {"type": "integer"}, "maxItems": 0},
        {"type": "array", "items": {}},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "boolean"}], "minItems": 2, "items": False},
        {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}, "minItems": 3},
        {"prefixItems": [{"type": "integer"}, {"type": "string"}], "maxItems": 1},
        {"prefixItems": [{"enum": ["a"]}, {"enum": ["b"]}], "minItems": 2, "uniqueItems": True},
        {"allOf": [{"prefixItems": [{"minimum": 4}]}, {"prefixItems": [{"type": "integer"}, {"enum": ["b"]}]}]},
        {"type": "string", "pattern": "^[0-9]{6}$"},
        {"type": "string", "pattern": r"^\d+$", "minLength": 3, "maxLength": 5},
        {"type": "string", "pattern": "^[A-Z]{3}$"},
        {"type": "string", "pattern": "^[a-f0-9]{32}$"},
        {"type": "string", "pattern": "a", "minLength": 70},
        *(
            {"type": "array", "minItems": 3, "uniqueItems": True, "items": items}
            for items in (
                {"type": "string"},
                {"type": "string", "maxLength": 1},
                {"type": "string", "minLength": 30},
                {"type": "string", "pattern": "^[0-9]{2}$"},
                *({"type": "string", "format": name} for name in ("date-time", "date", "time", "email", "uuid")),
                *({"type": "string", "format": name} for name in ("uri", "hostname", "ipv4", "ipv6")),
                {"type": "string", "example": "Ada"},
                {"enum": ["a", "b", "c"]},
                {"type": "integer"},
                {"type": "integer", "maximum": 5},
                {"type": "integer", "minimum": 4, "maximum": 9, "multipleOf": 2},
                {"type": "object", "properties": {"id": {"type": "integer"}, "is": {"type": "boolean"}}},
                {"type": "array", "items": {"type": "integer"}},
                {},
            )
        ),
        {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"type": "boolean"}},
        {"type": "object", "minProperties": 2},
        {"type": "object", "minProperties": 2, "additionalProperties": True},
        {"type": "object", "minProperties": 1, "additionalProperties": {"type": "integer"}},
        {
            "type": "object",
            "minProperties": 3,
            "properties": {"a": {"type": "boolean"}},
            "additionalProperties": {"type": "string", "format": "uuid"},
        },
        {"type": "object"},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
        {"properties": {"a": {"type": "string"}}},
        {"allOf": [{"required": ["a"], "properties": {"a": {"type": "string"}}}], "properties": {"b": {"enum": [1]}}},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        {"anyOf": [{"type": "integer"}]},
        {},
    ],
    ids=str,
)
def test_an_example_fits_its_schema(schema: Any) -> None:
    assert Validator(schema, Definitions({}), answer=True).accepts(make(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^(?<year>[0-9]{4})-(?<month>0[1-9]|1[0-2])$"},
        {"type": "string", "pattern": "^A-[0-9]$"},
        {"type": "string", "pattern": "^ERR-[0-9]+$", "minLength": 9, "maxLength": 9},
        {"type": "string", "pattern": r"^\p{Lu}\p{Lu}-[^a-z]$"},
        {"type": "string", "pattern": "^(?!00)[0-9]{2}:[a-f]{2}$"},
        {"type": "string", "pattern": "^(a+)+b$"},
        {"type": "string", "pattern": "^[a-z]{3}@b[.]com$", "format": "email"},
        {"type": "string", "format": "duration"},
        {"type": "string", "format": "json-pointer"},
        {"type": "string", "format": "regex"},
        {"type": "string", "format": "uri-reference"},
        {"type": "string", "not": {"enum": ["string"]}},
        {"type": "array", "minItems": 3, "uniqueItems": True, "items": {"type": "string", "pattern": "^X-[0-9]$"}},
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 1, "exclusiveMaximum": True},
        {"type": "number", "minimum": -1, "exclusiveMinimum": True, "maximum": 0, "exclusiveMaximum": True},
        {"type": "number", "minimum": 0.995, "multipleOf": 0.01},
        {"type": "integer", "minimum": 3, "maximum": 3},
        {"allOf": [{"type": "string", "minLength": 9}, {"pattern": "^[a-c]+-$"}]},
        {"allOf": [{"type": "number", "minimum": 3}, {"type": "integer", "maximum": 4, "minimum": 4}]},
        {"type": "string", "enum": ["a", "b"], "example": "c"},
        {"type": "object", "required": ["a"], "minProperties": 1},
        {"type": "object", "maxProperties": 1, "properties": {"a": {}, "b": {}}, "required": ["b"]},
        {"oneOf": [{"type": "string", "pattern": "^$a"}, {"type": "boolean"}]},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "^$a"}, "b": {"type": "integer"}}},
    ],
    ids=str,
)
def test_data_are_made_of_patterns_formats_bounds_and_compositions(schema: Any) -> None:
    validator = Validator(schema, Definitions({}), answer=True)
    made = make_example({}, schema, validator.accepts)
    assert validator.accepts(made)
    assert make_example({}, schema, validator.accepts) == made


def test_data_are_the_same_in_every_process() -> None:
    code = """
from watchword.document.examples import make_example
print([make_example({}, {"type": "string", "pattern": one}) for one in ("^[^a-z]x[^0-9]$", "^(a|b|c)-[A-Z]{5}$")])
"""
    made = {
        subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, check=True, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(made) == 1


PETS = {
    "Pet": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind", "mapping": {"woof": "#/components/schemas/Dog"}},
    },
    "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"barks": {"type": "boolean"}}}]},
    "Cat": {"type": "object", "properties": {"kind": {"type": "string"}}},
}


def test_a_discriminator_names_the_schema_that_was_chosen() -> None:
    assert make({"$ref": "#/components/schemas/Dog"}, **PETS) == {"kind": "woof", "barks": True}
    choice = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"meow": "Cat"}},
    }
    assert make(choice, **PETS) == {"kind": "meow"}


def test_an_object_has_its_optional_properties() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "object", "properties": {}}}}
    assert make(schema) == {"a": True, "b": {}}


def test_an_example_holds_no_secret() -> None:
    named = {"Secret": {"type": "string", "writeOnly": True}}
    schema = {
        "type": "object",
        "properties": {
            "login": {"type": "string"},
            "password": {"type": "string", "writeOnly": True},
            "code": {"$ref": "#/components/schemas/Secret"},
        },
    }
    assert make(schema, **named) == {"login": "string"}


def test_the_parts_of_a_composition_are_merged() -> None:
    named = {"Id": {"type": "object", "properties": {"id": {"type": "string", "example": "u1"}}}}
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Id"}, {"properties": {"name": {"enum": ["Ada"]}}}],
        "properties": {"age": {"type": "integer"}},
    }
    assert make(schema, **named) == {"id": "u1", "name": "Ada", "age": 0}


def test_a_composition_of_one_plain_value_is_that_value() -> None:
    named = {"State": {"type": "string", "enum": ["ACTIVE"]}}
    assert make({"allOf": [{"$ref": "#/components/schemas/State"}]}, **named) == "ACTIVE"


TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        **{f"child_{number}": {"$ref": "#/components/schemas/Tree"} for number in range(10)},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
        "parent": {"allOf": [{"$ref": "#/components/schemas/Tree"}], "nullable": True},
    },
}


def test_a_part_that_would_contain_itself_is_left_out() -> None:
    assert make({"$ref": "#/components/schemas/Tree"}, Tree=TREE) == {"name": "string", "children": []}


def test_the_first_choice_that_is_finite_is_taken() -> None:
    named = {
        "Expression": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["of"],
                    "properties": {"of": {"$ref": "#/components/schemas/Expression"}},
                },
                {"type": "integer"},
            ]
        }
    }
    assert make({"$ref": "#/components/schemas/Expression"}, **named) == 0


def test_the_example_of_an_endless_schema_is_an_empty_object() -> None:
    endless = {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Endless"}}}
    assert make({"$ref": "#/components/schemas/Endless"}, Endless=endless) == {}


def test_schemas_that_refer_to_each_other_make_a_value_of_bounded_size() -> None:
    every = range(20)
    schemas = {
        f"S{one}": {
            "type": "object",
            "required": ["id"],
            "properties": {
                "id": {"type": "integer"},
                **{f"s{other}": {"$ref": f"#/components/schemas/S{other}"} for other in every},
            },
        }
        for one in every
    }
    made = make_example({"components": {"schemas": schemas}}, {"$ref": "#/components/schemas/S0"})
    assert made["id"] == 0
    assert str(made).count("'id'") < 3_000
