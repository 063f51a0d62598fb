"""Malformed and unusual HTTP."""

import time

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import CANARY, JSON, LOG_IN, SESSION, UPDATE, Sender, Target, one_of_each, problem
from tests.hostile.wire import CRLF, Header, ask, connect, head, whole, write_chunks

HEALTH = "/__admin/health"
CHUNKED: Header = ("Transfer-Encoding", "chunked")
H2C: tuple[Header, ...] = (
    ("Connection", "Upgrade, HTTP2-Settings"),
    ("Upgrade", "h2c"),
    ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"),
)
"""What Java's HttpClient sends with its first request by default."""

BROKEN = {
    "method with a character that no method has": head("G(T", HEALTH, []),
    "unknown method before no path": b"FOO bar\r\n\r\n",
    "unknown method alone": b"FOO\r\n\r\n",
    "known method after two blanks": b"GET  FOO\r\n\r\n",
    "unknown method after a request": whole("GET", HEALTH)[:-2] + b"Content-Length: zz\r\n\r\nFOO / HTTP/1.1\r\n\r\n",
    "tunnel": head("CONNECT", "localhost:80", []),
    "tunnel to a path": head("CONNECT", HEALTH, []),
    "broken preface of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY.encode(),
    "version that is no number": head("GET", HEALTH, [], "1.x"),
    "space in the path": head("GET", "/__admin/ health", []),
    "byte outside of ASCII in the path": head("GET", b"/\xff" + CANARY.encode(), []),
    "line feeds without carriage returns": b"GET /__admin/health HTTP/1.1\nHost: localhost\n\n",
    "space before the colon": head("GET", HEALTH, [("X-A ", CANARY)]),
    "folded header": head("GET", HEALTH, [("X-A", f"a\r\n {CANARY}")]),
    "control character in a header": head("GET", HEALTH, [("X-A", f"{CANARY}\x01")]),
    "NUL in a header": head("GET", HEALTH, [("X-A", f"{CANARY}\x00")]),
    "header without a name": head("GET", HEALTH, [("", CANARY)]),
    "two lengths": head("POST", "/v2/sessions", [("Content-Length", "3"), ("Content-Length", "2")]) + b"{}a",
    "length and chunks": head("POST", "/v2/sessions", [("Content-Length", "5"), CHUNKED]) + b"0\r\n\r\n",
    "negative length": head("POST", "/v2/sessions", [("Content-Length", "-2")]) + b"{}",
    "length with a plus": head("POST", "/v2/sessions", [("Content-Length", "+2")]) + b"{}",
    "length of 30 digits": head("POST", "/v2/sessions", [("Content-Length", "9" * 30)]),
    "unknown transfer coding": head("POST", "/v2/sessions", [("Transfer-Encoding", "xchunked")]) + b"0\r\n\r\n",
    "coding without a length": head("POST", "/v2/sessions", [("Transfer-Encoding", "gzip")]) + b"{}",
    "chunk without a size": head("POST", "/v2/sessions", [CHUNKED]) + b"zz\r\n{}\r\n0\r\n\r\n",
    "chunk longer than its size": head("POST", "/v2/sessions", [CHUNKED]) + b"1\r\n{}\r\n0\r\n\r\n",
    "chunk of a size beyond 64 bits": head("POST", "/v2/sessions", [CHUNKED]) + b"f" * 20 + b"\r\n{}\r\n0\r\n\r\n",
    "negative chunk": head("POST", "/v2/sessions", [CHUNKED]) + b"-1\r\n{}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("request_", [pytest.param(request, id=name) for name, request in BROKEN.items()])
def test_malformed_http_is_refused_and_the_connection_is_closed(victim: Victim, request_: bytes) -> None:
    with connect(victim.port) as connection:
        connection.send(request_)
        reply = victim.note(connection.reply())
        assert (reply.status, reply.headers["connection"]) == (400, "close")
        assert problem(reply)
        assert connection.is_closed()


@one_of_each
def test_a_chunked_body_is_accepted(victim: Victim, sender: Sender, target: Target) -> None:
    body = target.body()
    start = head(target.method, sender.path(target), [*sender.credentials(target), JSON, CHUNKED])
    assert target.agrees(victim.ask(start + write_chunks([body[:7], body[7:8], body[8:]])), "accepted")


@one_of_each
@pytest.mark.parametrize("in_chunks", [False, True], ids=["with its length", "in chunks"])
def test_a_body_is_read_even_if_the_client_offers_an_upgrade(
    victim: Victim, sender: Sender, target: Target, *, in_chunks: bool
) -> None:
    """httptools loses the body of a request that offers h2c (uvicorn #2722)."""
    headers = [*sender.credentials(target), JSON, *H2C]
    if in_chunks:
        request = head(target.method, sender.path(target), [*headers, CHUNKED]) + write_chunks([target.body()])
    else:
        request = whole(target.method, sender.path(target), headers, target.body())
    reply = victim.ask(request)
    assert target.agrees(reply, "accepted")
    assert "upgrade" not in reply.headers


@pytest.mark.parametrize("piece", [1, 7, 100])
def test_an_offer_can_arrive_in_pieces(victim: Victim, sender: Sender, piece: int) -> None:
    request = sender.request(UPDATE, UPDATE.body(), [JSON, *H2C])
    with connect(victim.port) as connection:
        for start in range(0, len(request), piece):
            connection.send(request[start : start + piece])
        assert UPDATE.agrees(victim.note(connection.reply()), "accepted")


def test_a_connection_goes_on_in_http_1_after_an_offer(victim: Victim, sender: Sender) -> None:
    with connect(victim.port) as connection:
        connection.send(sender.request(UPDATE, UPDATE.body(), [JSON, *H2C]))
        assert UPDATE.agrees(victim.note(connection.reply()), "accepted")
        connection.send(sender.request(LOG_IN, LOG_IN.body()))
        assert LOG_IN.agrees(victim.note(connection.reply()), "accepted")


def test_thousands_of_offers_are_ignored(victim: Victim) -> None:
    many = 2000
    with connect(victim.port) as connection:
        connection.send(head("GET", HEALTH, H2C) * many)
        assert [victim.note(connection.reply()).status for _ in range(many)] == [200] * many


def test_a_websocket_is_not_opened(victim: Victim) -> None:
    offer = [("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")]
    assert victim.ask(head("GET", HEALTH, [*offer, ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")])).status == 200


def test_pipelined_requests_are_answered_in_their_order(victim: Victim, sender: Sender) -> None:
    update, log_in = sender.request(UPDATE, UPDATE.body()), sender.request(LOG_IN, LOG_IN.body())
    offered = sender.request(UPDATE, UPDATE.body(), [JSON, *H2C])
    with connect(victim.port) as connection:
        connection.send(update + whole("GET", HEALTH) + log_in + offered + whole("GET", HEALTH))
        statuses = [victim.note(connection.reply()).status for _ in range(5)]
    assert statuses == [409, 200, 403, 409, 200]


def test_malformed_data_after_a_request_does_not_replace_its_answer(victim: Victim) -> None:
    with connect(victim.port) as connection:
        connection.send(whole("GET", HEALTH) + b"\x00nonsense\r\n\r\n")
        assert not connection.rest().startswith(b"HTTP/1.1 400")


def test_http_1_0_is_answered_and_the_connection_is_closed(victim: Victim) -> None:
    with connect(victim.port) as connection:
        connection.send(head("GET", HEALTH, [], "1.0"))
        reply = victim.note(connection.reply())
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert connection.is_closed()


def test_expect_100_continue_is_answered_100(victim: Victim, sender: Sender) -> None:
    body = UPDATE.body()
    sent = [*sender.credentials(UPDATE), JSON, ("Expect", "100-continue"), ("Content-Length", str(len(body)))]
    with connect(victim.port) as connection:
        connection.send(head(UPDATE.method, UPDATE.path, sent))
        assert victim.note(connection.reply()).status == 100
        connection.send(body)
        assert UPDATE.agrees(victim.note(connection.reply()), "accepted")


def test_expect_100_continue_before_a_body_that_is_too_long_is_answered_413(
    victim: Victim,
) -> None:
    with connect(victim.port) as connection:
        connection.send(head("POST", "/v2/sessions", [("Expect", "100-continue"), ("Content-Length", "10000000")]))
        reply = victim.note(connection.reply())
        assert (reply.status, reply.headers["connection"]) == (413, "close")
        assert connection.is_closed()


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "DELETE", "PROPFIND", "BREW", "get", "X" * 32])
@one_of_each
def test_another_method_is_refused_with_the_allowed_ones(
    victim: Victim, sender: Sender, target: Target, method: str
) -> None:
    path = "/__admin/reset" if target.system == "admin" else sender.path(target)
    right = "POST" if target.system == "admin" else target.method
    reply = victim.ask(whole(method, path, [("X-Secret", CANARY)]))
    assert reply.status == 405
    if target.system == "zitadel":
        # The real service's gateway names none; ours are in the hint.
        assert "allow" not in reply.headers
        assert right in reply.headers["watchword-hint"]
    else:
        assert right in reply.headers["allow"].split(", ")
    assert target.is_own_error(reply)


def test_a_method_that_http_does_not_know_is_answered_alike_in_any_number_of_reads(victim: Victim) -> None:
    request = whole("BREW", "/", [("Content-Type", "text/plain")], b"pot")
    expected = victim.ask(whole("PROPFIND", "/")).raw.replace(b"PROPFIND", b"BREW")
    for piece in (1, 2, 5, 1000):
        with connect(victim.port) as connection:
            for start in range(0, len(request), piece):
                connection.send(request[start : start + piece])
                time.sleep(0.002)
            reply = victim.note(connection.reply())
            connection.send(b"\r\n" + request + whole("GET", HEALTH))
            again, after = victim.note(connection.reply()), victim.note(connection.reply())
        assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")
        assert (again.body, after.status) == (reply.body, 200)
        assert reply.body == expected.partition(b"\r\n\r\n")[2]


def test_a_method_that_is_a_page_long_is_not_implemented(victim: Victim) -> None:
    reply = ask(victim.port, whole("X" * 1000, HEALTH))
    assert (reply.status, reply.headers["connection"]) == (501, "close")


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "3.0"])
@pytest.mark.parametrize("piece", [3, 1000])
def test_a_version_that_is_not_served_is_answered_505(victim: Victim, version: str, piece: int) -> None:
    request = head("GET", HEALTH, [], version)
    with connect(victim.port) as connection:
        for start in range(0, len(request), piece):
            connection.send(request[start : start + piece])
            time.sleep(0.002)
        reply = connection.reply()
        assert (reply.status, reply.headers["connection"]) == (505, "close")
        assert problem(reply)
        assert connection.is_closed()


