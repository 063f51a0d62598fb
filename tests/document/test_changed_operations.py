"""What became of the operations of a document."""

from copy import deepcopy
from typing import Any

import pytest

from watchword.document.changed_operations import Became, changed_operations

BASE: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "security": [{"key": []}],
    "paths": {
        "/doors/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "put": {
                "summary": "Open",
                "x-rules": ["door.lock"],
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Key"}}}},
                "responses": {"200": {"description": "open"}, "409": {"$ref": "#/components/responses/Locked"}},
            },
        }
    },
    "components": {
        "schemas": {"Key": {"type": "object", "properties": {"code": {"type": "string"}}}},
        "responses": {"Locked": {"description": "locked"}},
    },
}
OPERATION = ("paths", "/doors/{id}", "put")


def changed(steps: tuple[str, ...], value: Any) -> dict[str, Any]:
    """A copy of the document with another value at *steps*."""
    content = deepcopy(BASE)
    node: Any = content
    for step in steps[:-1]:
        node = node[step]
    node[steps[-1]] = value
    return content


@pytest.mark.parametrize(
    ("steps", "value", "parts"),
    [
        (("components", "schemas", "Key", "maxProperties"), 1, ("request body changed",)),
        (("components", "responses", "Locked", "description"), "shut", ("answer 409 changed",)),
        ((*OPERATION, "responses", "404"), {"description": "none"}, ("answer 404 added",)),
        ((*OPERATION, "x-rules"), ["door.key"], ("rules changed",)),
        ((*OPERATION, "summary"), "Open it", ("description changed",)),
        ((*OPERATION, "x-note"), 1, ("x-note added",)),
        (("security",), [], ("credentials changed",)),
        ((*OPERATION, "responses"), {"200": {"description": "open"}}, ("answer 409 gone",)),
        ((*OPERATION, "description"), "Opens it.", ("description added",)),
        (("paths", "/doors/{id}", "parameters"), [], ("parameters of the path changed",)),
    ],
)
def test_a_changed_operation_says_in_what_it_differs(
    steps: tuple[str, ...], value: Any, parts: tuple[str, ...]
) -> None:
    (found,) = changed_operations(BASE, changed(steps, value))
    assert (found.place.method, found.became, found.parts) == ("PUT", Became.CHANGED, parts)


def test_an_operation_is_added_or_gone() -> None:
    more = changed(("paths", "/doors/{id}", "get"), {"responses": {}})
    assert [(one.place.method, one.became) for one in changed_operations(BASE, more)] == [("GET", Became.ADDED)]
    assert [(one.place.method, one.became) for one in changed_operations(more, BASE)] == [("GET", Became.GONE)]


def test_equal_documents_have_no_changed_operation() -> None:
    assert list(changed_operations(BASE, deepcopy(BASE))) == []
