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
