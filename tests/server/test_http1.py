"""HTTP/1.1 on a connection, read by read; ``tests/hostile`` has the tests that need no control over the reads."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from watchword.edge.request_body import ARRIVED
from watchword.edge.sending import WHOLE
from watchword.server.heads import MAX_HEAD_BYTES
from watchword.server.http1 import Http1Protocol
from watchword.server.stalls import STALLED_SECONDS
from watchword.server.unread import NOT_TAKEN, Limits

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


class Connection(asyncio.Transport):
    """A transport that records what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[bytes] = []
        self.closing = self.aborted = False
        self.unsent = 0

    @property
    def written(self) -> bytes:
        return b"".join(self.writes)

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.aborted = True

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def is_closing(self) -> bool:
        return self.closing

    def get_extra_info(self, _name: str, default: Any = None) -> Any:
        return default

    def pause_reading(self) -> None:
        """Do nothing."""

    def resume_reading(self) -> None:
        """Do nothing."""


def feed(reads: Sequence[bytes]) -> tuple[list[bool], bytes]:
    """Feed *reads* to a connection; return whether each request had its whole body at first, and what was written."""
    complete: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        complete.append(scope["extensions"][ARRIVED]["complete"])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connection() -> bytes:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol, transport = Http1Protocol(config=config, server_state=ServerState(), app_state={}), Connection()
        protocol.connection_made(transport)
        for read in reads:
            protocol.data_received(read)
            for _ in range(5):
                await asyncio.sleep(0)
        protocol.connection_lost(None)
        return transport.written

    return complete, asyncio.run(connection())


