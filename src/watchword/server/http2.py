"""
HTTP/2 on a connection: what hypercorn leaves open, closed.

hypercorn is given the connection as it is, by ``sniffing``; it binds no socket of its own.
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
"""How long a connection may be without a call: clients of gRPC keep one for their whole life."""
STREAMS = 100
"""Calls at once on one connection."""

_errors = logging.getLogger("watchword.error")


class _Gone:
    """A stream that was answered before its request had arrived whole; the rest is let go."""

    idle = True

    async def handle(self, _event: Any) -> None:
        """Let it go."""


class _Streams(dict[int, Any]):
    """The streams of a connection; one that was answered already is not an error (hypercorn #329)."""

    def __missing__(self, _stream: int) -> _Gone:
        return _Gone()


class _Protocol(H2Protocol):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.streams = _Streams()


class _Connection(TCPServer):
    """As the base, without its search for the protocol: that has been found."""

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
                self.protocol = protocol  # type: ignore[assignment]  # it has the two verbs of the base's wrapper
                await protocol.initiate()
                await self.idle_task.restart(self._task_group, self._idle_timeout)
                await self._read_data()
        except OSError:
            pass
        finally:
            await self._close()


class Served:
    """A connection that speaks HTTP/2, as the server's list of connections wants it."""

    def __init__(self) -> None:
        self.ending = WorkerContext(None)
        self._asked: asyncio.Task[None] | None = None

    def shutdown(self) -> None:
        """Finish running calls, begin no others."""
        self._asked = asyncio.ensure_future(self.ending.terminated.set())


def _config() -> Config:
    config = Config()
    config.accesslog = config.errorlog = None
    config.include_server_header = False
    # Its default ends a connection after a thousand calls, one of which is then lost.
    config.keep_alive_max_requests = 10**9
    config.keep_alive_timeout = IDLE_SECONDS
    config.h2_max_concurrent_streams = STREAMS
    # A full queue would stop the whole connection for a stream that nobody reads any more.
    config.max_app_queue_size = 0
    return config


class Http2:
    """
    Serves connections that speak HTTP/2.

    Args:
        app: The same ASGI application that HTTP/1.1 has.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._config = ASGIWrapper(app), _config()  # type: ignore[arg-type]  # other names for ASGI

    def served(self) -> Served:
        """Make what stands for one connection."""
        return Served()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ending: WorkerContext) -> None:
        """
        Serve one connection until either side ends it.

        Args:
            ending: Once its ``terminated`` is set, running calls are finished and no others begun.
        """
        try:
            await _Connection(self._app, asyncio.get_running_loop(), self._config, ending, {}, reader, writer).run()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001  # what one client sends must end its connection alone
            _errors.info("HTTP/2 connection ended: %s", type(error).__name__)
