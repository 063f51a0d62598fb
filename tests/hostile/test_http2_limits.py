"""Whatever an HTTP/2 client does or leaves undone, the server's memory, tasks and descriptors are bounded."""

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import h2.events
import pytest

from tests.hostile.conftest import BODY_SECONDS, Victim
from tests.hostile.frames import PING, PREFACE, PRIORITY, RST_STREAM, SETTINGS, Greedy, connect_greedy, frame, greedy
from tests.hostile.wire import ask, whole
from watchword.server.answer_buffers import MOST_OF_ALL

DOCUMENT = "/openapi.json?system=weavr_multi"
GRPC = {"content-type": "application/grpc", "te": "trailers"}
MIB = 1024 * 1024


def descriptors(victim: Victim) -> int:
    """Count the server's open files."""
    return len(list(Path(f"/proc/{victim.served.process.pid}/fd").iterdir()))


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def hang_up(port: int) -> None:
    with greedy(port, window=0) as client:
        for _ in range(100):
            client.ask(DOCUMENT)
        client.flush()
        client.answers(100)


def reset(port: int) -> None:
    with greedy(port, window=0) as client:
        streams = [client.ask(DOCUMENT) for _ in range(100)]
        client.flush()
        client.answers(100)
        for stream in streams:
            client.frames.reset_stream(stream)
        client.flush()
        client.ask("/__admin/health")
        client.flush()
        client.answers(1)


@pytest.mark.parametrize("leave", [hang_up, reset])
def test_answers_that_nobody_takes_any_more_are_freed_at_once(victim: Victim, leave: Callable[[int], None]) -> None:
    leave(victim.port)
    time.sleep(0.5)
    before = victim.served.resident()
    for _ in range(10):
        leave(victim.port)
    assert wait_until(lambda: victim.served.resident() - before < 40 * MIB), "100 answers are some 12 MiB"


def test_answers_that_wait_for_clients_who_take_nothing_are_bounded(victim: Victim) -> None:
    before = victim.served.resident()
    clients = [connect_greedy(victim.port, window=0) for _ in range(20)]
    try:
        for client in clients:
            for _ in range(100):
                client.ask(DOCUMENT)
            client.flush()
        assert any(was_reset(client) for client in clients), "more than the server keeps for all"
        assert victim.served.resident() - before < MOST_OF_ALL
    finally:
        for client in clients:
            client.close()


def was_reset(client: Greedy) -> bool:
    """Whether the server gave up one of a hundred answers."""
    heads = 0
    while heads < 100:
        for event in client.events():
            if isinstance(event, h2.events.StreamReset):
                return True
            heads += isinstance(event, h2.events.ResponseReceived)
    return False


def test_a_client_that_reads_gets_a_hundred_documents_at_once(victim: Victim) -> None:
    with greedy(victim.port) as client:
        streams = {client.ask(DOCUMENT) for _ in range(100)}
        client.flush()
        while streams:
            for event in client.events():
                assert not isinstance(event, h2.events.StreamReset)
                if isinstance(event, h2.events.DataReceived):
                    client.frames.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id or 0)
                if isinstance(event, h2.events.StreamEnded):
                    streams.discard(event.stream_id or 0)
            client.flush()


def test_a_connection_that_is_closed_without_a_word_frees_its_descriptor(victim: Victim) -> None:
    before = descriptors(victim)
    for _ in range(50):
        with greedy(victim.port) as client:
            client.ask("/__admin/health")
            client.flush()
            client.answers(1)
    assert wait_until(lambda: descriptors(victim) <= before + 2)


def test_a_grpc_call_that_the_client_gives_up_is_freed_at_once(victim: Victim) -> None:
    path = "/zitadel.user.v2.UserService/SetPassword"
    with greedy(victim.port) as client:
        for _ in range(300):
            stream = client.ask(path, "POST", end=False, headers=GRPC)
            client.frames.reset_stream(stream)
            client.flush()
        stream = client.ask(path, "POST", headers=GRPC)
        client.flush()
        assert client.answers(1) == {stream: 200}


