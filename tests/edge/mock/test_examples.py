"""Answers out of the document are derived at the start; one that cannot be made is refused alone."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.toy import ask, built
from watchword.system import Answer

CODE = """
  /code:
    get:
      operationId: toy.code
      responses:
        '200':
          description: One.
          headers: {X-Left: {required: true, schema: {type: integer, minimum: 3}}}
          content:
            application/json:
              schema: {type: object, required: [code], properties: {code: {type: string, pattern: '^(?=A-1$)A-1$'%s}}}
"""
OTHER = """
        '404': {description: No., content: {application/json: {schema: {}, example: {error: gone}}}}
  /other:
    get:
      operationId: toy.other
      responses: {'200': {description: x, content: {application/json: {schema: {type: integer}}}}}
"""
DEFAULTS = """
  /pets:
    post:
      operationId: toy.create
      responses:
        '201': {description: Made.}
        '422': {description: No., content: {application/json: {schema: {}, example: {error: this one}}}}
        4XX: {description: No., content: {application/json: {schema: {}, example: {error: yours}}}}
        5XX: {description: No., content: {application/json: {schema: {}, example: {error: ours}}}}
        default: {description: No., content: {application/json: {schema: {}, example: {error: other}}}}
    put:
      operationId: toy.change
      responses:
        '200': {description: Changed.}
        '500': {description: No., content: {application/json: {schema: {}, example: {error: ours}}}}
        default: {description: No., content: {application/json: {schema: {}, example: {error: other}}}}
    get:
      operationId: toy.list
      responses:
        '400': {description: No., content: {application/json: {schema: {}, example: {error: wrong}}}}
        4XX: {description: No., content: {application/json: {schema: {}, example: {error: yours}}}}
    delete:
      operationId: toy.drop
      responses:
        '404': {description: No., content: {application/json: {schema: {}, example: {error: gone}}}}
        default: {description: Done., content: {application/json: {schema: {}, example: {dropped: true}}}}
"""


@pytest.mark.parametrize(
    ("method", "code", "status", "body"),
    [
        ("POST", "", 201, None),
        ("POST", "4XX", 400, {"error": "yours"}),
        ("PUT", "default", 501, {"error": "other"}),
        ("GET", "4XX", 401, {"error": "yours"}),
        ("POST", "422", 422, {"error": "this one"}),
        ("POST", "200", 201, None),
        ("DELETE", "", 200, {"dropped": True}),
        ("DELETE", "default", 200, {"dropped": True}),
        ("DELETE", "503", 503, {"dropped": True}),
    ],
)
def test_default_is_for_errors_beside_a_success_and_else_for_everything(
    tmp_path: Path, method: str, code: str, status: int, body: object
) -> None:
    server = built(tmp_path, DEFAULTS)
    reply = ask(server, method, "/pets", headers={"Prefer": f"code={code}"} if code else {})
    assert reply.status == status
    assert (reply.json if reply.content else None) == body


def test_an_answer_that_no_data_can_be_made_for_is_refused_alone_and_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = built(tmp_path, CODE % "" + OTHER)
    says = (
        "status 200: no data that fits can be made from the schema content/application/json/schema:"
        " code must match ^(?=A-1$)A-1$. Give it an example."
    )
    (warning,) = caplog.messages
    assert warning == f"toy.code, {says} It is answered with 501."
    reply = ask(server, "GET", "/code")
    assert (reply.status, reply.json) == (501, {"toy": "unanswerable", "says": says})
    assert ask(server, "GET", "/code", headers={"Prefer": "code=404"}).json == {"error": "gone"}
    assert ask(server, "GET", "/other").json == 0
    assert server.differences() == []


def test_with_an_example_it_is_served(tmp_path: Path) -> None:
    reply = ask(built(tmp_path, CODE % ", example: A-1"), "GET", "/code")
    assert (reply.json, reply.headers["x-left"]) == ({"code": "A-1"}, "3")


def test_with_a_handler_nobody_needs_one(tmp_path: Path) -> None:
    handlers = SimpleNamespace(code=lambda _call: Answer(200, {"code": ""}, {"X-Left": "1"}))
    assert ask(built(tmp_path, CODE % "", handlers=handlers), "GET", "/code").json == {"code": ""}


def test_no_request_looks_into_the_document(tmp_path: Path) -> None:
    server = built(tmp_path, CODE % ", example: A-1")
    server.served_api.document.content.clear()
    assert ask(server, "GET", "/code").json == {"code": "A-1"}
