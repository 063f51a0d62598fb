"""A request against the document: every violation at once, never a value repeated."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import Reply, Toy, ask, built
from watchword.domain.refusal import Violation
from watchword.system import Answer, Call, authenticate_first, check_shape_first

PATHS = """
  /users/{id}:
    parameters:
      - {in: path, name: id, required: true, schema: {type: integer, minimum: 1}}
    put:
      operationId: toy.put_user
      security: [{key: []}]
      parameters:
        - {in: query, name: page, required: true, schema: {type: integer}}
        - {in: query, name: order, schema: {type: string, enum: [up, down]}}
        - {in: header, name: X-Trace, schema: {type: string, maxLength: 4}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [password]
              properties:
                password: {type: string, minLength: 8, format: password, writeOnly: true}
                age: {type: integer, nullable: true}
      responses: {'200': {description: Read., content: {application/json: {schema: {}}}}}
  /notes:
    post:
      operationId: toy.note
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses: {'200': {description: Read., content: {application/json: {schema: {}}}}}
  /texts:
    post:
      operationId: toy.text
      requestBody: {required: true, content: {text/plain: {schema: {type: string}}}}
      responses: {'200': {description: Read., content: {application/json: {schema: {}}}}}
  /pings:
    post:
      operationId: toy.ping
      responses: {'200': {description: Read., content: {application/json: {schema: {}}}}}
"""
SECRET = "Correct-horse-7"


def echo(call: Call) -> Answer:
    headers = {name: value for name, value in call.headers.items() if name == "x-trace"}
    return Answer(200, {"path": dict(call.path), "query": dict(call.query), "headers": headers, "body": call.body})


HANDLERS = SimpleNamespace(put_user=echo, note=echo, text=echo, ping=echo)


@pytest.fixture
def users(tmp_path: Path) -> Toy:
    return built(tmp_path, PATHS, handlers=HANDLERS)


def put(users: Toy, url: str = "/users/1?page=1", **request: Any) -> Reply:
    request.setdefault("json", {"password": SECRET})
    return ask(users, "PUT", url, **{**request, "headers": {"X-Key": "k", **request.get("headers", {})}})


def wrong(reply: Reply) -> set[tuple[str, ...]]:
    assert reply.status == 400
    return {tuple(one) for one in reply.json["wrong"]}


def test_a_handler_gets_values_of_the_documents_types(users: Toy) -> None:
    reply = put(users, "/users/7?page=2&order=up", json={"password": SECRET, "age": None}, headers={"X-Trace": "t"})
    assert reply.json == {
        "path": {"id": 7},
        "query": {"page": 2, "order": "up"},
        "headers": {"x-trace": "t"},
        "body": {"password": SECRET, "age": None},
    }


def test_a_parameter_that_is_left_out_is_not_there(users: Toy) -> None:
    assert put(users).json["query"] == {"page": 1}


def test_all_violations_of_path_query_header_and_body_come_at_once(users: Toy) -> None:
    reply = put(users, "/users/0?order=left", json={"password": "short", "age": "old"}, headers={"X-Trace": "12345"})
    assert wrong(reply) == {
        ("path", "id", "minimum"),
        ("query", "page", "required"),
        ("query", "order", "enum"),
        ("header", "X-Trace", "maxLength"),
        ("body", "password", "minLength"),
        ("body", "age", "type"),
    }


def test_a_wrong_type_in_the_path_is_a_violation_and_not_another_path(users: Toy) -> None:
    assert wrong(put(users, "/users/one?page=1")) == {("path", "id", "type")}


def test_no_answer_repeats_what_was_sent(users: Toy) -> None:
    for body in ({"password": [SECRET]}, {"password": SECRET[:5], "age": SECRET}, [SECRET], SECRET):
        reply = put(users, f"/users/{SECRET}?page={SECRET}&order={SECRET}", json=body)
        assert reply.status == 400
        assert SECRET[:5] not in f"{reply.content!r} {reply.headers}"


@pytest.mark.parametrize(
    ("content", "where"),
    [
        (b'{"password": "Correct-horse-7"', "line 1 column 31"),
        (b'{"password":\n  Correct-horse-7}', "line 2 column 3"),
        (b'{"password": "\xff"}', "line 1 column 1"),
        (b'{"password": "\\ud800"}', "line 1 column"),
        (b'{"age": NaN}', "line 1 column"),
        (b"[" * 5000 + b"]" * 5000, "line 1 column"),
        (b"\xef\xbb\xbf{}", "line 1 column"),
    ],
    ids=["unfinished", "unquoted", "no utf-8", "half a surrogate", "NaN", "too deep", "byte order mark"],
)
def test_unreadable_json_is_told_with_its_place_and_without_its_text(users: Toy, content: bytes, where: str) -> None:
    reply = put(users, json=None, content=content, headers={"Content-Type": "application/json"})
    assert wrong(reply) == {("body", "", "syntax")}
    assert where in reply.json["says"]
    assert b"orrect" not in reply.content


def test_a_required_body_that_is_missing_is_a_violation(users: Toy) -> None:
    assert wrong(put(users, json=None)) == {("body", "", "required")}


def test_an_optional_body_may_be_missing(users: Toy) -> None:
    assert ask(users, "POST", "/notes").json["body"] is None


def test_a_body_that_nobody_asked_for_is_left_alone(users: Toy) -> None:
    assert ask(users, "POST", "/pings", content=b"\xff no json").json["body"] is None


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/json; charset=us-ascii",
        "application/json; q=1",
    ],
)
def test_json_is_read_in_all_its_spellings(users: Toy, content_type: str) -> None:
    assert put(users, headers={"Content-Type": content_type}).status == 200


def test_a_body_without_content_type_counts_as_json(users: Toy) -> None:
    assert put(users, json=None, content=b'{"password": "Correct-horse-7"}').status == 200


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/xml", "application/jsonp", "application/json; charset=utf-16", "latin-1", "json", ""],
)
def test_other_types_and_charsets_are_415_and_the_right_ones_are_named(users: Toy, content_type: str) -> None:
    reply = put(users, headers={"Content-Type": content_type})
    assert (reply.status, reply.json["toy"]) == (415, "unsupported-media-type")
    assert reply.headers["accept-post"] == "application/json"


def test_a_wrong_content_type_is_the_only_thing_that_is_told(users: Toy) -> None:
    assert put(users, "/users/0", headers={"Content-Type": "text/plain"}).status == 415


def test_a_body_that_is_no_json_is_accepted_unread_where_the_document_has_one(users: Toy) -> None:
    assert ask(users, "POST", "/texts", content=b"hello", headers={"Content-Type": "text/plain"}).status == 200
    assert ask(users, "POST", "/texts", json={}).status == 415


def test_a_query_parameter_that_is_no_array_stands_once(users: Toy) -> None:
    assert wrong(put(users, "/users/1?page=1&page=2")) == {("query", "page", "duplicate")}
    assert put(users, "/users/1?page=1&other=2&other=3").json["query"] == {"page": 1}


def test_an_empty_query_parameter_is_there(users: Toy) -> None:
    assert wrong(put(users, "/users/1?page=1&order=")) == {("query", "order", "enum")}


def test_percent_encoding_is_read_as_utf_8(users: Toy, tmp_path: Path) -> None:
    paths = """
  /names/{name}:
    get:
      operationId: toy.name
      parameters:
        - {in: path, name: name, required: true, schema: {type: string}}
        - {in: query, name: q, schema: {type: string}}
      responses: {'200': {description: Read., content: {application/json: {schema: {}}}}}
"""
    names = built(tmp_path, paths, handlers=SimpleNamespace(name=echo))
    reply = ask(names, "GET", "/names/%C3%A4%20b?q=%C3%A4+b%26")
    assert (reply.json["path"], reply.json["query"]) == ({"name": "ä b"}, {"q": "ä b&"})


def order(tmp_path: Path, triage: Any) -> int:
    """Send a request that is neither authenticated nor well-formed."""
    system = built(tmp_path, PATHS, handlers=HANDLERS, triage=triage)
    return ask(system, "PUT", "/users/1?page=1", json={"password": "short"}).status


def test_a_system_may_judge_the_shape_before_it_asks_who_calls(tmp_path: Path) -> None:
    assert order(tmp_path, check_shape_first) == 400


def test_a_system_may_ask_who_calls_before_it_judges_the_shape(tmp_path: Path) -> None:
    assert order(tmp_path, authenticate_first) == 401


def test_what_a_system_sorts_out_is_left_to_its_rules(tmp_path: Path) -> None:
    lenient = built(tmp_path, PATHS, handlers=HANDLERS, triage=lambda _violations: ((), ()))
    assert put(lenient, json={"password": "short"}).json["body"] == {"password": "short"}


def test_headers_that_a_system_wants_are_violations_when_they_are_missing(tmp_path: Path) -> None:
    missing = [Violation("header", ("X-Key",), "required", None, "is required")]
    strict = built(
        tmp_path,
        PATHS,
        handlers=HANDLERS,
        triage=check_shape_first,
        required_headers=lambda _operation, headers: [] if "x-key" in headers else missing,
    )
    reply = ask(strict, "PUT", "/users/1", json={"password": SECRET})
    assert wrong(reply) == {("header", "X-Key", "required"), ("query", "page", "required")}


def test_a_system_may_decode_bodies_itself(tmp_path: Path) -> None:
    def decode(raw: bytes, schema: Any) -> Any:
        return {"raw": raw.decode(), "wants": schema["type"]}

    own = built(tmp_path, PATHS, handlers=HANDLERS, decode=decode)
    reply = ask(own, "POST", "/notes", content=b"not json", headers={"Content-Type": "text/csv"})
    assert reply.json["body"] == {"raw": "not json", "wants": "object"}
