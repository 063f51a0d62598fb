"""What a validator accepts, as OpenAPI 3.0 defines it, and what its violations say."""

from typing import Any

import pytest

from watchword.document.conversion import Conversion, Purpose
from watchword.document.definitions import Definitions
from watchword.document.validator import Validator
from watchword.domain.refusal import Violation

SECRET = "Correct-horse-7"


def validator(schema: Any, *, answer: bool = False, **named: Any) -> Validator:
    return Validator(schema, Definitions({"components": {"schemas": named}}), answer=answer)


def violations(schema: Any, value: Any, *, answer: bool = False, **named: Any) -> list[Violation]:
    return list(validator(schema, answer=answer, **named).violations(value, where="body"))


def kinds(schema: Any, value: Any, *, answer: bool = False, **named: Any) -> list[tuple[str, str]]:
    """Give place and keyword of each violation."""
    return [(".".join(one.path), one.kind) for one in violations(schema, value, answer=answer, **named)]


PASSWORD = {
    "type": "object",
    "required": ["password"],
    "additionalProperties": False,
    "properties": {
        "password": {
            "type": "object",
            "required": ["value"],
            "properties": {"value": {"type": "string", "minLength": 8, "maxLength": 30, "pattern": "^[a-z]+$"}},
        },
        "role": {"type": "string", "enum": ["admin", "user"]},
        "codes": {"type": "array", "maxItems": 2, "items": {"type": "integer", "maximum": 9}},
    },
}


def test_all_violations_are_found_at_once() -> None:
    body = {"password": {"value": "A-7"}, "role": "root", "codes": [1, 10, "x"], "extra": 1}
    assert set(kinds(PASSWORD, body)) == {
        ("password.value", "minLength"),
        ("password.value", "pattern"),
        ("role", "enum"),
        ("codes", "maxItems"),
        ("codes.1", "maximum"),
        ("codes.2", "type"),
        ("extra", "additionalProperties"),
    }


def test_a_value_that_fits_has_no_violations() -> None:
    assert violations(PASSWORD, {"password": {"value": "abcdefgh"}, "role": "user", "codes": [9]}) == []


