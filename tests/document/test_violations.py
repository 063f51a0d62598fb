"""What a validator says of a value that does not fit, in words that help."""

from typing import Any

import pytest

from watchword.document.schema import Validator, definitions

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


def said(schema: dict[str, Any], value: Any) -> list[tuple[str, str]]:
    validator = Validator(schema, definitions({"components": {"schemas": SCHEMAS}}), answer=False)
    return [(".".join(one.path), one.detail) for one in validator.violations(value, where="body")]


def test_a_schemas_own_words_stand_in_place_of_its_pattern() -> None:
    assert said({"$ref": "#/components/schemas/Wait"}, "soon") == [("", "must be a number of seconds, for example 5s")]


def test_an_unknown_name_is_refused_with_those_that_are_known() -> None:
    schema = {"type": "object", "additionalProperties": False, "properties": {"b": {}, "a": {}}}
    assert said(schema, {"c": 1}) == [("c", "is not known here; there are: a, b")]


def test_an_unknown_name_where_none_is_known_is_refused() -> None:
    assert said({"type": "object", "additionalProperties": False}, {"c": 1}) == [("c", "is not known here")]


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
    ids=["missing", "wrong", "too much", "no choice has it", "nothing tells", "another type"],
)
def test_of_several_choices_the_one_that_was_meant_is_spoken_of(value: Any, expected: list[tuple[str, str]]) -> None:
    assert said({"$ref": "#/components/schemas/Move"}, value) == expected