@pytest.mark.parametrize("piece", ["", ":", ":65536", ":99999", ":100000", ":-1", ":+80", ":8o", ":80:80"])
def test_a_host_has_a_port_that_tcp_has_or_none(victim: Victim, piece: str) -> None:
    status = ask(victim.port, f"GET {HEALTH} HTTP/1.1\r\nHost: localhost{piece}\r\n\r\n".encode()).status
    assert status == (400 if piece else 200)


def test_the_end_of_a_body_is_no_method(victim: Victim) -> None:
    with connect(victim.port) as connection:
        connection.send(head("POST", "/v2/sessions", [("Content-Length", "4")]))
        time.sleep(0.1)
        connection.send(b"BREW" + b" / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b" 405 " not in connection.rest()


def test_head_is_answered_like_get_without_a_body(victim: Victim) -> None:
    with connect(victim.port) as connection:
        connection.send(whole("HEAD", HEALTH) + whole("GET", HEALTH))
        reply = victim.note(connection.reply(head_only=True))
        assert (reply.status, int(reply.headers["content-length"]) > 0) == (200, True)
        assert victim.note(connection.reply()).status == 200


def test_trailers_do_not_count_as_headers(victim: Victim, sender: Sender) -> None:
    """RFC 9110, section 6.5.1; otherwise this trailer would authenticate the caller."""
    ((name, value),) = sender.credentials(SESSION)
    trailer = f"{name}: ".encode() + value.encode() + CRLF if isinstance(value, str) else b""
    body = write_chunks([SESSION.body()]).removesuffix(CRLF) + trailer + CRLF
    assert victim.ask(head("POST", "/v2/sessions", [JSON, CHUNKED]) + body).status == 401
