"""What passes the proxy passes as it is, whatever the server behind it does."""

import asyncio
import gzip
import socket
import zlib
from functools import partial

import httpx
import pytest

from tests.proxy.conftest import NewProxy, Proxied, violations
from tests.proxy.scripted import Scripted
from watchword.proxy.content import Content, decode

_gzip = partial(gzip.compress, mtime=0)
"""Bytes without the time, because they are in the names of tests, which every process has to know by the same."""

LOG_IN = "/login_with_password"
KEY = {"api-key": "a-key-of-theirs"}
REFUSED = "HTTP/1.1 403 Forbidden\nrequest-ref: 1\nContent-Length: 0"


def log_in(proxied: Proxied) -> httpx.Response:
    body = {"email": "ada@theirs.example", "password": {"value": "Their-secret-1"}}
    return proxied.request("POST", LOG_IN, headers=KEY, json=body)


def test_method_path_query_and_headers_pass_as_they_are(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says(REFUSED)
    headers = {"Cookie": "a=b", "Accept-Encoding": "br"}
    path = "/a%2Fb/c%20d;e=1?x=%C3%A4&x=a+b&empty=&[0]=1"
    proxied.request("PATCH", path, content=b"raw \xff", headers=headers)
    assert scripted.heads[0].splitlines()[0] == b"PATCH /a%2Fb/c%20d;e=1?x=%C3%A4&x=a+b&empty=&[0]=1 HTTP/1.1"
    assert {"cookie: a=b", "accept-encoding: br", "content-length: 5"} <= set(scripted.headers())
    assert scripted.bodies == [b"raw \xff"]


def test_the_host_is_that_of_the_server_behind_and_headers_about_the_connection_stay(
    proxied: Proxied, scripted: Scripted
) -> None:
    scripted.says(REFUSED)
    headers = {"Connection": "keep-alive, X-Hop", "X-Hop": "1", "TE": "trailers", "Upgrade": "h2c", "X-End": "2"}
    proxied.request("GET", "/users", headers=headers)
    names = [line.partition(":")[0] for line in scripted.headers()]
    assert f"host: {scripted.url.removeprefix('http://')}" in scripted.headers()
    assert not {"connection", "x-hop", "te", "upgrade"} & set(names)
    assert names.count("host") == 1
    assert "x-end" in names


def test_the_path_of_the_address_stands_before_that_of_requests(new_proxy: NewProxy, scripted: Scripted) -> None:
    scripted.says(REFUSED)
    proxied = new_proxy(f"{scripted.url}/api/of/theirs/")
    log_in(proxied)
    assert scripted.heads[0].startswith(b"POST /api/of/theirs/login_with_password HTTP/1.1\r\n")
    assert proxied.entry()["operation"] == "weavr_multi.login_with_password"


def test_an_answer_comes_as_it_is(proxied: Proxied, scripted: Scripted) -> None:
    head = "HTTP/1.1 418 Whatever\nSet-Cookie: a=1\nSet-Cookie: b=2\nX-Own: yes\nContent-Type: a/b\nContent-Length: 4"
    scripted.says(head, b"\x00\xff\r\n")
    answer = log_in(proxied)
    assert (answer.status_code, answer.content) == (418, b"\x00\xff\r\n")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]
    assert (answer.headers["x-own"], answer.headers["content-type"]) == ("yes", "a/b")


def test_what_another_watchword_says_of_its_own_journal_stays_behind(proxied: Proxied, scripted: Scripted) -> None:
    own = "Watchword-Why: /__admin/journal/1/explain\nwatchword-hint: Sign in first.\nWatchwords: many"
    scripted.says(f"HTTP/1.1 403 Forbidden\n{own}\nContent-Length: 0")
    answer = log_in(proxied)
    assert [one for one in answer.headers if one.startswith("watchword")] == ["watchwords"]
    assert proxied.entry()["hint"] is None


