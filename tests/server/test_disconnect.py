"""A client that hangs up ends the handler that waits for it, over both versions of HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import h2.config
import h2.connection
import pytest
import uvicorn
from uvicorn.server import ServerState

from tests.toy import Toy, built
from watchword.server.detect import ProtocolFactory
from watchword.system import Answer, Call

PATHS = """
  /wait:
    get:
      operationId: toy.wait
      tags: [toy]
      responses:
        '204': {description: Nothing came.}
"""
PATIENCE_SECONDS = 10


class Waiting:
    """A handler that waits until it is cancelled."""

    def __init__(self) -> None:
        self.began, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self) -> Answer:
        self.began.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()
        return Answer(204)


@asynccontextmanager
async def connected(toy: Toy) -> AsyncIterator[asyncio.StreamWriter]:
    """Serve *toy* on a real socket, and connect to it."""
    config = uvicorn.Config(toy.app, lifespan="off", log_config=None)
    config.load()
    protocols, state = ProtocolFactory(toy.app), ServerState()
    server = await asyncio.get_running_loop().create_server(
        lambda: protocols(config=config, server_state=state, app_state={}), "127.0.0.1", 0
    )
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        yield writer


def http1() -> bytes:
    return b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n"


def http2() -> bytes:
    frames = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
    frames.initiate_connection()
    fields = [(":method", "GET"), (":path", "/wait"), (":scheme", "http"), (":authority", "localhost")]
    frames.send_headers(frames.get_next_available_stream_id(), fields, end_stream=True)
    return frames.data_to_send()


@pytest.mark.parametrize("request_bytes", [http1(), http2()], ids=["HTTP/1.1", "HTTP/2"])
def test_a_handler_ends_when_the_connection_does(tmp_path: Path, request_bytes: bytes) -> None:
    async def story() -> None:
        waiting = Waiting()

        async def wait(_call: Call) -> Answer:
            return await waiting()

        async with connected(built(tmp_path, PATHS, handlers=SimpleNamespace(wait=wait))) as writer:
            writer.write(request_bytes)
            await asyncio.wait_for(waiting.began.wait(), PATIENCE_SECONDS)
            assert not waiting.ended.is_set()
            writer.close()
            await asyncio.wait_for(waiting.ended.wait(), PATIENCE_SECONDS)

    asyncio.run(story())