@pytest.mark.parametrize(
    "flood",
    [
        pytest.param(frame(PING, bytes(8)), id="PING"),
        pytest.param(frame(SETTINGS), id="SETTINGS"),
        pytest.param(frame(PRIORITY, bytes(4) + b"\x10", stream=1), id="PRIORITY"),
        pytest.param(frame(0xBE), id="unknown frames"),
    ],
)
def test_a_flood_of_frames_that_carry_nothing_ends_the_connection(victim: Victim, flood: bytes) -> None:
    with socket.create_connection(("127.0.0.1", victim.port), timeout=30) as sock:
        sock.sendall(PREFACE + frame(SETTINGS))
        with suppress(BrokenPipeError, ConnectionResetError):
            for _ in range(100):
                sock.sendall(flood * 20)
            while sock.recv(65536):
                pass


def test_a_flood_of_requests_that_are_reset_ends_the_connection(victim: Victim) -> None:
    with greedy(victim.port) as client, pytest.raises((BrokenPipeError, ConnectionResetError)):
        reset_requests(client, 20_000)


def reset_requests(client: Greedy, count: int) -> None:
    for _ in range(count):
        client.frames.reset_stream(client.ask("/__admin/health"))
        client.flush()


@pytest.mark.parametrize(
    "begun",
    [
        pytest.param(PREFACE[:10], id="half a preface"),
        pytest.param(PREFACE, id="a preface without settings"),
        pytest.param(PREFACE + frame(PING, bytes(8)), id="frames, but no settings"),
        pytest.param(PREFACE + frame(SETTINGS) + frame(PING, bytes(8))[:11], id="half a frame"),
        pytest.param(PREFACE + frame(SETTINGS) + frame(1, b"\x82", stream=1), id="half a head"),
    ],
)
def test_what_is_begun_and_does_not_arrive_in_time_ends_the_connection(victim: Victim, begun: bytes) -> None:
    with socket.create_connection(("127.0.0.1", victim.port), timeout=30) as sock:
        sock.sendall(begun)
        started = time.monotonic()
        while sock.recv(65536):
            pass
        assert BODY_SECONDS - 1 < time.monotonic() - started < BODY_SECONDS + 3


@pytest.mark.parametrize("length", [2**14 + 1, 2**24 - 1])
def test_a_frame_is_refused_by_the_length_that_it_announces(victim: Victim, length: int) -> None:
    with socket.create_connection(("127.0.0.1", victim.port), timeout=30) as sock:
        sock.sendall(PREFACE + frame(SETTINGS) + frame(0, b"x" * 100, stream=1, length=length))
        started = time.monotonic()
        received = b""
        while more := sock.recv(65536):
            received += more
        assert time.monotonic() - started < 2
        assert received.endswith((6).to_bytes(4)), "GOAWAY, FRAME_SIZE_ERROR"


def test_bodies_that_nobody_reads_do_not_stop_their_neighbours(victim: Victim) -> None:
    with greedy(victim.port) as client:
        for _ in range(20):
            stream = client.ask(DOCUMENT, end=False)
            client.frames.send_data(stream, bytes(16384))
            client.flush()
            while not any(isinstance(one, h2.events.WindowUpdated) and not one.stream_id for one in client.events()):
                pass
        client.ask("/__admin/health")
        client.flush()
        assert client.answers(1)


@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        ("GE\x1b[2JT", "/", "localhost"),
        ("G\xcbT", "/", "localhost"),
        ("GET", "/\xff", "localhost"),
        ("GET", "/", "a/b"),
        ("GET", "/", "a b"),
    ],
    ids=[
        "a method with a control character",
        "a method that is not ASCII",
        "a path that is not ASCII",
        "a path for a host",
        "a blank in the host",
    ],
)
def test_a_request_that_http_does_not_allow_is_refused_alone(victim: Victim, method: str, path: str, host: str) -> None:
    with greedy(victim.port) as client:
        client.frames.config.validate_outbound_headers = False
        wrong = client.ask(path, method, host=host)
        right = client.ask("/__admin/health")
        client.flush()
        assert client.answers(2) == {wrong: 400, right: 200}
    assert "\x1b" not in victim.served.log.read_text()
    assert "\\u001b" not in victim.served.log.read_text()


def test_the_server_still_answers(victim: Victim) -> None:
    assert ask(victim.port, whole("GET", "/__admin/health")).status == 200


def test_resets_of_streams_that_never_were_end_only_their_connection(victim: Victim) -> None:
    with socket.create_connection(("127.0.0.1", victim.port), timeout=30) as sock:
        sock.sendall(PREFACE + frame(SETTINGS) + frame(RST_STREAM, bytes(4), stream=99))
        while sock.recv(65536):
            pass
