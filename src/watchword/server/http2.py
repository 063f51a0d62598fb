"""
HTTP/2 on a connection: hypercorn's protocol, with fixes that it lacks.

hypercorn gets connections from ``detect``; it opens no socket of its own.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.asyncio.tcp_server import MAX_RECV, TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.typing import ConnectionState
from hypercorn.utils import parse_socket_addr
from starlette.types import ASGIApp

from watchword.server.answer_buffers import MOST_OF_ALL, WaitingBytes
from watchword.server.breaking import reset_connection
from watchword.server.http2_protocol import Http2Protocol
from watchword.server.stalls import StallTimer
from watchword.server.unread import NOT_TAKEN, Limits, Unread

IDLE_SECONDS = 600
"""How long a connection may be idle: a gRPC client keeps one open as long as it runs."""
STREAMS = 100
"""How many calls can run at the same time on one connection."""

_errors = logging.getLogger("watchword.error")


class _Reader(asyncio.StreamReaderProtocol):
    """Where hypercorn's stream reader gets its bytes; gives a client up that does not read what is written."""

    def __init__(
        self, reader: asyncio.StreamReader, on_connected: Any, loop: asyncio.AbstractEventLoop, on_unread: Unread
    ) -> None:
        super().__init__(reader, on_connected, loop=loop)
        self._on_unread = on_unread
        self._stalls: StallTimer | None = None
        self._paused = False

    def connection_made(self, transport: Any) -> None:
        def give_up() -> None:
            self._on_unread("http/2", 0, NOT_TAKEN)
            transport.abort()

        self._stalls = StallTimer(lambda: transport.get_write_buffer_size() if self._paused else None, give_up)
        super().connection_made(transport)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._paused = True
        if self._stalls is not None:
            self._stalls.start()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._paused = False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._stalls is not None:
            self._stalls.stop()


class _Connection(TCPServer):
    """hypercorn's connection, without the detection of the protocol, which is known already."""

    _ended = False

    async def run_as(self, entry: "Http2Connection", limits: Limits, waiting: WaitingBytes) -> None:
        """Serve until either side closes the connection; then free it at once, whatever its calls still do."""
        try:
            sock = self.writer.get_extra_info("socket")
            peer = parse_socket_addr(sock.family, self.writer.get_extra_info("peername"))
            here = parse_socket_addr(sock.family, self.writer.get_extra_info("sockname"))
            tls = self.writer.get_extra_info("ssl_object") is not None
            async with TaskGroup(self.loop) as self._task_group:
                protocol = Http2Protocol(
                    self.app,
                    self.config,
                    self.context,
                    self._task_group,
                    ConnectionState(self.state),
                    tls,
                    peer,
                    here,
                    self.protocol_send,
                    waiting=waiting,
                    on_unread=limits.on_unread,
                    give_up=self.writer.transport.abort,
                    reset=lambda: reset_connection(self.writer.transport),
                )
                self.protocol = protocol  # type: ignore[assignment]  # it has the two methods that are called
                entry.requests = protocol.requests
                await protocol.initiate()
                await self.idle_task.restart(self._task_group, self._idle_timeout)
                try:
                    await self._read(protocol, limits.arrival_seconds)
                finally:
                    self._ended = True
                    await self.idle_task.stop()
                    self.writer.transport.abort()
        except OSError:
            pass
        finally:
            await self._close()

    async def protocol_send(self, event: Event) -> None:
        # The timer of an idle connection would keep one open that the client has closed.
        if not (self._ended and isinstance(event, Updated)):
            await super().protocol_send(event)

    async def _read(self, protocol: Http2Protocol, arrival_seconds: float) -> None:
        """Read until the connection ends, or what the client owes does not arrive in time."""
        deadline: float | None = self.loop.time() + arrival_seconds
        while not self.reader.at_eof():
            try:
                async with asyncio.timeout_at(deadline):
                    data = await self.reader.read(MAX_RECV)
            except TimeoutError:
                protocol.refuse_late()
                break
            except OSError:
                break
            complete = await protocol.handle(RawData(data))
            if not protocol.owes:
                deadline = None
            elif (complete and protocol.greeted) or deadline is None:
                deadline = self.loop.time() + arrival_seconds
        self._ended = True
        await protocol.handle(Closed())


class Http2Connection:
    """An HTTP/2 connection in uvicorn's list of connections."""

    def __init__(self) -> None:
        self.context = WorkerContext(None)
        self.requests: Mapping[int, asyncio.Task[None]] = {}
        self.serving: asyncio.Task[None] | None = None
        self._shutting_down: asyncio.Task[None] | None = None

    def shutdown(self) -> None:
        """Finish running calls and accept no others."""
        self._shutting_down = asyncio.ensure_future(self.context.terminated.set())

    def running(self) -> set[asyncio.Task[None]]:
        """List the tasks of running requests."""
        return set(self.requests.values())


def _config() -> Config:
    config = Config()
    config.accesslog = config.errorlog = None
    config.include_server_header = False
    # By default a connection ends after a thousand calls, and a call that is just arriving is lost.
    config.keep_alive_max_requests = 10**9
    config.keep_alive_timeout = IDLE_SECONDS
    config.h2_max_concurrent_streams = STREAMS
    return config


class Http2Server:
    """
    Serves HTTP/2 connections.

    Args:
        app: The ASGI application, the same as for HTTP/1.1.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._waiting = WaitingBytes(MOST_OF_ALL)
        self._app, self._config = ASGIWrapper(app), _config()  # type: ignore[arg-type]  # starlette and hypercorn name the types of ASGI differently

    def connect(
        self, on_connected: Callable[[Http2Connection, asyncio.Task[None]], None], limits: Limits
    ) -> asyncio.Protocol:
        """
        Make the protocol of a new connection.

        Args:
            on_connected: Gets the entry for uvicorn's list of connections, and the task that serves it.
            limits: What the connection is held to; its settings, and each frame, have to arrive in that time.
        """
        loop, entry = asyncio.get_running_loop(), Http2Connection()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            entry.serving = loop.create_task(self._serve(reader, writer, entry, limits))
            on_connected(entry, entry.serving)

        return _Reader(asyncio.StreamReader(loop=loop), connected, loop, limits.on_unread)

    async def _serve(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        entry: Http2Connection,
        limits: Limits,
    ) -> None:
        """Serve one connection until either side closes it."""
        loop = asyncio.get_running_loop()
        try:
            connection = _Connection(self._app, loop, self._config, entry.context, {}, reader, writer)
            await connection.run_as(entry, limits, self._waiting)
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # an error in one connection must not end the others
            _errors.info("HTTP/2 connection ended: %s", type(error).__name__)
