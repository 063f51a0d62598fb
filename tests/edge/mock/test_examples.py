"""Answers out of the document are derived at start, and a document that cannot give one is refused there."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.toy import ask, built
from watchword.document import DocumentError
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
              schema: {type: object, properties: {code: {type: string, pattern: '^[A-Z]-[0-9]$'%s}}}
"""


def test_a_schema_that_no_data_can_be_made_from_is_refused_at_start_with_its_place(tmp_path: Path) -> None:
    message = (
        r"toy\.code, status 200: no data that fits can be made from the schema content/application/json/schema:"
        r" code must match .*\. Give it an example\."
    )
    with pytest.raises(DocumentError, match=message):
        built(tmp_path, CODE % "")


def test_with_an_example_it_is_served(tmp_path: Path) -> None:
    reply = ask(built(tmp_path, CODE % ", example: A-1"), "GET", "/code")
    assert (reply.json, reply.headers["x-left"]) == ({"code": "A-1"}, "3")


def test_with_a_handler_nobody_needs_one(tmp_path: Path) -> None:
    handlers = SimpleNamespace(code=lambda _call: Answer(200, {"code": "B-2"}, {"X-Left": "1"}))
    assert ask(built(tmp_path, CODE % "", handlers=handlers), "GET", "/code").json == {"code": "B-2"}


def test_no_request_looks_into_the_document(tmp_path: Path) -> None:
    server = built(tmp_path, CODE % ", example: A-1")
    server.served_api.document.content.clear()
    assert ask(server, "GET", "/code").json == {"code": "A-1"}
