"""Where a target of an overlay is found that a reference hides."""

from typing import Any

import pytest

from watchword.document.overlay_targets import Hidden, find_hidden, write_path

DOCUMENT: dict[str, Any] = {
    "openapi": "3.0.3",
    "paths": {
        "/doors/{id}": {
            "get": {"responses": {"200": {"$ref": "#/components/responses/Door"}}},
            "post": {"responses": {"200": {"$ref": "#/components/responses/Lost"}}},
            "put": {"x-data": {"$ref": "#/components/responses/Door"}},
        },
        "/gates": {"$ref": "#/paths/~1doors~1{id}"},
    },
    "components": {
        "responses": {
            "Door": {"description": "x", "content": {"text/a": {"schema": {"$ref": "#/components/schemas/A"}}}}
        },
        "schemas": {
            "A": {"allOf": [{"$ref": "#/components/schemas/B"}, {"type": "object", "title": "t"}]},
            "C": {"items": {"$ref": "#/components/schemas/A/allOf/1"}},
            "B": {"properties": {"next": {"$ref": "#/components/schemas/B"}, "age": {"maximum": 9}}},
        },
    },
}
ANSWER = "$.paths['/doors/{id}'].get.responses['200']"
DOOR = "#/components/responses/Door"


@pytest.mark.parametrize(
    ("target", "hidden"),
    [
        (f"{ANSWER}.description", Hidden(ANSWER, DOOR, "$.components.responses.Door.description")),
        (f"{ANSWER}.content.*.schema", Hidden(ANSWER, DOOR, "$.components.responses.Door.content['text/a'].schema")),
        (f"{ANSWER}..schema", Hidden(ANSWER, DOOR, "$.components.responses.Door.content['text/a'].schema")),
        (
            f"{ANSWER}.content['text/a'].schema.allOf[0].properties.age",
            Hidden(ANSWER, DOOR, "$.components.schemas.B.properties.age"),
        ),
        (
            "$.components.schemas.B.properties.next.properties.age",
            Hidden(
                "$.components.schemas.B.properties.next",
                "#/components/schemas/B",
                "$.components.schemas.B.properties.age",
            ),
        ),
        ("$.paths['/gates'].put", Hidden("$.paths['/gates']", "#/paths/~1doors~1{id}", "$.paths['/doors/{id}'].put")),
        (
            "$.components.schemas.C.items.title",
            Hidden(
                "$.components.schemas.C.items",
                "#/components/schemas/A/allOf/1",
                "$.components.schemas.A.allOf[1].title",
            ),
        ),
        (
            "$.components.schemas.C.items['type','title']",
            Hidden(
                "$.components.schemas.C.items",
                "#/components/schemas/A/allOf/1",
                "$.components.schemas.A.allOf[1]['type', 'title']",
            ),
        ),
        ("$.paths.*.get.responses['200'].description", Hidden(ANSWER, DOOR, "$.components.responses.Door.description")),
    ],
)
def test_a_target_is_found_behind_the_references_on_its_way(target: str, hidden: Hidden) -> None:
    assert find_hidden(target, DOCUMENT) == hidden


@pytest.mark.parametrize(
    "target",
    [
        f"{ANSWER}.headers",
        "$.paths['/doors/{id}'].post.responses['200'].description",
        "$.paths['/doors/{id}'].put['x-data'].description",
        "$.components.schemas.B.properties.next.properties.size",
        "$",
    ],
    ids=["not there either", "a reference to nothing", "plain data", "a circle", "the whole document"],
)
def test_no_reference_is_to_blame_for_what_is_not_behind_it(target: str) -> None:
    assert find_hidden(target, DOCUMENT) is None


def test_a_path_is_written_with_dots_where_names_allow_it() -> None:
    assert write_path(("paths", "/it's", 0, "a_1", "1a", "b\\c")) == "$.paths['/it\\'s'][0].a_1['1a']['b\\\\c']"
