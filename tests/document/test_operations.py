"""What is compiled from the operations of a document."""

from pathlib import Path
from typing import Any

import pytest

from watchword.document import Operation, load

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
        4XX: {description: No.}
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


def test_an_operation_has_a_system_a_method_a_path_and_rules(get_user: Operation) -> None:
    assert (get_user.system, get_user.method, get_user.path) == ("toy", "GET", "/users/{id}")
    assert get_user.rules == ("toy.found",)


def test_base_paths_come_from_the_servers_of_the_path_item(get_user: Operation) -> None:
    assert get_user.base_paths == ("/v1", "/v2")


def test_the_security_of_an_operation_replaces_that_of_the_document(operations: dict[str, Operation]) -> None:
    assert operations["toy.get_user"].security == (("key",),)
    assert operations["toy.put_user"].security == (("key", "token"), ("other",))


def test_a_parameter_of_the_operation_replaces_that_of_the_path_item(get_user: Operation) -> None:
    compiled = {(one.where, one.name): (one.required, *one.shape.types) for one in get_user.parameters}
    assert compiled == {
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
def test_a_parameter_is_read_as_its_type_or_is_a_violation(
    get_user: Operation, name: str, text: str | None, value: Any, kinds: list[str]
) -> None:
    parameter = next(one for one in get_user.parameters if one.name == name)
    read, violations = parameter.read(text)
    assert read == value
    assert type(read) is type(value)
    assert [(one.where, one.path, one.kind) for one in violations] == [(parameter.where, (name,), k) for k in kinds]


def test_an_operation_accepts_the_bodies_of_the_document(operations: dict[str, Operation]) -> None:
    put = operations["toy.put_user"]
    assert put.accepts == ("application/json", "text/plain")
    assert put.body_required
    assert put.body is not None
    assert put.body.accepts({"name": "Ada"})
    assert not put.body.accepts({})


def test_the_schema_of_a_body_has_its_references_replaced(operations: dict[str, Operation]) -> None:
    assert operations["toy.put_user"].body_schema["properties"]["page"] == {"type": "integer", "minimum": 1}


def test_an_operation_without_a_body_accepts_none(get_user: Operation) -> None:
    assert (get_user.accepts, get_user.body, get_user.body_required) == ((), None, False)


@pytest.mark.parametrize(
    ("status", "key"), [(200, "200"), (404, "4XX"), (499, "4XX"), (500, "default"), (201, "default")]
)
def test_the_shape_of_an_answer_is_that_of_its_status_else_of_its_range_else_the_default(
    get_user: Operation, status: int, key: str
) -> None:
    assert get_user.shape(status) is get_user.responses[key]


def test_an_undeclared_status_has_no_shape(operations: dict[str, Operation]) -> None:
    assert operations["toy.put_user"].shape(200) is None


def test_a_shape_has_bodies_headers_and_examples(get_user: Operation) -> None:
    shape = get_user.responses["200"]
    assert shape.examples == {"ada": {"name": "Ada"}, "ben": {"name": "Ben"}}
    assert set(shape.headers) == {"etag", "x-more"}
    assert shape.required_headers == {"etag"}
    validator = shape.content["Application/JSON; charset=utf-8"]
    assert validator is not None
    assert validator.accepts({"name": "Ada"})
    assert not validator.accepts({"name": "Ada", "more": 1})


def test_a_body_that_is_not_json_has_an_example_but_no_validator(get_user: Operation) -> None:
    shape = get_user.responses["default"]
    assert shape.content == {"text/plain": None}
    assert shape.examples == {"example": "Oops"}
