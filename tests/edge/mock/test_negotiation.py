"""The document's answers in the media type that the client likes best."""

from pathlib import Path

import pytest

from tests.toy import Toy, ask, built

PATHS = """
  /n:
    get:
      operationId: toy.n
      responses:
        '200':
          description: x
          content:
            application/json: {example: {a: 1}}
            text/plain: {examples: {short: {value: "a is 1"}, long: {value: "a is equal to 1"}}}
        '400': {description: No., content: {application/json: {example: {wrong: 1}}}}
  /any:
    get: {operationId: toy.any, responses: {'200': {description: x, content: {'*/*': {example: {a: 1}}}}}}
  /words:
    get: {operationId: toy.words, responses: {'200': {description: x, content: {'text/*': {example: Hello}}}}}
  /picture:
    get: {operationId: toy.picture, responses: {'200': {description: x, content: {'image/*': {example: GIF}}}}}
  /made:
    get:
      operationId: toy.made
      responses:
        '200':
          description: x
          content:
            '*/*': {schema: {type: object, required: [id], properties: {id: {type: integer, minimum: 4}}}}
  /xml:
    get:
      operationId: toy.xml
      responses:
        '200':
          description: x
          content:
            application/xml: {schema: {type: object, properties: {name: {type: string}}}}
            application/json: {schema: {type: object, properties: {name: {type: string}}}}
  /nothing:
    get:
      operationId: toy.nothing
      responses:
        '200':
          description: x
          content: {application/json: {schema: {type: object, nullable: true}, examples: {none: {value: null}}}}
  /elsewhere:
    get:
      operationId: toy.elsewhere
      responses:
        '200':
          description: x
          content:
            application/json:
              schema: {type: integer, minimum: 3}
              examples: {far: {externalValue: https://example.com/far.json}, near: {value: 7}}
  /second:
    get:
      operationId: toy.second
      responses:
        '200':
          description: x
          content:
            application/json: {example: {a: 1}}
            text/plain: {schema: {type: string, enum: [made]}}
            image/*: {}
  /versions:
    get:
      operationId: toy.versions
      responses:
        '200':
          description: x
          content:
            application/json; v=1: {schema: {type: integer, minimum: 3}}
            application/json; v=2: {schema: {type: string}, example: Two}
"""


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, PATHS)


@pytest.mark.parametrize(
    ("accept", "kind", "content"),
    [
        (None, "application/json", b'{"a":1}'),
        ("*/*", "application/json", b'{"a":1}'),
        ("text/plain", "text/plain", b"a is 1"),
        ("TEXT/*", "text/plain", b"a is 1"),
        ("application/json;q=0.5, text/plain", "text/plain", b"a is 1"),
        ("application/json, text/plain;q=0.9", "application/json", b'{"a":1}'),
        ("text/plain, application/json", "application/json", b'{"a":1}'),
        ("*/*, application/json;q=0", "text/plain", b"a is 1"),
        ("text/html, */*;q=0.1", "application/json", b'{"a":1}'),
        ("text/plain;q=high", "text/plain", b"a is 1"),
        ("application/xml", None, b""),
        ("application/json;q=0, text/plain;q=0.0", None, b""),
    ],
)
def test_the_type_that_the_client_likes_best_is_sent_with_its_own_example(
    server: Toy, accept: str | None, kind: str | None, content: bytes
) -> None:
    reply = ask(server, "GET", "/n", headers={} if accept is None else {"Accept": accept})
    if kind is None:
        assert (reply.status, reply.json["toy"]) == (406, "not-acceptable")
        assert "application/json, text/plain" in reply.json["says"]
    else:
        assert (reply.status, reply.headers["content-type"], reply.content) == (200, kind, content)
    assert server.differences() == []


@pytest.mark.parametrize(
    ("accept", "kind", "content"),
    [
        ("*/*", "application/json", b'{"a":1}'),
        ("text/plain, application/json", "application/json", b'{"a":1}'),
        ("text/*", "text/plain", b"made"),
        ("image/gif", "image/gif", b""),
    ],
)
def test_a_type_without_an_example_does_not_come_before_one_that_has_it(
    server: Toy, accept: str, kind: str, content: bytes
) -> None:
    reply = ask(server, "GET", "/second", headers={"Accept": accept})
    assert (reply.status, reply.headers["content-type"], reply.content) == (200, kind, content)
    assert server.differences() == []


def test_an_example_is_found_in_whatever_acceptable_type_it_is(server: Toy) -> None:
    reply = ask(server, "GET", "/n", headers={"Prefer": "example=long", "Accept": "*/*"})
    assert (reply.headers["content-type"], reply.content) == ("text/plain", b"a is equal to 1")


def test_an_error_is_sent_even_if_its_type_is_not_accepted(server: Toy) -> None:
    reply = ask(server, "GET", "/n", headers={"Prefer": "code=400", "Accept": "text/plain"})
    assert (reply.status, reply.json) == (400, {"wrong": 1})


@pytest.mark.parametrize(
    ("path", "accept", "kind", "content"),
    [
        ("/any", "*/*", "application/json", b'{"a":1}'),
        ("/any", "application/json", "application/json", b'{"a":1}'),
        ("/any", "text/html, */*;q=0.8", "application/json", b'{"a":1}'),
        ("/words", "*/*", "text/plain", b"Hello"),
        ("/words", "text/markdown", "text/markdown", b"Hello"),
        ("/picture", "*/*", "image/png", b"GIF"),
        ("/picture", "image/gif", "image/gif", b"GIF"),
        ("/made", "*/*", "application/json", b'{"id":4}'),
    ],
)
def test_for_a_range_a_concrete_type_is_sent(server: Toy, path: str, accept: str, kind: str, content: bytes) -> None:
    reply = ask(server, "GET", path, headers={"Accept": accept})
    assert (reply.status, reply.headers["content-type"], reply.content) == (200, kind, content)
    assert server.differences() == []


@pytest.mark.parametrize(
    ("accept", "kind", "content"),
    [
        ("application/json; v=1", "application/json; v=1", b"3"),
        ("application/json; v=2", "application/json; v=2", b'"Two"'),
        ("application/json", "application/json; v=1", b"3"),
    ],
)
def test_types_that_differ_in_a_parameter_have_answers_of_their_own(
    server: Toy, accept: str, kind: str, content: bytes
) -> None:
    reply = ask(server, "GET", "/versions", headers={"Accept": accept})
    assert (reply.status, reply.headers["content-type"], reply.content) == (200, kind, content)
    assert server.differences() == []
    assert ask(server, "GET", "/versions", headers={"Accept": "application/json; v=3"}).status == 406


def test_a_type_that_cannot_be_made_from_a_schema_is_not_offered(server: Toy) -> None:
    assert ask(server, "GET", "/xml").headers["content-type"] == "application/json"
    assert ask(server, "GET", "/xml", headers={"Accept": "application/xml"}).status == 406


def test_an_example_that_is_null_is_sent_as_null(server: Toy) -> None:
    reply = ask(server, "GET", "/nothing")
    assert (reply.content, reply.headers["content-type"]) == (b"null", "application/json")
    assert server.differences() == []


@pytest.mark.parametrize(("name", "content"), [("far", b"3"), ("near", b"7")])
def test_an_example_that_is_elsewhere_is_made_from_the_schema(server: Toy, name: str, content: bytes) -> None:
    assert ask(server, "GET", "/elsewhere", headers={"Prefer": f"example={name}"}).content == content


def test_an_example_with_a_value_is_sent_before_one_that_is_elsewhere(server: Toy) -> None:
    assert ask(server, "GET", "/elsewhere").content == b"7"
