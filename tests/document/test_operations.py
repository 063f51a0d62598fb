"""The operations of a document, with everything that a request needs derived from it beforehand."""

from pathlib import Path
from typing import Any

import pytest

from watchword.document import Operation, load
from watchword.document.media_types import is_json
from watchword.document.path_templates import pattern, specificity
from watchword.document.references import expanded, resolve

ROOT = """
openapi: 3.0.3
info: {title: Toy, version: '1'}
security: [{key: []}]
paths:
  /users/{id}:
    servers: [{url: /}, {url: /v1}, {url: /v2/}]
    parameters:
      - {in: path, name: id, required: true, schema: {type: string, maxLength: 3}}
      - {in: query, name: page, schema: {type: integer}}
    get:
      operationId: toy.get_user
      summary: One user
      x-rules: [toy.found]
      parameters:
        - {in: query, name: page, required: true, schema: {$ref: '#/components/schemas/Page'}}
        - {in: header, name: X-Trace, schema: {type: boolean}}
        - {in: query, name: ratio, schema: {type: number}}
      responses:
        '200':
          description: Found.
          headers: {ETag: {required: true, schema: {type: string}}, X-More: {schema: {type: string}}}
          content:
            Application/JSON; charset=utf-8:
              schema: {$ref: '#/components/schemas/User'}
              examples: {ada: {value: {name: Ada}}, ben: {$ref: '#/components/examples/Ben'}}
        4XX: {description: No., x-source: assumed, x-unreachable: {GONE: nobody goes}}
        default: {description: Else., content: {text/plain: {example: Oops}}}
    put:
      operationId: toy.put_user
      security: [{key: [], token: []}, {other: []}]
      requestBody: {$ref: '#/components/requestBodies/User'}
      responses: {'204': {description: Done.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: key}
    token: {type: http, scheme: bearer}
    other: {type: apiKey, in: header, name: other}
  schemas:
    Page: {type: integer, minimum: 1}
    User:
      type: object
      required: [name]
      properties: {name: {type: string}, page: {$ref: '#/components/schemas/Page'}}
  examples: {Ben: {value: {name: Ben}}}
  requestBodies:
    User:
      required: true
      content: {application/json: {schema: {$ref: '#/components/schemas/User'}}, text/plain: {schema: {type: string}}}
"""


@pytest.fixture
def operations(tmp_path: Path) -> dict[str, Operation]:
    root = tmp_path / "openapi.yaml"
    root.write_text(ROOT, encoding="utf-8")
    return dict(load(root, systems=["toy"]).operations)


@pytest.fixture
def get_user(operations: dict[str, Operation]) -> Operation:
    return operations["toy.get_user"]


def test_an_operation_knows_its_place(get_user: Operation) -> None:
    assert (get_user.system, get_user.method, get_user.path) == ("toy", "GET", "/users/{id}")
    assert (get_user.summary, get_user.rules) == ("One user", ("toy.found",))


def test_the_base_paths_are_those_of_its_path_item(get_user: Operation) -> None:
    assert get_user.base_paths == ("/v1", "/v2")


def test_security_is_its_own_or_else_the_documents(operations: dict[str, Operation]) -> None:
    assert operations["toy.get_user"].security == (("key",),)
    assert operations["toy.put_user"].security == (("key", "token"), ("other",))


def test_a_parameter_of_the_operation_takes_the_place_of_the_path_items(get_user: Operation) -> None:
    described = {(one.where, one.name): (one.required, one.type) for one in get_user.parameters}
    assert described == {
        ("path", "id"): (True, "string"),
        ("query", "page"): (True, "integer"),
        ("header", "X-Trace"): (False, "boolean"),
        ("query", "ratio"): (False, "number"),
    }


@pytest.mark.parametrize(
    ("name", "text", "value", "kinds"),
    [
        ("id", "abc", "abc", []),
        ("id", "007", "007", []),
        ("id", "abcd", "abcd", ["maxLength"]),
        ("page", "7", 7, []),
        ("page", "0", 0, ["minimum"]),
        ("page", None, None, ["required"]),
        ("page", "seven", "seven", ["type"]),
        ("page", "", "", ["type"]),
        ("page", "1_0", "1_0", ["type"]),
        ("page", " 7", " 7", ["type"]),
        ("page", "٣", "٣", ["type"]),
        ("page", "1.5", 1.5, ["type"]),
        ("ratio", "1.5", 1.5, []),
        ("ratio", "-2e3", -2000.0, []),
        ("ratio", "NaN", "NaN", ["type"]),
        ("ratio", "Infinity", "Infinity", ["type"]),
        ("ratio", "9" * 5000, "9" * 5000, ["type"]),
        ("ratio", None, None, []),
        ("X-Trace", "true", True, []),
        ("X-Trace", "false", False, []),
        ("X-Trace", "yes", "yes", ["type"]),
    ],
)  # fmt: skip
def test_a_parameter_is_read_as_its_type_or_says_why_not(
    get_user: Operation, name: str, text: str | None, value: Any, kinds: list[str]
) -> None:
    parameter = next(one for one in get_user.parameters if one.name == name)
    read, violations = parameter.read(text)
    assert read == value
    assert type(read) is type(value)
    assert [(one.where, one.path, one.kind) for one in violations] == [(parameter.where, (name,), k) for k in kinds]


