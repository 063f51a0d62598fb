"""
Ten thousand idle connections, clients that stop in the middle, clients that do not read: other clients are answered.

Each connection is an open file in two processes. If the system's hard limit on open files is lower than that,
fewer connections are opened.
"""

import http.client
import resource
import selectors
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.serving import Served, serving

IDLE, SPARE = 10_000, 200
PATIENCE_SECONDS = 5
ASKED = 50


@pytest.fixture
def open_files() -> Iterator[int]:
    """Raise the limit of this process, and return how many connections it allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield min(IDLE, hard - SPARE) if hard != resource.RLIM_INFINITY else IDLE
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server with the usual soft limit of a shell."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    with serving(tmp_path) as running:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        yield running


def connect(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_SECONDS)


def check_that_others_are_answered(served: Served) -> None:
    """Send requests as another client, each over a new connection."""
    slowest = 0.0
    for _ in range(ASKED):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", "/__admin/health")
        assert connection.getresponse().status == 200
        connection.close()
        slowest = max(slowest, time.monotonic() - began)
    assert slowest < PATIENCE_SECONDS


def test_idle_connections_do_not_delay_others(served: Served, open_files: int) -> None:
    before = served.resident()
    with ExitStack() as connections:
        for _ in range(open_files):
            connections.enter_context(connect(served))
        check_that_others_are_answered(served)
        cost = (served.resident() - before) / open_files
    assert cost < 20_000, f"{cost:.0f} bytes for each idle connection"
    check_that_others_are_answered(served)


@pytest.mark.parametrize(
    "part",
    [
        b"POST /passwords/upd",
        b"POST /passwords/update HTTP/1.1\r\nHost: x\r\n",
        b"POST /passwords/update HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        b"POST /passwords/update HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["in the request line", "in the headers", "in the body", "in a chunk"],
)
def test_clients_that_stop_in_the_middle_do_not_delay_others(served: Served, part: bytes) -> None:
    with ExitStack() as connections:
        for number in range(200):
            client = connections.enter_context(connect(served))
            client.sendall(part)
            if number % 2:
                client.shutdown(socket.SHUT_WR)  # half closed: it sends nothing more but still reads
        check_that_others_are_answered(served)


def test_clients_that_do_not_read_do_not_delay_others(served: Served) -> None:
    """Each client requests the whole document many times and reads none of the answers."""
    with ExitStack() as connections:
        for _ in range(50):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", served.port))
            connections.enter_context(client)
            client.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        check_that_others_are_answered(served)
        assert served.resident() < 600 * 1024 * 1024


def test_a_client_that_reads_slowly_gets_the_whole_answer(served: Served) -> None:
    with connect(served) as client, selectors.DefaultSelector() as readable:
        client.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        readable.register(client, selectors.EVENT_READ)
        received = b""
        while readable.select(PATIENCE_SECONDS) and (piece := client.recv(64 * 1024)):
            received += piece
            time.sleep(0.002)
        check_that_others_are_answered(served)
    head, _, body = received.partition(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    assert len(body) == int(length.split(b":")[1])
