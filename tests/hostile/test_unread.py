"""What is refused before it is a request has a line in the log, so that a lost request can be found."""

import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.hostile.conftest import Victim
from tests.hostile.frames import PING, PREFACE, SETTINGS, frame, greedy
from tests.hostile.targets import CANARY
from tests.hostile.wire import connect

GREETING = PREFACE + frame(SETTINGS)
SECRET = CANARY.encode()


def lines_of(log: Path, since: int, seconds: float = 2) -> list[dict[str, Any]]:
    """Read the lines about what was not a request; wait for the first."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        lines = [orjson.loads(one) for one in log.read_bytes()[since:].splitlines()]
        found = [one for one in lines if one["message"].startswith("- - ")]
        if found:
            return found
        time.sleep(0.02)
    return []


@pytest.fixture
def since(victim: Victim) -> int:
    """The length of the log before the test."""
    return victim.served.log.stat().st_size


UNREAD = {
    "not HTTP": (b"\x16\x03\x01" + SECRET, 400, "http/1.1", "unreadable"),
    "no host": (b"GET /" + SECRET + b" HTTP/1.1\r\n\r\n", 400, "http/1.1", "host"),
    "a bad host": (b"GET / HTTP/1.1\r\nHost: a/" + SECRET + b"\r\n\r\n", 400, "http/1.1", "host"),
    "a tunnel": (b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, "http/1.1", "proxy"),
    "a coding": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        400,
        "http/1.1",
        "transfer-coding",
    ),
    "a broken body": (
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        400,
        "http/1.1",
        "unreadable",
    ),
    "a head without end": (
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 300_000,
        431,
        "http/1.1",
        "head-too-long",
    ),
    "a method without end": (b"X" * 100 + b" / HTTP/1.1\r\n\r\n", 501, "http/1.1", "method"),
    "half a head": (b"GET /" + SECRET, 408, "http/1.1", "too-late"),
    "half a preface": (PREFACE[:10], 0, "http/2", "too-late"),
    "a preface alone": (PREFACE, 0, "http/2", "too-late"),
    "half a frame": (GREETING + frame(1, b"\x82", stream=1), 0, "http/2", "too-late"),
    "a frame of a closed stream": (GREETING + frame(0, SECRET, stream=2), 0, "http/2", "protocol-error"),
    "a frame that is too long": (GREETING + frame(0, stream=1, length=2**20), 0, "http/2", "frame-size-error"),
    "a flood": (GREETING + frame(PING, bytes(8)) * 3000, 0, "http/2", "enhance-your-calm"),
}


@pytest.mark.parametrize(("sent", "line"), [(sent, line) for sent, *line in UNREAD.values()], ids=UNREAD)
def test_what_is_not_a_request_has_one_line_without_a_value(
    victim: Victim, since: int, sent: bytes, line: list[Any]
) -> None:
    with socket.create_connection(("127.0.0.1", victim.port), timeout=30) as sock:
        sock.sendall(sent)
        with suppress(ConnectionResetError):
            while sock.recv(65536):
                pass
    (found,) = lines_of(victim.served.log, since)
    status, protocol, _ = line
    assert found["message"] == f"- - {status or '-'} ({protocol})"
    assert [found["status"], found["protocol"], found["code"]] == line


def test_a_stream_that_is_refused_before_it_is_a_request_has_a_line(victim: Victim, since: int) -> None:
    with greedy(victim.port) as client:
        client.frames.config.validate_outbound_headers = False
        client.ask(f"/\xff{CANARY}")
        client.flush()
        client.answers(1)
    (line,) = lines_of(victim.served.log, since)
    assert (line["status"], line["protocol"], line["code"]) == (400, "http/2", "path")


def test_a_connection_without_a_byte_has_no_line(victim: Victim, since: int) -> None:
    with connect(victim.port) as connection:
        assert connection.is_closed()
    assert not lines_of(victim.served.log, since, seconds=0.3)
