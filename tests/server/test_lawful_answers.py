"""Answers that a document describes against HTTP's rules leave every connection usable."""

import socket
from collections.abc import Iterator

import httpx
import pytest

from tests.serving import Served, serving

OVERLAY = """
overlay: 1.0.0
actions:
  - target: $.paths
    update:
      /n:
        delete: {tags: [fifth], security: [], responses: {'204': {description: gone, content: &object
          {application/json: {schema: {type: object}}}}}}
        put: {tags: [fifth], security: [], responses: {'205': {description: empty, content: *object}}}
        patch: {tags: [fifth], security: [], responses: {'304': {description: as before, content: *object}}}
        get:
          tags: [fifth]
          security: []
          responses:
            '200':
              description: found
              headers:
                Content-Length: {schema: {type: integer}, example: 3}
                Transfer-Encoding: {schema: {type: string}, example: chunked}
                Connection: {schema: {type: string}, example: close}
                Date: {schema: {type: string}, example: today}
                X-Total-Count: {schema: {type: integer}, example: 12}
              content: {application/json: {schema: {type: object}, example: {a: 1}}}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("lawful")
    overlay = folder / "overlay.yaml"
    overlay.write_text(OVERLAY, encoding="utf-8")
    with serving(folder, "--overlay", str(overlay)) as server:
        yield server


@pytest.fixture(params=["HTTP/1.1", "HTTP/2"])
def client(request: pytest.FixtureRequest, served: Served) -> Iterator[httpx.Client]:
    second = request.param == "HTTP/2"
    with httpx.Client(base_url=served.url, http1=not second, http2=second) as one:
        yield one


@pytest.mark.parametrize(("method", "status"), [("DELETE", 204), ("PUT", 205), ("PATCH", 304)])
@pytest.mark.parametrize("origin", [{}, {"Origin": "http://localhost:3000"}])
def test_after_an_answer_without_a_body_the_next_one_is_readable(
    client: httpx.Client, method: str, status: int, origin: dict[str, str]
) -> None:
    for _ in range(2):
        answer = client.request(method, "/n", headers=origin)
        assert (answer.status_code, answer.content) == (status, b"")
    assert client.get("/n").json() == {"a": 1}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_headers_of_the_transport_are_the_servers_own(client: httpx.Client, method: str) -> None:
    answer = client.request(method, "/n")
    assert answer.headers.get_list("content-length") == ["7"]
    assert answer.headers["x-total-count"] == "12"
    assert "transfer-encoding" not in answer.headers
    assert "today" not in answer.headers.get("date", "")
    assert answer.content == (b'{"a":1}' if method == "GET" else b"")
    assert client.get("/n").status_code == 200


def test_not_a_byte_follows_the_head_of_an_answer_without_a_body(served: Served) -> None:
    asked = b"".join(b"%b /n HTTP/1.1\r\nHost: x\r\n\r\n" % one for one in (b"DELETE", b"PATCH", b"PUT"))
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(asked + b"GET /n HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answered = b"".join(iter(lambda: connection.recv(65536), b""))
    heads = answered.split(b"\r\n\r\n")
    assert [head.split(b" ")[1] for head in heads[:-1]] == [b"204", b"304", b"205", b"200"]
    assert heads[-1] == b'{"a":1}'


def test_a_page_of_another_origin_may_read_every_declared_header(client: httpx.Client) -> None:
    exposed = client.get("/n", headers={"Origin": "http://localhost:3000"}).headers["access-control-expose-headers"]
    names = [name.strip().lower() for name in exposed.split(",")]
    assert {"x-total-count", "watchword-hint", "request-ref"} <= set(names)
    assert len(names) == len(set(names))