def test_a_chunked_answer_comes_whole(proxied: Proxied, scripted: Scripted) -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: text/plain\nTransfer-Encoding: chunked"
    scripted.says(head, b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n")
    answer = proxied.request("GET", "/anything")
    assert answer.content == b"abcde"
    assert answer.headers["content-length"] == "5"
    assert "transfer-encoding" not in answer.headers


def test_a_compressed_answer_stays_compressed_and_is_judged_without(proxied: Proxied, scripted: Scripted) -> None:
    body = _gzip(b'{"token": 1}')
    head = f"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: gzip\nContent-Length: {len(body)}"
    scripted.says(f"{head}\nrequest-ref: 1", body)
    answer = log_in(proxied)
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json() == {"token": 1}
    assert ("response.body.token", "type") in violations(answer)


def test_a_body_in_a_coding_that_is_not_read_passes_unjudged(proxied: Proxied, scripted: Scripted) -> None:
    head = "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: zz\nContent-Length: 2\nrequest-ref: 1"
    scripted.says(head, b"??")
    assert violations(log_in(proxied)) == []


def test_a_bomb_of_zeros_is_not_unpacked(new_proxy: NewProxy, scripted: Scripted) -> None:
    body = _gzip(bytes(5_000_000))
    head = f"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: gzip\nContent-Length: {len(body)}"
    scripted.says(f"{head}\nrequest-ref: 1", body)
    answer = log_in(new_proxy(scripted.url))
    assert violations(answer) == []
    assert int(answer.headers["content-length"]) == len(body)


def test_a_gzip_of_several_members_is_judged_whole(proxied: Proxied, scripted: Scripted) -> None:
    body = _gzip(b'{"token"') + _gzip(b": 1}")
    head = f"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Encoding: gzip\nContent-Length: {len(body)}"
    scripted.says(f"{head}\nrequest-ref: 1", body)
    assert ("response.body.token", "type") in violations(log_in(proxied))


def test_a_damaged_body_passes_and_is_a_violation(proxied: Proxied, scripted: Scripted) -> None:
    body = b'{"token": "x"}'
    head = f"HTTP/1.1 403 No\nContent-Type: text/plain\nContent-Encoding: x-gzip\nContent-Length: {len(body)}"
    scripted.says(f"{head}\nrequest-ref: 1", body)
    sent = {"Content-Type": "application/json", "Content-Encoding": "x-gzip", **KEY}
    answer = proxied.request("POST", LOG_IN, headers=sent, content=body)
    assert (scripted.bodies, answer.content) == ([body], body)
    assert {("request.body", "syntax"), ("response.body", "syntax")} <= set(violations(answer))
    told = {one["message"] for one in proxied.entry()["violations"]}
    assert {
        "The body is not readable as x-gzip.",
        "weavr_multi.login_with_password 403: body (whole) is not readable as x-gzip",
    } <= told


@pytest.mark.parametrize(
    ("coding", "body", "content"),
    [
        ("gzip", _gzip(b"abc"), Content(b"abc")),
        ("deflate", zlib.compress(b"abc"), Content(b"abc")),
        ("deflate, gzip", _gzip(zlib.compress(b"abc")), Content(b"abc")),
        ("gzip", _gzip(b"abc") + _gzip(b"def"), Content(b"abcdef")),
        ("identity", b"abc", Content(b"abc")),
        ("br", b"abc", Content(b"abc", is_readable=False)),
        ("gzip", _gzip(b"more than twenty bytes"), None),
    ],
)
def test_a_body_is_read_without_its_codings(coding: str, body: bytes, content: Content | None) -> None:
    expected = Content(body, is_readable=False) if content is None else content
    assert decode({"content-encoding": coding}, body, most_bytes=20) == expected


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", b"abc"),
        ("gzip", _gzip(b"abc")[:-4]),
        ("x-gzip", _gzip(b"abc") + b"more"),
        ("deflate", zlib.compress(b"abc") + b"more"),
    ],
)
def test_a_damaged_body_is_told_from_one_that_is_not_read(coding: str, body: bytes) -> None:
    assert decode({"content-encoding": coding}, body, most_bytes=10).damage == f"is not readable as {coding}"


