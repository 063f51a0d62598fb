"""Fields of a schema are found through its composition."""

from typing import Any

import pytest

from watchword.document.fields import Field, find_field

TEXT = {"type": "string"}


def one(name: str, schema: Any = TEXT, *, required: bool = False) -> dict[str, Any]:
    return {"properties": {name: schema}, **({"required": [name]} if required else {})}


STRING = frozenset({"string"})


@pytest.mark.parametrize(
    ("schema", "name", "found"),
    [
        (one("a", required=True), "a", Field(required=True, types=STRING, values=None)),
        (one("a"), "a", Field(required=False, types=STRING, values=None)),
        (one("a"), "b", None),
        (one("a", one("b", required=True), required=True), "a.b", Field(required=True, types=STRING, values=None)),
        (one("a", one("b", required=True)), "a.b", Field(required=False, types=STRING, values=None)),
        ({"allOf": [one("a"), {"required": ["a"]}]}, "a", Field(required=True, types=STRING, values=None)),
        ({"oneOf": [one("a", required=True), one("a")]}, "a", Field(required=False, types=STRING, values=None)),
        ({"oneOf": [one("a"), one("b")]}, "a", None),
        (
            one("a", {"anyOf": [TEXT, {"type": "null"}]}),
            "a",
            Field(required=False, types=frozenset({"string", "null"}), values=None),
        ),
        (
            one("a", {"type": "string", "nullable": True}),
            "a",
            Field(required=False, types=frozenset({"string", "null"}), values=None),
        ),
        (
            one("a", {"type": ["string", "null"]}),
            "a",
            Field(required=False, types=frozenset({"string", "null"}), values=None),
        ),
        (
            one("a", {"allOf": [TEXT, {"enum": ["x"]}]}),
            "a",
            Field(required=False, types=STRING, values=frozenset({"'x'"})),
        ),
        (
            one("a", {"additionalProperties": one("b", required=True)}),
            "a.*.b",
            Field(required=False, types=STRING, values=None),
        ),
        *(
            (
                one("a", {keyword: [{"type": "string", "enum": ["x"]}, {"type": "string", "const": "y"}]}),
                "a",
                Field(required=False, types=STRING, values=frozenset({"'x'", "'y'"})),
            )
            for keyword in ("oneOf", "anyOf")
        ),
        (
            one("a", {"enum": ["x", "y"], "oneOf": [{"enum": ["x"]}, {"enum": ["z"]}]}),
            "a",
            Field(required=False, types=None, values=frozenset({"'x'"})),
        ),
        (one("a", {"oneOf": [{"enum": ["x"]}, {}]}), "a", Field(required=False, types=None, values=None)),
        (None, "a", None),
        (True, "a", None),
    ],
)
def test_a_field_is_found_with_what_it_can_be(schema: Any, name: str, found: Field | None) -> None:
    assert find_field(schema, name) == found


@pytest.mark.parametrize(
    ("before", "after", "wider"),
    [
        (TEXT, TEXT, ""),
        (TEXT, {"type": "integer"}, "can be integer"),
        (TEXT, {}, "can be of any type"),
        ({}, TEXT, ""),
        (TEXT, {"type": "string", "nullable": True}, "can be null"),
        (
            {"type": "string", "enum": ["a"]},
            {"type": "string", "enum": ["a", "b"]},
            "can have other values than before",
        ),
        ({"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a"]}, ""),
        ({"type": "string", "enum": ["a"]}, TEXT, "can have other values than before"),
    ],
)
def test_a_field_is_wider_if_it_can_be_more(before: Any, after: Any, wider: str) -> None:
    old, new = find_field(one("a", before), "a"), find_field(one("a", after), "a")
    assert old is not None
    assert new is not None
    assert new.wider_than(old) == wider
