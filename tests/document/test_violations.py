"""The sentences of violations: they help to send a value that fits."""

from typing import Any

import pytest

from watchword.document.definitions import Definitions
from watchword.document.validator import Validator

SCHEMAS = {
    "Wait": {"type": "string", "pattern": "^[0-9]+s$", "x-must": "be a number of seconds, for example 5s"},
    "Move": {
        "oneOf": [
            {
                "type": "object",
                "required": ["action", "to"],
                "additionalProperties": False,
                "properties": {
                    "action": {"type": "string", "enum": ["go"]},
                    "to": {"$ref": "#/components/schemas/Wait"},
                },
            },
            {
                "type": "object",
                "required": ["action"],
                "additionalProperties": False,
                "properties": {"action": {"type": "string", "enum": ["stay"]}},
            },
        ]
    },
}


def says(schema: dict[str, Any], value: Any) -> list[tuple[str, str]]:
    validator = Validator(schema, Definitions({"components": {"schemas": SCHEMAS}}), answer=False)
    return [(".".join(one.path), one.detail) for one in validator.violations(value, where="body")]


def test_the_words_of_a_schema_replace_its_pattern() -> None:
    assert says({"$ref": "#/components/schemas/Wait"}, "soon") == [("", "must be a number of seconds, for example 5s")]


def test_an_unknown_field_is_answered_with_the_known_ones() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"b": {}, "a": {}}}
    assert says(schema, {"c": 1}) == [("c", "is not known here; there are: a, b")]


@pytest.mark.parametrize("name", ["0", "007", "404"])
def test_a_field_may_have_a_number_for_a_name(name: str) -> None:
    inner = {"type": "object", "additionalProperties": False, "properties": {"a": {"type": "string", "x-must": "fit"}}}
    schema = {"type": "object", "properties": {name: inner}, "patternProperties": {"1": inner}}
    assert [detail for _, detail in says(schema, {name: {"b": 1}})] == ["is not known here; there are: a"]
    assert [detail for _, detail in says(schema, {name: {"a": 1}})] == ["must fit"]
    assert [detail for _, detail in says(schema, {"1": {"a": 1}})] == ["must fit"]


def test_an_unknown_field_is_refused_where_no_field_is_known() -> None:
    assert says({"type": "object", "additionalProperties": False}, {"c": 1}) == [("c", "is not known here")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"action": "go"}, [("to", "is required")]),
        ({"action": "go", "to": "x"}, [("to", "must be a number of seconds, for example 5s")]),
        ({"action": "stay", "to": "5s"}, [("to", "is not known here; there are: action")]),
        ({"action": "fly"}, [("", "does not fit the document")]),
        ({}, [("", "does not fit the document")]),
        (5, [("", "does not fit the document")]),
    ],
    ids=["missing", "wrong", "unknown field", "no choice fits", "nothing to tell by", "another type"],
)
def test_the_sentence_is_about_the_choice_that_was_meant(value: Any, expected: list[tuple[str, str]]) -> None:
    assert says({"$ref": "#/components/schemas/Move"}, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"most": 0}, [("most", "must be at least 1")]),
        ({"most": "0"}, [("most", "must be of type integer")]),
        ("", [("", "must have at least 1 character")]),
        (5, [("", "must be a name, or a table")]),
    ],
    ids=["a table", "its field of another type", "a text", "neither"],
)
def test_of_choices_with_different_types_the_one_was_meant_whose_type_fits(
    value: Any, expected: list[tuple[str, str]]
) -> None:
    table = {"type": "object", "properties": {"most": {"type": "integer", "minimum": 1}}}
    schema = {"oneOf": [{"type": "string", "minLength": 1}, table], "x-must": "be a name, or a table"}
    assert says(schema, value) == expected