@pytest.mark.parametrize(
    ("reads", "complete"),
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
def test_a_request_knows_whether_its_whole_body_has_arrived(reads: list[bytes], complete: list[bool]) -> None:
    found, written = feed(reads)
    assert found == complete
    assert written.count(b"204 No Content") == len(complete)


@pytest.mark.parametrize("parts", [(70, 0), (63, 60), (1, 70), (200, 1), (30, 30, 30), (70,)])
def test_a_head_that_is_too_long_is_refused_in_any_number_of_reads(parts: tuple[int, ...]) -> None:
    pieces = [b"X-A: " + b"a" * (part * 1024) for part in parts]
    found, written = feed([GET + pieces[0], *(b"\r\n" + piece for piece in pieces[1:]), b"\r\n\r\n"])
    assert (found, written[:12]) == ([], b"HTTP/1.1 431")


@pytest.mark.parametrize("parts", [(60,), (20, 20, 20), (1, 60)])
def test_a_head_within_the_limit_is_accepted_in_any_number_of_reads(parts: tuple[int, ...]) -> None:
    assert sum(parts) * 1024 < MAX_HEAD_BYTES
    pieces = [b"X-A: " + b"a" * (part * 1024) for part in parts]
    found, _ = feed([GET + pieces[0], *(b"\r\n" + piece for piece in pieces[1:]), b"\r\n\r\n"])
    assert found == [True]


def answer(reads: Sequence[bytes], *headers: tuple[bytes, bytes], body: bytes = b"ok") -> tuple[list[bool], Connection]:
    """Feed *reads* to a connection; return whether each answer was accepted as a whole, and the transport."""
    accepted: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await asyncio.sleep(0)
        sent = [(b"content-length", b"%d" % len(body)), *headers]
        accepted.append(scope["extensions"][WHOLE](200, sent, body))
        if not accepted[-1]:
            await send({"type": "http.response.start", "status": 200, "headers": sent})
            await send({"type": "http.response.body", "body": body})

    async def connection() -> Connection:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        state = ServerState()
        state.default_headers = [(b"date", b"today")]
        protocol, transport = Http1Protocol(config=config, server_state=state, app_state={}), Connection()
        protocol.connection_made(transport)
        for read in reads:
            protocol.data_received(read)
            for _ in range(10):
                await asyncio.sleep(0)
        return transport

    return accepted, asyncio.run(connection())


def test_a_whole_answer_is_one_write() -> None:
    accepted, transport = answer([POST + b"{}"], (b"x-more", b"1"))
    assert accepted == [True]
    assert transport.writes == [b"HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 2\r\nx-more: 1\r\n\r\nok"]


def test_every_answer_to_successive_requests_is_whole() -> None:
    accepted, transport = answer([POST + b"{}", GET + b"\r\n", POST + b"{}"])
    assert (accepted, len(transport.writes)) == ([True] * 3, 3)
    assert not transport.closing


def test_of_requests_in_one_read_only_the_last_answer_is_whole_and_the_order_is_kept() -> None:
    accepted, transport = answer([POST + b"{}" + POST + b"{}" + POST + b"{}"])
    assert accepted == [False, False, True]
    assert transport.written.count(b"HTTP/1.1 200 OK") == 3


@pytest.mark.parametrize(
    ("request_", "headers"),
    [
        (b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}", ()),
        (b"POST / HTTP/1.0\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", ()),
        (POST + b"{}", ((b"connection", b"close"),)),
    ],
    ids=["the client closes", "HTTP/1.0", "the server closes"],
)
def test_the_last_answer_of_a_connection_is_not_written_as_a_whole(
    request_: bytes, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    accepted, transport = answer([request_], *headers)
    assert accepted == [False]
    assert transport.written.startswith(b"HTTP/1.1 200 OK\r\n")
    assert transport.written.endswith(b"connection: close\r\n\r\nok")
    assert transport.closing


class MovableLoop(asyncio.SelectorEventLoop):
    """An event loop whose time a test can move."""

    ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


WHOLE_GET, HALF_GET = GET + b"\r\n", GET[:10]


@pytest.mark.parametrize(
    ("story", "closed"),
    [
        ([(WHOLE_GET, 4.0), (WHOLE_GET, 0.5)], False),
        ([(WHOLE_GET, 3.0), (WHOLE_GET, 3.0)], False),
        ([(WHOLE_GET, 6.0)], True),
        ([(WHOLE_GET, 4.0), (WHOLE_GET, 6.0)], True),
        ([(WHOLE_GET, 4.0), (HALF_GET, 6.0)], False),
        ([(WHOLE_GET, 4.0), (HALF_GET, 6.0), (WHOLE_GET[10:], 6.0)], True),
    ],
    ids=["busy", "used now and then", "idle", "idle after a while", "slow head", "idle after a slow head"],
)
def test_a_connection_is_closed_five_seconds_after_its_last_answer(
    story: list[tuple[bytes, float]], *, closed: bool
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def connection() -> bool:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovableLoop)
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol, transport = Http1Protocol(config=config, server_state=ServerState(), app_state={}), Connection()
        protocol.connection_made(transport)
        for read, seconds in story:
            protocol.data_received(read)
            for _ in range(5):
                await asyncio.sleep(0)
            loop.ahead += seconds
            for _ in range(5):
                await asyncio.sleep(0)
        return transport.closing

    with asyncio.Runner(loop_factory=MovableLoop) as runner:
        assert runner.run(connection()) is closed


@pytest.mark.parametrize(
    ("story", "paused"),
    [
        ([(GET + b"Connection: close\r\n\r\n", 0.0)], False),
        ([(WHOLE_GET, 5.0)], False),
        ([(b"\x00\r\n", 0.0)], False),
        ([(HALF_GET, 21.0)], False),
        ([(WHOLE_GET, 0.0)], True),
    ],
    ids=["after the last answer", "after an idle time", "after a bad head", "after half a head", "during an answer"],
)
@pytest.mark.parametrize("takes", [False, True])
def test_a_client_that_takes_nothing_is_given_up_whatever_it_did(
    story: list[tuple[bytes, float]], *, paused: bool, takes: bool
) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    told: list[tuple[str, int, str]] = []

    def tell(protocol: str, status: int, reason: str, _detail: str = "", /) -> str:
        told.append((protocol, status, reason))
        return ""

    async def connection() -> Connection:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, MovableLoop)
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol, transport = Http1Protocol(config=config, server_state=ServerState(), app_state={}), Connection()
        protocol.limits = Limits(on_unread=tell)
        transport.unsent = 1000
        protocol.connection_made(transport)
        if paused:
            protocol.pause_writing()
        for read, seconds in [*story, (b"", STALLED_SECONDS + 1), (b"", STALLED_SECONDS + 1)]:
            if read:
                protocol.data_received(read)
            for _ in range(5):
                await asyncio.sleep(0)
            loop.ahead += seconds
            transport.unsent -= takes
            for _ in range(5):
                await asyncio.sleep(0)
        protocol.connection_lost(None)
        await asyncio.sleep(0)
        return transport

    with asyncio.Runner(loop_factory=MovableLoop) as runner:
        assert runner.run(connection()).aborted is not takes
    assert (("http/1.1", 0, NOT_TAKEN) in told) is not takes


def test_a_lost_connection_is_held_by_no_timer() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def timer_after_the_end() -> asyncio.TimerHandle | None:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol = Http1Protocol(config=config, server_state=ServerState(), app_state={})
        protocol.connection_made(Connection())
        protocol.data_received(WHOLE_GET)
        for _ in range(5):
            await asyncio.sleep(0)
        protocol.connection_lost(None)
        return protocol.timeout_keep_alive_task

    timer = asyncio.run(timer_after_the_end())
    assert timer is not None
    assert timer.cancelled()


def test_blanks_around_the_value_of_a_header_do_not_belong_to_it() -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, _receive: Any, send: Any) -> None:
        seen.extend(scope["headers"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run() -> None:
        config = uvicorn.Config(app, lifespan="off", log_config=None)
        config.load()
        protocol = Http1Protocol(config, ServerState(), {})
        protocol.connection_made(Connection())
        protocol.data_received(GET + b"Authorization: \t Bearer \t \r\n\r\n")
        await asyncio.sleep(0.01)

    asyncio.run(run())
    assert (b"authorization", b"Bearer") in seen
