"""References inside a document are followed or replaced."""

import pytest

from watchword.document.references import CircularReference, inline_references, resolve_reference


def test_a_reference_is_followed_to_its_end() -> None:
    document = {"a/b": {"~": {"$ref": "#/c"}}, "c": {"d": 1}}
    assert resolve_reference(document, {"$ref": "#/a~1b/~0"}) == {"d": 1}


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("#/nothing", LookupError),
        ("#/a/b/c", LookupError),
        ("x.yaml#/a", LookupError),
        ("#/list/9", LookupError),
        ("#/circle", CircularReference),
        ("#/circle/x", CircularReference),
    ],
)
def test_a_reference_without_a_target_or_in_a_circle_is_an_error(reference: str, error: type[LookupError]) -> None:
    document = {"a": {"b": {}}, "circle": {"$ref": "#/round"}, "round": {"$ref": "#/circle"}, "list": {}}
    with pytest.raises(LookupError) as raised:
        resolve_reference(document, {"$ref": reference})
    assert type(raised.value) is error


def test_a_reference_from_inside_its_own_target_stays_a_reference() -> None:
    tree = {"properties": {"child": {"$ref": "#/Tree"}}, "anyOf": [{"$ref": "#/Leaf"}]}
    document = {"Tree": tree, "Leaf": {"type": "string"}}
    assert inline_references(document, {"$ref": "#/Tree"}) == {
        "properties": {"child": {"$ref": "#/Tree"}},
        "anyOf": [{"type": "string"}],
    }


def test_what_looks_like_a_reference_in_data_stays_as_it_is() -> None:
    data = {"$ref": "#/nowhere"}
    schema = {"example": data, "enum": [data], "x-note": data, "properties": {"example": {"$ref": "#/Leaf"}}}
    assert inline_references({"Leaf": {"type": "string"}}, schema) == {
        **schema,
        "properties": {"example": {"type": "string"}},
    }
