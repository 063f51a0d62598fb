"""Bodies of every media type are judged by the schema of that type."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import Toy, ask, built
from watchword.system import Answer

SCHEMA = """{type: object, required: [name], properties: {
          name: {type: string, minLength: 2}, age: {type: integer}, tags: {type: array, items: {type: integer}},
          at: {type: object, required: [x], properties: {x: {type: integer}}}, file: {type: string, format: binary}}}"""
PATHS = f"""
  /patch:
    patch:
      operationId: toy.patch
      requestBody:
        content:
          application/json-patch+json: {{schema: {{type: array}}}}
          application/merge-patch+json: {{schema: {{type: object}}}}
          application/*+json: {{schema: {{type: integer}}}}
          image/*: {{schema: {{type: string, format: binary}}}}
          application/vnd.toy+json; v=1: {{schema: {{type: boolean}}}}
          application/vnd.toy+json; v=2: {{schema: {{type: string}}}}
      responses: {{'204': {{description: x}}}}
  /form:
    post:
      operationId: toy.form
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: {SCHEMA}
            encoding: {{at: {{style: deepObject, explode: true}}, tags: {{explode: false}}}}
          multipart/form-data:
            schema: {SCHEMA}
      responses: {{'204': {{description: x}}}}
  /map:
    post:
      operationId: toy.map
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              properties:
                name: {{type: string}}
                size: {{type: integer}}
                box: {{type: object, properties: {{size: {{type: integer}}, width: {{type: integer}}}}}}
                codes: {{type: array, items: {{type: string}}}}
                at: {{type: object, properties: {{x: {{type: integer}}}}}}
                more: {{type: object, properties: {{name: {{type: string}}}}, additionalProperties: {{type: integer}}}}
            encoding:
              more: {{style: form, explode: true}}
              box: {{style: form, explode: true}}
              at: {{style: deepObject, explode: true}}
      responses: {{'204': {{description: x}}}}
"""
PATHS += """
  /parts:
    post:
      operationId: toy.parts
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                word: {type: string}
                box: {allOf: [{type: object, properties: {x: {type: integer}}}]}
                boxes: {type: array, items: {type: object}}
                sizes: {type: array, items: {type: integer}}
                bytes: {type: string, format: binary}
                anything: {}
                picture: {type: string, format: binary}
                note: {type: object}
            encoding:
              picture: {contentType: "image/png, image/*+xml"}
              note: {contentType: application/vnd.note+json}
      responses: {'204': {description: x}}
"""
HANDLERS = SimpleNamespace(**dict.fromkeys(("patch", "form", "map", "parts"), lambda _call: Answer(204)))


@pytest.fixture
def server(tmp_path: Path) -> Toy:
    return built(tmp_path, PATHS, handlers=HANDLERS)


def wrong(server: Toy, method: str, path: str, content: bytes, kind: str) -> tuple[int, list[list[str]]]:
    """Send a body; give the status and what is wrong."""
    reply = ask(server, method, path, content=content, headers={"Content-Type": kind})
    return reply.status, [] if reply.status == 204 else reply.json.get("wrong", [])


@pytest.mark.parametrize(
    ("kind", "content", "status"),
    [
        ("application/json-patch+json", b"[]", 204),
        ("application/json-patch+json", b"{}", 400),
        ("application/merge-patch+json; charset=utf-8", b"{}", 204),
        ("application/merge-patch+json", b"[]", 400),
        ("application/vnd.acme+json", b"3", 204),
        ("application/vnd.acme+json", b"[]", 400),
        ("application/vnd.toy+json; v=1", b"true", 204),
        ("application/vnd.toy+json; v=1", b'"true"', 400),
        ('application/vnd.toy+json;charset=UTF-8; V="2"', b'"true"', 204),
        ("application/vnd.toy+json; v=2", b"true", 400),
        ("application/vnd.toy+json", b"true", 204),
        ("application/vnd.toy+json; v=3", b"3", 204),
        ("image/png", b"\x89PNG", 204),
        ("image/", b"x", 415),
        ("application/json", b"3", 415),
        ("text/plain", b"x", 415),
    ],
)
def test_a_body_is_judged_by_the_schema_of_the_type_that_was_sent(
    server: Toy, kind: str, content: bytes, status: int
) -> None:
    assert wrong(server, "PATCH", "/patch", content, kind)[0] == status


@pytest.mark.parametrize(
    ("content", "json", "problems"),
    [
        (b"name=Ada&age=3", {"name": "Ada", "age": 3}, []),
        (b"name=Ada+L&tags=1,2", {"name": "Ada L", "tags": [1, 2]}, []),
        (b"name=Ada&at%5Bx%5D=1", {"name": "Ada", "at": {"x": 1}}, []),
        (b"name=A&age=x", None, [["body", "age", "type"], ["body", "name", "minLength"]]),
        (b"age=3", None, [["body", "name", "required"]]),
        (b"name=Ada&at%5By%5D=1", None, [["body", "at.x", "required"]]),
        (b"name=\xff", None, [["body", "", "syntax"]]),
        (b"", None, [["body", "", "required"]]),
    ],
)
def test_a_form_is_judged_as_json_is(server: Toy, content: bytes, json: Any, problems: list[list[str]]) -> None:
    status, found = wrong(server, "POST", "/form", content, "application/x-www-form-urlencoded")
    assert (status, sorted(found)) == (400 if problems else 204, problems)
    if not problems:
        assert server.seen[-1][0].json == json


@pytest.mark.parametrize(
    ("content", "json"),
    [
        (b"name=Ada&a=1&b=2", {"name": "Ada", "more": {"a": 1, "b": 2}}),
        (b"a=1&at%5Bx%5D=2", {"more": {"a": 1}, "at": {"x": 2}}),
        (b"size=3&width=4", {"box": {"size": 3, "width": 4}, "size": 3}),
        (b"codes=7&codes=008", {"codes": ["7", "008"]}),
        (b"codes=7", {"codes": ["7"]}),
    ],
)
def test_the_fields_of_an_exploded_object_are_told_from_the_others(server: Toy, content: bytes, json: Any) -> None:
    assert wrong(server, "POST", "/map", content, "application/x-www-form-urlencoded") == (204, [])
    assert server.seen[-1][0].json == json


def multipart(*parts: tuple[str, str, bytes]) -> bytes:
    """Write parts: more of the disposition, the content type, the content."""
    written = [
        f"--B\r\nContent-Disposition: form-data; {name}\r\n".encode()
        + (f"Content-Type: {kind}\r\n".encode() if kind else b"")
        + b"\r\n" + content + b"\r\n"
        for name, kind, content in parts
    ]  # fmt: skip
    return b"".join(written) + b"--B--\r\n"


@pytest.mark.parametrize(
    ("content", "json", "problems"),
    [
        (
            multipart(
                ('name="name"', "", b"Ada"),
                ('name="age"', "text/plain", b"3"),
                ('name="tags"', "", b"1"),
                ('name="tags"', "", b"2"),
                ('name="at"', "application/json", b'{"x": 1}'),
                ('name="file"; filename="a.png"', "image/png", b"\x89PNG"),
            ),
            {"name": "Ada", "age": 3, "tags": [1, 2], "at": {"x": 1}, "file": "\x89PNG"},
            [],
        ),
        (multipart(('name="name"', "", b"Ada"), ('name="at"', "", b'{"x":"1"}')), None, [["body", "at.x", "type"]]),
        (
            multipart(('name="name"', "", b"007"), ('name="tags"', "application/json", b"[1, 2]")),
            {"name": "007", "tags": [1, 2]},
            [],
        ),
        (multipart(('name="name"', "", b"Ada"), ('name="tags"', "", b"[1]")), {"name": "Ada", "tags": [1]}, []),
        (multipart(('name="age"', "", b"3")), None, [["body", "name", "required"]]),
        (multipart(('name="name"', "", b"Ada"))[:-6], None, [["body", "", "syntax"]]),
        (multipart(('name="at"', "application/json", b"{")), None, [["body", "", "syntax"]]),
        (b"no boundary here", None, [["body", "", "syntax"]]),
    ],
)  # fmt: skip
def test_a_multipart_form_is_judged_as_json_is(
    server: Toy, content: bytes, json: Any, problems: list[list[str]]
) -> None:
    status, found = wrong(server, "POST", "/form", content, "multipart/form-data; boundary=B")
    assert (status, sorted(found)) == (400 if problems else 204, problems)
    if not problems:
        assert server.seen[-1][0].json == json


@pytest.mark.parametrize(
    ("name", "kind", "content", "fits"),
    [
        ("picture", "image/png", b"\x89PNG", True),
        ("picture", "IMAGE/PNG; a=b", b"\x89PNG", True),
        ("picture", "image/svg+xml", b"<svg/>", True),
        ("picture", "image/gif", b"GIF", False),
        ("picture", "", b"\x89PNG", False),
        ("note", "application/vnd.note+json", b"{}", True),
        ("note", "application/json", b"{}", False),
        ("note", "", b"{}", False),
        ("word", "", b"a", True),
        ("word", "text/plain; charset=utf-8", b"a", True),
        ("word", "application/json", b'"a"', True),
        ("word", "image/png", b"a", False),
        ("box", "", b'{"x":1}', True),
        ("box", "application/json", b'{"x":1}', True),
        ("box", "text/plain", b'{"x":1}', False),
        ("boxes", "application/json", b"{}", True),
        ("boxes", "text/plain", b"{}", False),
        ("sizes", "text/plain", b"1", True),
        ("sizes", "application/json", b"[1]", True),
        ("sizes", "text/html", b"1", False),
        ("bytes", "image/gif", b"GIF", True),
        ("anything", "image/gif", b"GIF", True),
    ],
)
def test_a_part_has_a_type_that_its_field_may_have(
    server: Toy, name: str, kind: str, content: bytes, *, fits: bool
) -> None:
    body = multipart((f'name="{name}"', kind, content))
    expected = (204, []) if fits else (400, [["body", name, "part-type"]])
    assert wrong(server, "POST", "/parts", body, "multipart/form-data; boundary=B") == expected


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/x-www-form-urlencoded", b"name=Ada&name=Eve"),
        (
            "multipart/form-data; boundary=B",
            multipart(('name="name"', "", b"Ada"), ('name="name"', "", b"Eve")),
        ),
    ],
)  # fmt: skip
def test_a_field_that_is_no_array_is_sent_once(server: Toy, kind: str, content: bytes) -> None:
    assert wrong(server, "POST", "/form", content, kind) == (400, [["body", "name", "type"]])


@pytest.mark.parametrize("more", ["", "; boundary=", f"; b={'x' * 200}"])
def test_a_multipart_form_without_a_boundary_is_unreadable(server: Toy, more: str) -> None:
    assert wrong(server, "POST", "/form", b"--B\r\n", f"multipart/form-data{more}") == (400, [["body", "", "syntax"]])
