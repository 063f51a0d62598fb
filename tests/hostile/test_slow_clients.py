"""HTTP/1.1 clients that send too little, too slowly, or read nothing."""

import socket
import time

import pytest

from tests.hostile.conftest import BODY_SECONDS, Victim
from tests.hostile.wire import connect, whole

HEALTH = whole("GET", "/__admin/health")


@pytest.mark.parametrize(
    ("begun", "answered"),
    [
        pytest.param(b"", b"", id="not a byte"),
        pytest.param(b"\r\n\r\n", b"HTTP/1.1 408 ", id="empty lines"),
        pytest.param(b"GE", b"HTTP/1.1 408 ", id="half a method"),
        pytest.param(b"BRE", b"HTTP/1.1 408 ", id="half of a method that HTTP does not know"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: local", b"HTTP/1.1 408 ", id="half a head"),
    ],
)
def test_a_head_that_does_not_arrive_in_time_ends_the_connection(victim: Victim, begun: bytes, answered: bytes) -> None:
    with connect(victim.port) as connection:
        connection.send(begun)
        started = time.monotonic()
        assert connection.rest().startswith(answered)
        assert BODY_SECONDS - 1 < time.monotonic() - started < BODY_SECONDS + 2


def test_a_head_that_trickles_is_limited_as_a_whole(victim: Victim) -> None:
    with connect(victim.port) as connection:
        started = time.monotonic()
        for byte in b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 100:
            connection.send(bytes([byte]))
            if time.monotonic() - started > BODY_SECONDS + 1:
                break
            time.sleep(0.1)
        assert connection.rest().startswith(b"HTTP/1.1 408 ")
        # A limit that every byte renewed would end only after these bytes.
        assert time.monotonic() - started < BODY_SECONDS + 1.5


def test_a_second_head_is_limited_too(victim: Victim) -> None:
    with connect(victim.port) as connection:
        connection.send(HEALTH + b"GET / HT")
        assert victim.note(connection.reply()).status == 200
        started = time.monotonic()
        assert connection.rest().startswith(b"HTTP/1.1 408 ")
        assert time.monotonic() - started < BODY_SECONDS + 2


def test_a_connection_stays_open_as_long_as_its_heads_arrive_in_time(victim: Victim) -> None:
    with connect(victim.port) as connection:
        for _ in range(3):
            connection.send(HEALTH[:20])
            time.sleep(BODY_SECONDS / 2)
            connection.send(HEALTH[20:])
            assert victim.note(connection.reply()).status == 200


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", id="two hosts"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", id="a blank in the host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", id="a path for a host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", id="a user before the host"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a:port\r\n\r\n", id="a port that is no number"),
        pytest.param(
            b"POST /v2/sessions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            id="another coding too",
        ),
        pytest.param(
            b"POST /v2/sessions HTTP/1.1\r\nHost: x\r\n"
            b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="another coding in a header of its own",
        ),
        pytest.param(
            b"POST /v2/sessions HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            id="a coding in HTTP/1.0",
        ),
    ],
)
def test_a_head_that_can_be_read_in_two_ways_is_refused(victim: Victim, head: bytes) -> None:
    with connect(victim.port) as connection:
        connection.send(head)
        reply = victim.note(connection.reply())
        assert (reply.status, reply.headers["content-type"]) == (400, "application/problem+json")
        assert connection.is_closed()


def test_http_1_0_needs_no_host(victim: Victim) -> None:
    assert victim.ask(b"GET /__admin/health HTTP/1.0\r\n\r\n").status == 200


def test_a_client_that_reads_nothing_does_not_make_the_server_keep_more(victim: Victim) -> None:
    before = victim.served.resident()
    socks = []
    for _ in range(20):
        sock = socket.create_connection(("127.0.0.1", victim.port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(whole("GET", "/openapi.json") * 100)
        socks.append(sock)
    time.sleep(1)
    assert victim.served.resident() - before < 32 * 1024 * 1024
    for sock in socks:
        sock.close()