def test_no_violation_repeats_the_value() -> None:
    body = {"password": {"value": SECRET * 3}, "role": SECRET, "codes": [SECRET], SECRET[:3]: SECRET}
    found = violations(PASSWORD, body)
    assert len(found) == 5
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("schema", "value", "kind", "limit", "detail"),
    [
        ({"type": "string"}, 1, "type", "string", "must be of type string"),
        ({"type": "string"}, None, "null", "string", "must not be null"),
        ({"type": "string", "nullable": True}, 1, "type", ["null", "string"], "must be of type null or string"),
        ({"minLength": 1}, "", "minLength", 1, "must have at least 1 character"),
        ({"minLength": 8}, "a", "minLength", 8, "must have at least 8 characters"),
        ({"maxLength": 3}, "abcd", "maxLength", 3, "must have at most 3 characters"),
        ({"pattern": "^a{2}$"}, "b", "pattern", "^a{2}$", "must match ^a{2}$"),
        ({"type": "string", "format": "uuid"}, "b", "format", "uuid", "must be of format uuid"),
        ({"enum": ["a", "ä"]}, "b", "enum", ["a", "ä"], 'must be one of ["a","ä"]'),
        ({"minimum": 3}, 2, "minimum", 3, "must be at least 3"),
        ({"maximum": 3}, 4, "maximum", 3, "must be at most 3"),
        ({"minimum": 3, "exclusiveMinimum": True}, 3, "exclusiveMinimum", 3, "must be more than 3"),
        ({"maximum": 3, "exclusiveMaximum": True}, 3, "exclusiveMaximum", 3, "must be less than 3"),
        ({"minItems": 2}, [1], "minItems", 2, "must have at least 2 entries"),
        ({"maxItems": 0}, [1], "maxItems", 0, "must have at most 0 entries"),
        ({"minProperties": 1}, {}, "minProperties", 1, "must have at least 1 entries"),
        ({"maxProperties": 0}, {"a": 1}, "maxProperties", 0, "must have at most 0 entries"),
        ({"not": {"type": "string"}}, "a", "not", None, "does not fit the document"),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, [], "oneOf", None, "does not fit the document"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_violation_says_what_is_required(schema: Any, value: Any, kind: str, limit: Any, detail: str) -> None:
    (found,) = violations(schema, value)
    assert (found.kind, found.detail) == (kind, detail)
    assert limit is None or found.limit == limit


def test_a_missing_field_is_named() -> None:
    schema = {"properties": {"a": {"type": "object", "required": ["b", "c"]}}}
    assert violations(schema, {"a": {}}) == [
        Violation("body", ("a", "b"), "required", None, "is required"),
        Violation("body", ("a", "c"), "required", None, "is required"),
    ]


@pytest.mark.parametrize("schema", [{"additionalProperties": False}, {"properties": {}, "additionalProperties": False}])
def test_every_unknown_field_is_named(schema: Any) -> None:
    assert violations(schema, {"x": 1, "y": 2}) == [
        Violation("body", ("x",), "additionalProperties", None, "is not known here", (0,)),
        Violation("body", ("y",), "additionalProperties", None, "is not known here", (0,)),
    ]


def test_a_path_starts_with_the_prefix_of_the_value() -> None:
    found = validator({"type": "integer"}).violations("x", where="query", prefix=("page",))
    assert list(found) == [Violation("query", ("page",), "type", "integer", "must be of type integer")]


@pytest.mark.parametrize(
    ("schema", "value", "fits"),
    [
        ({"type": "string", "nullable": True}, None, True),
        ({"type": "string", "nullable": True}, "a", True),
        ({"type": "string", "nullable": True}, 1, False),
        ({"type": "string", "nullable": False}, None, False),
        ({"type": "string", "enum": ["a"], "nullable": True}, None, True),
        ({"type": "string", "enum": ["a", None], "nullable": True}, None, True),
        ({"type": "string", "enum": ["a"], "nullable": True}, "b", False),
        ({"type": "object", "properties": {"a": {"type": "integer", "nullable": True}}}, {"a": None}, True),
        ({"minimum": 3, "exclusiveMinimum": True}, 3, False),
        ({"exclusiveMinimum": True, "minimum": 3}, 3, False),
        ({"minimum": 3, "exclusiveMinimum": True}, 3.1, True),
        ({"minimum": 3, "exclusiveMinimum": False}, 3, True),
        ({"maximum": 3, "exclusiveMaximum": True}, 3, False),
        ({"maximum": 3, "exclusiveMaximum": False}, 3, True),
        ({"exclusiveMinimum": True}, -5, True),
        ({"type": "string", "format": "date-time"}, "2026-01-31T12:00:00Z", True),
        ({"type": "string", "format": "date-time"}, "yesterday", False),
        ({"type": "string", "format": "password"}, "anything", True),
        ({"type": "integer", "format": "int64"}, 2**40, True),
        ({"type": "string", "example": 5, "default": 5, "description": "x", "x-note": {"type": 5}}, "a", True),
    ],
    ids=str,
)
def test_keywords_of_openapi_have_their_meaning_of_openapi(schema: Any, value: Any, *, fits: bool) -> None:
    assert validator(schema).accepts(value) is fits


SIGN_IN = {
    "type": "object",
    "required": ["id", "login", "password"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "login": {"type": "string"},
        "password": {"type": "string", "writeOnly": True},
    },
}


def test_a_request_has_write_only_fields_and_no_read_only_ones() -> None:
    assert violations(SIGN_IN, {"login": "ada", "password": "x"}) == []
    assert kinds(SIGN_IN, {"login": "ada"}) == [("password", "required")]
    assert violations(SIGN_IN, {"id": "1", "login": "ada", "password": "x"}) == [
        Violation("body", ("id",), "falseSchema", None, "must not be sent")
    ]


def test_an_answer_has_read_only_fields_and_no_write_only_ones() -> None:
    assert violations(SIGN_IN, {"id": "1", "login": "ada"}, answer=True) == []
    assert kinds(SIGN_IN, {"login": "ada"}, answer=True) == [("id", "required")]
    assert kinds(SIGN_IN, {"id": "1", "login": "ada", "password": "x"}, answer=True) == [("password", "falseSchema")]


USER = {"type": "object", "properties": {"id": {"type": "string"}}}
USER_REFERENCE = {"$ref": "#/components/schemas/User"}


def test_an_answer_has_only_fields_that_the_document_names() -> None:
    assert kinds(USER, {"id": "1", "secret": "x"}, answer=True) == [("secret", "unevaluatedProperties")]
    assert violations(USER, {"id": "1", "more": "x"}) == []


def test_unknown_fields_are_found_in_nested_values_and_behind_references() -> None:
    schema = {"type": "object", "properties": {"users": {"type": "array", "items": USER_REFERENCE}}}
    assert kinds(schema, {"users": [{"id": "1"}, {"more": 1}]}, answer=True, User=USER) == [
        ("users.1.more", "unevaluatedProperties")
    ]


def test_an_answer_may_have_other_fields_if_the_document_allows_them() -> None:
    assert violations({**USER, "additionalProperties": True}, {"more": 1}, answer=True) == []
    assert violations({**USER, "additionalProperties": {"type": "integer"}}, {"more": 1}, answer=True) == []
    assert kinds({**USER, "additionalProperties": {"type": "integer"}}, {"more": "x"}, answer=True) == [
        ("more", "type")
    ]


def test_only_a_whole_composition_says_which_fields_there_are() -> None:
    named = {"allOf": [USER_REFERENCE, {"type": "object", "properties": {"name": {"type": "string"}}}]}
    schema = {"$ref": "#/components/schemas/Named"}
    assert violations(schema, {"id": "1", "name": "Ada"}, answer=True, User=USER, Named=named) == []
    assert kinds(schema, {"id": "1", "more": 1}, answer=True, User=USER, Named=named) == [
        ("more", "unevaluatedProperties")
    ]


def test_a_composition_outside_of_the_named_schemas_is_found_too() -> None:
    inline = {"allOf": [USER_REFERENCE, {"type": "object", "properties": {"name": {"type": "string"}}}]}
    answer = {"200": {"content": {"application/json": {"schema": inline}}}}
    document = {"components": {"schemas": {"User": USER}}, "paths": {"/users": {"get": {"responses": answer}}}}
    compiled = Validator(inline, Definitions(document), answer=True)
    assert compiled.accepts({"id": "1", "name": "Ada"})
    assert not compiled.accepts({"id": "1", "more": 1})


TREE = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
    },
}
TREE_REFERENCE = {"$ref": "#/components/schemas/Tree"}