def test_an_operation_knows_what_bodies_it_takes(operations: dict[str, Operation]) -> None:
    put = operations["toy.put_user"]
    assert put.accepts == ("application/json", "text/plain")
    assert put.body_required
    assert put.body is not None
    assert put.body.accepts({"name": "Ada"})
    assert not put.body.accepts({})


def test_the_schema_of_a_body_comes_with_its_references_resolved(operations: dict[str, Operation]) -> None:
    assert operations["toy.put_user"].body_schema["properties"]["page"] == {"type": "integer", "minimum": 1}


def test_an_operation_without_body_takes_none(get_user: Operation) -> None:
    assert (get_user.accepts, get_user.body, get_user.body_required) == ((), None, False)


@pytest.mark.parametrize(
    ("status", "key"), [(200, "200"), (404, "4XX"), (499, "4XX"), (500, "default"), (201, "default")]
)
def test_the_shape_of_an_answer_is_the_one_that_fits_best(get_user: Operation, status: int, key: str) -> None:
    shape = get_user.shape(status)
    assert shape is not None
    assert shape.status == key


def test_a_status_that_nothing_describes_has_no_shape(operations: dict[str, Operation]) -> None:
    assert operations["toy.put_user"].shape(200) is None


def test_a_shape_knows_bodies_headers_and_examples(get_user: Operation) -> None:
    shape = get_user.responses["200"]
    assert shape.examples == {"ada": {"name": "Ada"}, "ben": {"name": "Ben"}}
    assert shape.headers == {"etag", "x-more"}
    assert shape.required_headers == {"etag"}
    validator = shape.content["application/json"]
    assert validator is not None
    assert validator.accepts({"name": "Ada"})
    assert not validator.accepts({"name": "Ada", "more": 1})


def test_a_shape_knows_where_it_is_from_and_what_cannot_be(get_user: Operation) -> None:
    assert (get_user.responses["200"].source, get_user.responses["4XX"].source) == (None, "assumed")
    assert get_user.responses["4XX"].unreachable == {"GONE": "nobody goes"}


def test_a_body_that_is_no_json_has_an_example_but_no_validator(get_user: Operation) -> None:
    shape = get_user.responses["default"]
    assert shape.content == {"text/plain": None}
    assert shape.examples == {"example": "Oops"}


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/plain", False),
        ("application/jsonp", False),
    ],
)
def test_json_is_known_by_its_media_type(media_type: str, *, expected: bool) -> None:
    assert is_json(media_type) is expected


def test_literal_paths_come_before_templates() -> None:
    paths = ["/{a}", "/users/{id}", "/users/me", "/users/{id}/keys", "/users/me/{key}", "/a"]
    assert sorted(paths, key=specificity) == [
        "/a",
        "/users/me",
        "/users/me/{key}",
        "/users/{id}",
        "/users/{id}/keys",
        "/{a}",
    ]


@pytest.mark.parametrize(
    ("path", "matches"),
    [
        ("/users/1/a.b", True),
        ("/users/ä b/a.b", True),
        ("/users/1/axb", False),
        ("/users//a.b", False),
        ("/users/1/2/a.b", False),
        ("/users/1/a.b/", False),
        ("/users/1/a.b\n", False),
    ],
)
def test_a_template_matches_one_segment_for_every_placeholder(path: str, *, matches: bool) -> None:
    assert bool(pattern("/users/{id}/a.b").match(path)) is matches


def test_a_reference_is_followed_to_its_end() -> None:
    document = {"a/b": {"~": {"$ref": "#/c"}}, "c": {"d": 1}}
    assert resolve(document, {"$ref": "#/a~1b/~0"}) == {"d": 1}


@pytest.mark.parametrize("reference", ["#/nothing", "#/a/b/c", "#/circle", "x.yaml#/a", "#/list/9"])
def test_a_reference_that_leads_nowhere_or_in_a_circle_is_an_error(reference: str) -> None:
    document = {"a": {"b": {}}, "circle": {"$ref": "#/round"}, "round": {"$ref": "#/circle"}, "list": {}}
    with pytest.raises(LookupError):
        resolve(document, {"$ref": reference})


def test_expanding_stops_where_a_schema_leads_back_into_itself() -> None:
    tree = {"properties": {"child": {"$ref": "#/Tree"}, "list": [{"$ref": "#/Leaf"}]}}
    document = {"Tree": tree, "Leaf": {"type": "string"}}
    assert expanded(document, {"$ref": "#/Tree"}) == {
        "properties": {"child": {"$ref": "#/Tree"}, "list": [{"type": "string"}]}
    }
