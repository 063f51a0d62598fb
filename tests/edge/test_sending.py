"""What leaves the server is HTTP, whatever an answer or a document says."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.toy import Reply, ask, built
from watchword.edge.sending import send_answer, with_media_type
from watchword.system import Answer


def sent(answer: Answer, *, whole: bool, head: bool = False) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Send *answer*, in one write or as usual."""
    seen: list[Any] = []

    def in_one(status: int, headers: Any, body: bytes) -> bool:
        seen.append((status, list(headers), body))
        return True

    async def send(message: Any) -> None:
        seen.append(message)

    asyncio.run(send_answer(answer, send, in_one if whole else None, head=head))
    if len(seen) == 1:
        return seen[0]  # type: ignore[no-any-return]  # what was appended above
    return seen[0]["status"], list(seen[0]["headers"]), seen[1]["body"]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_status_without_a_body_never_has_one(status: int, *, whole: bool) -> None:
    answer = Answer(status, {"a": 1}, {"Content-Type": "application/json", "Content-Length": "7"})
    headers = [] if status != 205 else [(b"content-length", b"0")]
    assert sent(answer, whole=whole) == (status, headers, b"")


@pytest.mark.parametrize("whole", [True, False])
def test_no_header_is_sent_twice_and_the_length_is_the_bodys(*, whole: bool) -> None:
    headers = {"Content-Length": "99", "content-length": "98", "Transfer-Encoding": "chunked", "X-A": "1", "x-a": "2"}
    status, found, body = sent(Answer(200, {"a": 1}, headers), whole=whole)
    assert (status, body) == (200, b'{"a":1}')
    assert sorted(found) == [(b"content-length", b"7"), (b"content-type", b"application/json"), (b"x-a", b"2")]


def test_head_has_the_length_of_the_body_and_no_body() -> None:
    assert sent(Answer(200, {"a": 1}), whole=True, head=True)[2] == b""
    assert (b"content-length", b"7") in sent(Answer(200, {"a": 1}), whole=True, head=True)[1]


def responses(*answers: str) -> str:
    """Describe an operation with these *answers*."""
    return "  /n:\n    delete:\n      operationId: toy.n\n      responses:\n" + "".join(
        f"        {one}\n" for one in answers
    )


CONTENT = "content: {application/json: {schema: {type: object}, example: {a: 1}}}"


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_document_that_describes_a_body_where_there_is_none_breaks_nothing(tmp_path: Path, status: int) -> None:
    server = built(tmp_path, responses(f"'{status}': {{description: x, {CONTENT}}}"))
    reply = ask(server, "DELETE", "/n")
    assert (reply.status, reply.content) == (status, b"")
    assert "content-type" not in reply.headers
    assert server.differences() == []


def test_a_default_answer_in_a_status_without_a_body_has_none(tmp_path: Path) -> None:
    server = built(tmp_path, responses(f"default: {{description: x, {CONTENT}}}"))
    reply = ask(server, "DELETE", "/n", headers={"Prefer": "code=204"})
    assert (reply.status, reply.content, server.differences()) == (204, b"", [])


@pytest.mark.parametrize("status", ["100", "101", "1XX"])
def test_a_status_that_ends_no_request_is_never_the_answer(tmp_path: Path, status: str) -> None:
    alone = built(tmp_path, responses(f"'{status}': {{description: x}}"))
    assert ask(alone, "DELETE", "/n").status == 501
    both = built(tmp_path, responses(f"'{status}': {{description: x}}", "'200': {description: x}"))
    assert ask(both, "DELETE", "/n", headers={"Prefer": f"code={status}"}).status == 200


TRANSPORT = (
    *("Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Date", "Upgrade", "TE", "Trailer"),
    *("content-type", "Content-Encoding", "X Broken", "X-Name-ä"),
)


def test_headers_of_the_transport_never_come_from_a_document(tmp_path: Path) -> None:
    described = ", ".join(f"'{one}': {{required: true, schema: {{type: string}}, example: '5'}}" for one in TRANSPORT)
    server = built(tmp_path, responses(f"'200': {{description: x, headers: {{{described}}}, {CONTENT}}}"))
    reply: Reply = ask(server, "DELETE", "/n")
    assert sorted(reply.names) == ["content-length", "content-type", "watchword-answer"]
    assert (reply.json, reply.headers["content-length"]) == ({"a": 1}, "7")


def test_the_answer_of_a_handler_is_lawful_too(tmp_path: Path) -> None:
    handlers = SimpleNamespace(n=lambda _call: Answer(204, {"a": 1}, {"Content-Length": "5"}))
    reply = ask(built(tmp_path, responses("'204': {description: x}"), handlers=handlers), "DELETE", "/n")
    assert (reply.status, reply.content, reply.names) == (204, b"", ["watchword-contract-violation"])


def test_an_empty_body_has_no_type() -> None:
    assert sent(Answer(200, b""), whole=True) == (200, [(b"content-length", b"0")], b"")


@pytest.mark.parametrize("name", ["Content-Type", "content-type"])
def test_a_media_type_that_an_answer_names_is_kept_however_it_is_written(name: str) -> None:
    answer = Answer(200, b"<p>", {name: "text/html"})
    assert with_media_type(answer) == answer
    assert with_media_type(Answer(200, {"a": 1})).headers == {"Content-Type": "application/json"}
