"""Every answer against the document, the errors of the outer layers included."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.toy import Toy, api_of, ask, built, served, toy
from watchword.document import load
from watchword.system import Answer

PATHS = """
  /users:
    get:
      operationId: toy.users
      responses:
        '200':
          description: All.
          headers: {ETag: {required: true, schema: {type: string}}, X-More: {schema: {type: string}}}
          content: {application/json: {schema: {type: object, required: [id], properties: {id: {type: integer}}}}}
        '204': {description: None.}
        4XX: {description: No., content: {application/json: {schema: {type: object}}}}
"""


def answering(folder: Path, answer: Answer) -> Toy:
    return built(folder, PATHS, handlers=SimpleNamespace(users=lambda _call: answer))


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"id": 1}, {"ETag": "x"}),
        Answer(200, {"id": 1}, {"etag": "x", "X-More": "y", "X-Undeclared": "z"}),
        Answer(200, {"id": 1}, {"ETag": "x", "Content-Type": "Application/JSON; charset=utf-8"}),
        Answer(204),
        Answer(404, {}),
    ],
    ids=lambda answer: str(answer.status),
)
def test_an_answer_as_promised_has_no_difference(tmp_path: Path, answer: Answer) -> None:
    server = answering(tmp_path, answer)
    reply = ask(server, "GET", "/users")
    assert server.differences() == []
    assert "watchword-contract-violation" not in reply.headers


@pytest.mark.parametrize(
    ("answer", "differences"),
    [
        (Answer(200, {"id": 1}), ["toy.users 200: header etag is missing"]),
        (Answer(200, {"id": "1"}, {"ETag": "x"}), ["toy.users 200: body id must be of type integer"]),
        (Answer(200, [], {"ETag": "x"}), ["toy.users 200: body (whole) must be of type object"]),
        (
            Answer(200, {"id": 1, "more": 2}, {"ETag": "x"}),
            ["toy.users 200: body more is not known here; there are: id"],
        ),
        (Answer(200, None, {"ETag": "x"}), ["toy.users 200: has no body, the document has one"]),
        (Answer(204, {"id": 1}), ["toy.users 204: has a body, the document has none"]),
        (
            Answer(404, {}, {"Content-Type": "application/problem+json"}),
            ["toy.users 404: content type application/problem+json is not declared; the document has application/json"],
        ),
        (Answer(500, {}), ["toy.users: status 500 is not declared"]),
        (Answer(200, {}), ["toy.users 200: header etag is missing", "toy.users 200: body id is required"]),
    ],
    ids=lambda value: f"{value.status} {value.body}" if isinstance(value, Answer) else "",
)
def test_every_difference_is_found_and_named(tmp_path: Path, answer: Answer, differences: list[str]) -> None:
    server = answering(tmp_path, answer)
    reply = ask(server, "GET", "/users")
    assert server.differences() == differences
    assert reply.headers["watchword-contract-violation"] == differences[0]


def test_a_difference_never_repeats_a_value(tmp_path: Path) -> None:
    server = answering(tmp_path, Answer(200, {"id": "Correct-horse-7"}, {"ETag": "x"}))
    reply = ask(server, "GET", "/users")
    assert "orrect" not in f"{server.differences()} {reply.headers}"


def test_a_refusal_that_we_add_to_an_operation_without_handler_is_no_difference(tmp_path: Path) -> None:
    server = built(tmp_path, PATHS.replace("toy.users", "toy.users\n      security: [{key: []}]").replace("4XX", "404"))
    assert ask(server, "GET", "/users").status == 401
    assert server.differences() == []


def test_an_answer_with_a_difference_is_sent_as_it_is(tmp_path: Path) -> None:
    reply = ask(answering(tmp_path, Answer(200, {"id": "x"}, {"ETag": "x"})), "GET", "/users")
    assert (reply.status, reply.json) == (200, {"id": "x"})


def test_a_difference_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    ask(answering(tmp_path, Answer(500, {})), "GET", "/users")
    assert "contract violation: toy.users: status 500 is not declared" in caplog.messages


def test_a_difference_is_no_header_if_headers_of_our_own_are_unwanted(tmp_path: Path) -> None:
    system = toy(handlers=SimpleNamespace(users=lambda _call: Answer(500, {})))
    server = served(api_of(tmp_path, PATHS, system), extra_headers=False)
    assert [name for name in ask(server, "GET", "/users").headers if name.startswith("watchword")] == []
    assert server.differences() == ["toy.users: status 500 is not declared"]


def outer(folder: Path, responses: str) -> Toy:
    """Serve a toy whose tag declares what it answers before an operation is known."""
    server = built(folder, PATHS)
    root = folder / "openapi.yaml"
    text = root.read_text(encoding="utf-8").replace("{name: toy}", f"{{name: toy, x-outer-responses: {responses}}}")
    root.write_text(text, encoding="utf-8")
    return served(replace(server.served_api, document=load(root, systems=["toy"])))


@pytest.mark.parametrize(
    ("responses", "differences"),
    [
        ("{'404': {description: x, content: {application/json: {schema: {type: object}}}}}", []),
        ("{'404': {description: x}}", ["/nothing 404: has a body, the document has none"]),
        ("{'405': {description: x}}", ["toy: status 404 is not declared"]),
    ],
)
def test_an_answer_before_an_operation_is_known_is_judged_by_the_systems_tag(
    tmp_path: Path, responses: str, differences: list[str]
) -> None:
    server = outer(tmp_path, responses)
    assert ask(server, "GET", "/nothing").status == 404
    assert server.differences() == differences


def test_a_difference_outside_of_operations_shows_no_value_of_the_path(tmp_path: Path) -> None:
    server = outer(tmp_path, "{'404': {description: x}}")
    assert ask(server, "GET", "/users/Secret-42/me").status == 404
    assert server.differences() == ["/users/*/me 404: has a body, the document has none"]
