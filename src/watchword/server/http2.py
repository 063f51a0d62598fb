"""
HTTP/2 on a connection: hypercorn's protocol, with fixes that it lacks.

hypercorn gets connections from ``detect``; it opens no socket of its own.
"""

import asyncio
import logging
from typing import Any

from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.asyncio.task_group import TaskGroup
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from hypercorn.protocol.h2 import H2Protocol
from hypercorn.typing import ConnectionState
from hypercorn.utils import parse_socket_addr
from starlette.types import ASGIApp

IDLE_SECONDS = 600
"""How long a connection may be idle: a gRPC client keeps one open as long as it runs."""
STREAMS = 100
"""How many calls can run at the same time on one connection."""

_errors = logging.getLogger("watchword.error")


class _ClosedStream:
    """A stream that was answered before its whole request had arrived; the rest of the request is ignored."""

    idle = True

    async def handle(self, _event: Any) -> None:
        """Ignore the event."""


class _Streams(dict[int, Any]):
    """The streams of a connection. An event of a closed stream is not an error (hypercorn #329)."""

    def __missing__(self, _stream: int) -> _ClosedStream:
        return _ClosedStream()


class _Protocol(H2Protocol):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.streams = _Streams()


class _Connection(TCPServer):
    """hypercorn's connection, without the detection of the protocol, which is known already."""

    async def run(self) -> None:
        try:
            sock = self.writer.get_extra_info("socket")
            peer = parse_socket_addr(sock.family, self.writer.get_extra_info("peername"))
            here = parse_socket_addr(sock.family, self.writer.get_extra_info("sockname"))
            tls = self.writer.get_extra_info("ssl_object") is not None
            async with TaskGroup(self.loop) as self._task_group:
                protocol = _Protocol(
                    self.app,
                    self.config,
                    self.context,
                    self._task_group,
                    ConnectionState(self.state),
                    tls,
                    peer,
                    here,
                    self.protocol_send,
                )
                self.protocol = protocol  # type: ignore[assignment]  # it has the two methods that are called
                await protocol.initiate()
                await self.idle_task.restart(self._task_group, self._idle_timeout)
                await self._read_data()
        except OSError:
            pass
        finally:
            await self._close()


class Http2Connection:
    """An HTTP/2 connection in uvicorn's list of connections."""

    def __init__(self) -> None:
        self.context = WorkerContext(None)
        self._shutting_down: asyncio.Task[None] | None = None

    def shutdown(self) -> None:
        """Finish running calls and accept no others."""
        self._shutting_down = asyncio.ensure_future(self.context.terminated.set())


def _config() -> Config:
    config = Config()
    config.accesslog = config.errorlog = None
    config.include_server_header = False
    # By default a connection ends after a thousand calls, and a call that is just arriving is lost.
    config.keep_alive_max_requests = 10**9
    config.keep_alive_timeout = IDLE_SECONDS
    config.h2_max_concurrent_streams = STREAMS
    # 0 is unlimited: a full queue of one stream that is no longer read would block the whole connection.
    config.max_app_queue_size = 0
    return config


class Http2Server:
    """
    Serves HTTP/2 connections.

    Args:
        app: The ASGI application, the same as for HTTP/1.1.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._config = ASGIWrapper(app), _config()  # type: ignore[arg-type]  # starlette and hypercorn name the types of ASGI differently

    def connection(self) -> Http2Connection:
        """Make the entry for uvicorn's list of connections."""
        return Http2Connection()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: WorkerContext) -> None:
        """
        Serve one connection until either side closes it.

        Args:
            context: Once its ``terminated`` is set, running calls are finished and no others are accepted.
        """
        try:
            await _Connection(self._app, asyncio.get_running_loop(), self._config, context, {}, reader, writer).run()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # an error in one connection must not end the others
            _errors.info("HTTP/2 connection ended: %s", type(error).__name__)