def test_a_compressed_request_stays_compressed_and_is_judged_without(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says(REFUSED)
    body = _gzip(b'{"email": "ada@theirs.example"}')
    sent = {"Content-Type": "application/json", "Content-Encoding": "gzip", **KEY}
    answer = proxied.request("POST", LOG_IN, headers=sent, content=body)
    assert scripted.bodies == [body]
    assert "content-encoding: gzip" in scripted.headers()
    assert violations(answer) == [("request.body.password", "required")]


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_has_none(status: int, proxied: Proxied, scripted: Scripted) -> None:
    scripted.says(f"HTTP/1.1 {status} Whatever\nrequest-ref: 1")
    for _ in range(2):
        answer = proxied.request("POST", "/passwords/lost_password/start", headers=KEY, json={"email": "a@b.example"})
        assert (answer.status_code, answer.content) == (status, b"")
    assert scripted.connections == 1


def test_head_gets_the_length_and_no_body(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 1234\nrequest-ref: 1")
    answer = proxied.request("HEAD", "/users", headers=KEY)
    assert (answer.headers["content-length"], answer.content) == ("1234", b"")
    assert scripted.heads[0].startswith(b"HEAD /users ")
    assert not [one for one in violations(answer) if one[0].startswith("response")]


def test_large_bodies_pass(proxied: Proxied, scripted: Scripted) -> None:
    body = bytes(3_000_000)
    scripted.says(f"HTTP/1.1 200 OK\nContent-Type: application/x-own\nContent-Length: {len(body)}", body)
    answer = proxied.request("PUT", "/anything", content=body)
    assert answer.content == body
    assert scripted.bodies == [body]


def test_a_longer_answer_than_allowed_is_a_502(new_proxy: NewProxy, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 200 OK\nContent-Length: 2000", bytes(2000))
    answer = new_proxy(scripted.url, most_bytes=1000).request("GET", "/anything")
    assert (answer.status_code, answer.json()["code"]) == (502, "upstream-failed")


def test_connections_are_used_again_and_one_that_was_closed_is_not(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says(REFUSED)
    for _ in range(3):
        assert log_in(proxied).status_code == 403
    assert scripted.connections == 1

    def answer_and_close(connection: socket.socket) -> None:
        connection.sendall(REFUSED.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    scripted.script = answer_and_close
    for _ in range(3):
        assert log_in(proxied).status_code == 403
    assert scripted.connections == 3


def test_many_requests_at_once_leave_64_connections_open(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says(REFUSED)

    async def all_at_once() -> set[int]:
        return {one.status_code for one in await asyncio.gather(*(proxied.send("GET", "/users") for _ in range(300)))}

    assert proxied.runner.run(all_at_once()) == {403}
    assert scripted.has_open(most=64)


def test_a_server_that_is_down_is_a_502_that_names_it(new_proxy: NewProxy) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        proxied = new_proxy(url)
        answer = log_in(proxied)
    assert answer.status_code == 502
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == f"{url} does not answer (Connection refused)."
    assert proxied.entry()["response"]["status"] == 502
    assert [one.kind for one in proxied.record.tally.findings] == ["server-error"]


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"Their-secret-1 is no HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_no_whole_answer_is_a_502_that_repeats_nothing(said: bytes, proxied: Proxied, scripted: Scripted) -> None:
    def say_and_close(connection: socket.socket) -> None:
        connection.sendall(said)
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    scripted.script = say_and_close
    answer = log_in(proxied)
    assert (answer.status_code, answer.json()["code"]) == (502, "upstream-failed")
    assert scripted.url in answer.json()["detail"]
    assert "secret" not in answer.text
    assert len(scripted.heads) == 1, "a wrong password that is sent twice counts twice"


def test_a_server_that_is_too_slow_is_a_504(new_proxy: NewProxy, scripted: Scripted) -> None:
    proxied = new_proxy(scripted.url, seconds=0.2)
    answer = log_in(proxied)
    assert (answer.status_code, answer.json()["code"]) == (504, "upstream-too-slow")
    assert answer.json()["detail"] == f"{scripted.url} has not answered within 0.2 seconds."


def test_what_a_browser_asks_before_a_request_passes_and_is_no_finding(proxied: Proxied, scripted: Scripted) -> None:
    scripted.says("HTTP/1.1 204 No Content\nAccess-Control-Allow-Origin: https://page.example")
    asked = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST"}
    answer = proxied.request("OPTIONS", LOG_IN, headers=asked)
    assert answer.headers["access-control-allow-origin"] == "https://page.example"
    assert "sl-violations" not in answer.headers
    assert not proxied.record.tally.findings


def test_the_control_api_is_the_proxys_own(proxied: Proxied, scripted: Scripted) -> None:
    assert proxied.request("GET", "/__admin/health").json()["status"] == "healthy"
    assert scripted.heads == []