@pytest.mark.parametrize("answer", [False, True])
def test_a_schema_may_contain_itself(*, answer: bool) -> None:
    tree = {"name": "a", "children": [{"name": "b", "children": [{"name": 5}]}]}
    assert kinds(TREE_REFERENCE, tree, answer=answer, Tree=TREE) == [("children.0.children.0.name", "type")]


def test_a_deeply_nested_value_is_judged() -> None:
    tree: dict[str, Any] = {"name": "leaf"}
    for _ in range(400):
        tree = {"name": "a", "children": [tree]}
    assert violations(TREE_REFERENCE, tree, Tree=TREE) == []


def test_a_value_that_is_nested_too_deeply_is_one_violation() -> None:
    deep: list[Any] = []
    for _ in range(1000):
        deep = [deep]
    (found,) = violations(TREE_REFERENCE, deep, Tree=TREE)
    assert (found.kind, found.detail) == ("syntax", "The value is nested too deeply.")


def test_references_lead_to_the_schema_for_requests_or_the_one_for_answers() -> None:
    convert = Conversion({}).convert
    assert convert(USER_REFERENCE, Purpose(answer=False)) == {"$ref": "#/$defs/request/User"}
    assert convert(USER_REFERENCE, Purpose(answer=True)) == {"$ref": "#/$defs/answer/User"}


@pytest.mark.parametrize("schema", [True, False], ids=str)
def test_a_schema_may_be_true_or_false(schema: bool) -> None:  # noqa: FBT001  # it is the schema
    assert validator(schema).accepts({"a": 1}) is schema
