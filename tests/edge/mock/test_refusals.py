"""A further system begins as a document: what its operations refuse is what the document says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.toy import Toy, ask, built, served
from watchword.document import load

BARE = """
  /acme/users/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    put:
      operationId: acme.put
      security: [{key: []}]
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [name]}}}}
      responses:
        '204': {description: Done.}
"""


def saying(status: int | str, more: str = "") -> str:
    """Write down an error that the operation answers."""
    schema = "{type: object, properties: {error: {type: string}}}"
    content = f"{{application/json: {{schema: {schema}{more}}}}}"
    return f"        '{status}': {{description: No., content: {content}}}\n"


STATUSES = (400, 401, 404, 405, 415)
SAID = BARE + "".join(saying(status, f", example: {{error: e{status}}}") for status in STATUSES)
DEFAULT = BARE + saying("default", ", example: {error: other}")
KEY = {"X-Key": "k"}
REQUESTS: dict[int, tuple[str, str, dict[str, Any]]] = {
    400: ("PUT", "/acme/users/one", {"json": {}, "headers": KEY}),
    401: ("PUT", "/acme/users/1", {"json": {"name": "Ada"}}),
    404: ("GET", "/acme/usr", {}),
    405: ("DELETE", "/acme/users/1", {}),
    415: ("PUT", "/acme/users/1", {"content": b"x", "headers": {**KEY, "Content-Type": "text/plain"}}),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("paths", [SAID, DEFAULT], ids=["its status", "default"])
def test_a_refusal_is_what_the_document_says(tmp_path: Path, paths: str, status: int) -> None:
    server = built(tmp_path, paths)
    method, url, more = REQUESTS[status]
    reply = ask(server, method, url, **more)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/json")
    assert reply.json == {"error": f"e{status}" if paths == SAID else "other"}
    assert reply.headers["watchword-hint"]
    assert server.differences() == []


@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_that_the_document_does_not_say_is_ours_and_breaks_no_promise(tmp_path: Path, status: int) -> None:
    server = built(tmp_path, BARE)
    method, url, more = REQUESTS[status]
    reply = ask(server, method, url, **more)
    assert (reply.status, reply.headers["content-type"]) == (status, "application/problem+json")
    assert reply.json["status"] == status
    assert server.differences() == []
    assert "watchword-contract-violation" not in reply.headers


def test_without_an_example_a_refusal_is_made_from_its_schema(tmp_path: Path) -> None:
    server = built(tmp_path, BARE + saying(401))
    assert ask(server, "PUT", "/acme/users/1", json={"name": "Ada"}).json == {"error": "string"}


def test_the_method_that_would_be_right_is_still_named(tmp_path: Path) -> None:
    assert ask(built(tmp_path, SAID), "DELETE", "/acme/users/1").headers["allow"] == "PUT"


def outer(folder: Path, content: str) -> Toy:
    """Serve a system whose tag says what it answers where there is nothing."""
    served_api = built(folder, SAID).served_api
    root = folder / "openapi.yaml"
    responses = f"{{'404': {{description: x, content: {content}}}}}"
    text = root.read_text(encoding="utf-8").replace("{name: doll}", f"{{name: acme, x-outer-responses: {responses}}}")
    root.write_text(text, encoding="utf-8")
    return served(replace(served_api, document=load(root, systems=["toy"])))


def test_before_an_operation_is_known_the_systems_tag_comes_first(tmp_path: Path) -> None:
    server = outer(tmp_path, "{text/plain: {example: Nothing here.}}")
    assert ask(server, "GET", "/acme/usr").content == b"Nothing here."
    assert ask(server, "DELETE", "/acme/users/1").json == {"error": "e405"}
    assert server.differences() == []


def test_a_refusal_of_a_tag_that_no_data_can_be_made_for_is_ours(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = outer(tmp_path, "{application/json: {schema: {type: string, pattern: '^$A'}}}")
    assert any(one.startswith("tag acme, status 404: no data that fits") for one in caplog.messages)
    assert ask(server, "GET", "/acme/usr").json["error"] == "e404"


RANGE = BARE + saying("4XX", ", example: {error: e4}")


@pytest.mark.parametrize(
    ("body", "says"),
    [({}, "name is required"), ({"name": "Ada", "age": "x"}, "age must be of type integer")],
)
def test_the_hint_names_the_field_that_is_wrong(tmp_path: Path, body: Any, says: str) -> None:
    paths = RANGE.replace("required: [name]", "required: [name], properties: {age: {type: integer}}")
    reply = ask(built(tmp_path, paths), "PUT", "/acme/users/1", json=body, headers=KEY)
    assert (reply.status, reply.json) == (400, {"error": "e4"})
    assert reply.headers["watchword-hint"] == says


def test_a_system_of_ours_keeps_its_own_envelope(tmp_path: Path) -> None:
    server = built(tmp_path, SAID.replace("acme.put", "toy.put"))
    reply = ask(server, "PUT", "/acme/users/1", json={"name": "Ada"})
    assert reply.json["toy"] == "unauthorized"


MAPPED = """
  /acme/users:
    post:
      operationId: acme.add
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              additionalProperties: false
              properties:
                address2: {type: integer}
                tags:
                  type: object
                  additionalProperties:
                    type: array
                    items: {type: object, additionalProperties: false, properties: {n: {type: integer}}}
      responses:
        '204': {description: Done.}
"""


@pytest.mark.parametrize(("body", "hint"), [
    ({"address2": "x"}, "address2 must be of type integer"),
    ({"Secret-42": 1}, "* is not known here; there are: address2, tags"),
    ({"tags": {"Secret-42": 1}}, "tags.* must be of type array"),
    ({"tags": {"Secret-42": [{"n": 1}, {"n": "x"}]}}, "tags.*.1.n must be of type integer"),
    ({"tags": {"424242": [{"Secret-42": 1}]}}, "tags.*.0.* is not known here; there are: n"),
])  # fmt: skip
def test_a_hint_has_a_star_for_a_name_that_only_the_client_knows(tmp_path: Path, body: object, hint: str) -> None:
    server = built(tmp_path, MAPPED + saying(400, ", example: {error: e400}"))
    reply = ask(server, "POST", "/acme/users", json=body)
    assert (reply.status, reply.headers["watchword-hint"]) == (400, hint)


def test_without_an_example_the_body_tells_that_name(tmp_path: Path) -> None:
    reply = ask(built(tmp_path, MAPPED), "POST", "/acme/users", json={"adress": 1})
    assert (reply.status, reply.json["errors"][0]["field"]) == (400, "adress")
    assert "watchword-hint" not in reply.headers


@pytest.mark.parametrize(("method", "url"), [("SECRET-42", "/acme/users"), ("SECRET-42", "/acme/usr")])
def test_a_method_that_is_no_word_is_a_star(tmp_path: Path, method: str, url: str) -> None:
    reply = ask(built(tmp_path, MAPPED), method, url)
    assert reply.status in (404, 405)
    assert reply.json["detail"].replace("There is no ", "").startswith("* ")
