"""HTTP/1.1 on a connection, read by read; what only depends on what is sent is in ``tests/hostile``."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from watchword.edge.bodies import ARRIVED
from watchword.protocol import LONGEST_HEAD, Protocol

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"


class Wire(asyncio.Transport):
    """A connection that notes what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closing = b"", False

    def write(self, data: Any) -> None:
        self.written += bytes(data)

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
