"""HTTP/1.1 on a connection, read by read; what only depends on what is sent is in ``tests/hostile``."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from watchword.edge.request_body import ARRIVED
from watchword.edge.sending import WHOLE
from watchword.server.http1 import LONGEST_HEAD, Protocol

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


class Wire(asyncio.Transport):
    """A connection that notes what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closing = False

    @property
    def written(self) -> bytes:
        return b"".join(self.writes)

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    def close(self) -> None:
        self.closing = True

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, _name: str, default: Any = None) -> Any:
        return default

    def pause_reading(self) -> None:
        """Go on."""

    def resume_reading(self) -> None:
        """Go on."""


def told(reads: Sequence[bytes]) -> tuple[list[bool], bytes]:
    """Feed *reads* to a connection; tell what each request was told of its body at first, and what was written."""
    wholes: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        wholes.append(scope["extensions"][ARRIVED]["whole"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connection() -> bytes:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol, wire = Protocol(config=config, server_state=ServerState(), app_state={}), Wire()
        protocol.connection_made(wire)
        for read in reads:
            protocol.data_received(read)
            for _ in range(5):
                await asyncio.sleep(0)
        protocol.connection_lost(None)
        return wire.written

    return wholes, asyncio.run(connection())


@pytest.mark.parametrize(
    ("reads", "wholes"),
    [
        ([POST + b"{}"], [True]),
        ([POST, b"{}"], [False]),
        ([POST + b"{", b"}"], [False]),
        ([POST[:20], POST[20:] + b"{}"], [True]),
        ([GET + b"\r\n"], [True]),
        ([POST + b"{}" + POST + b"{}"], [True, True]),
        ([POST + b"{}" + POST, b"{}"], [True, False]),
        ([POST, b"{}" + POST + b"{}"], [False, True]),
    ],
)
def test_a_request_is_told_whether_its_body_is_there(reads: list[bytes], wholes: list[bool]) -> None:
    found, written = told(reads)
    assert found == wholes
    assert written.count(b"204 No Content") == len(wholes)


@pytest.mark.parametrize("parts", [(70, 0), (63, 60), (1, 70), (200, 1), (30, 30, 30), (70,)])
def test_a_head_is_measured_whole_in_however_many_reads_it_comes(parts: tuple[int, ...]) -> None:
    pieces = [b"X-A: " + b"a" * (part * 1024) for part in parts]
    found, written = told([GET + pieces[0], *(b"\r\n" + piece for piece in pieces[1:]), b"\r\n\r\n"])
    assert (found, written[:12]) == ([], b"HTTP/1.1 431")


@pytest.mark.parametrize("parts", [(60,), (20, 20, 20), (1, 60)])
def test_a_head_within_the_bound_is_read_in_however_many_reads_it_comes(parts: tuple[int, ...]) -> None:
    assert sum(parts) * 1024 < LONGEST_HEAD
    pieces = [b"X-A: " + b"a" * (part * 1024) for part in parts]
    found, _ = told([GET + pieces[0], *(b"\r\n" + piece for piece in pieces[1:]), b"\r\n\r\n"])
    assert found == [True]


def answered(reads: Sequence[bytes], *headers: tuple[bytes, bytes], body: bytes = b"ok") -> tuple[list[bool], Wire]:
    """Feed *reads* to a connection that offers to take answers whole; tell whether it took each, and the wire."""
    taken: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(0)
        said = [(b"content-length", b"%d" % len(body)), *headers]
        taken.append(scope["extensions"][WHOLE](200, said, body))
        if not taken[-1]:
            await send({"type": "http.response.start", "status": 200, "headers": said})
            await send({"type": "http.response.body", "body": body})

    async def connection() -> Wire:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        state = ServerState()
        state.default_headers = [(b"date", b"today")]
        protocol, wire = Protocol(config=config, server_state=state, app_state={}), Wire()
        protocol.connection_made(wire)
        for read in reads:
            protocol.data_received(read)
            for _ in range(10):
                await asyncio.sleep(0)
        return wire

    return taken, asyncio.run(connection())


def test_an_answer_that_is_taken_whole_is_one_write() -> None:
    taken, wire = answered([POST + b"{}"], (b"x-more", b"1"))
    assert taken == [True]
    assert wire.writes == [b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\nx-more: 1\r\n\r\nok"]


def test_requests_one_after_the_other_are_each_taken_whole() -> None:
    taken, wire = answered([POST + b"{}", GET + b"\r\n", POST + b"{}"])
    assert (taken, len(wire.writes)) == ([True] * 3, 3)
    assert not wire.closing


def test_of_requests_in_one_read_the_last_is_taken_whole_and_all_are_answered_in_order() -> None:
    taken, wire = answered([POST + b"{}" + POST + b"{}" + POST + b"{}"])
    assert taken == [False, False, True]
    assert wire.written.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("request_", "headers"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", ()),
        (b"POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", ()),
        (POST + b"{}", ((b"connection", b"close"),)),
    ],
    ids=["the client hangs up", "HTTP/1.0", "the server hangs up"],
)
def test_an_answer_that_ends_its_connection_goes_the_usual_way(
    request_: bytes, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    taken, wire = answered([request_], *headers)
    assert taken == [False]
    assert wire.written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert wire.written.endswith(b"connection: close\r\n\r\nok")
    assert wire.closing


class Clock(asyncio.SelectorEventLoop):
    """An event loop that is as late as the test says."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


WHOLE_GET, HALF_GET = GET + b"\r\n", GET[:10]


@pytest.mark.parametrize(
    ("story", "closed"),
    [
        ([(WHOLE_GET, 4.0), (WHOLE_GET, 0.5)], False),
        ([(WHOLE_GET, 6.0)], True),
        ([(WHOLE_GET, 4.0), (WHOLE_GET, 6.0)], True),
        ([(WHOLE_GET, 4.0), (HALF_GET, 6.0)], False),
        ([(WHOLE_GET, 4.0), (HALF_GET, 6.0), (WHOLE_GET[10:], 6.0)], True),
    ],
    ids=["busy", "idle", "idle after a while", "slow head", "idle after a slow head"],
)
def test_a_connection_is_closed_five_seconds_after_its_last_answer(
    story: list[tuple[bytes, float]], *, closed: bool
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connection() -> bool:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Clock)
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol, wire = Protocol(config=config, server_state=ServerState(), app_state={}), Wire()
        protocol.connection_made(wire)
        for read, seconds in story:
            protocol.data_received(read)
            for _ in range(5):
                await asyncio.sleep(0)
            loop.ahead += seconds
            for _ in range(5):
                await asyncio.sleep(0)
        return wire.closing

    with asyncio.Runner(loop_factory=Clock) as runner:
        assert runner.run(connection()) is closed
