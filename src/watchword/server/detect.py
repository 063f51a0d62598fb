"""
Detect whether a connection speaks HTTP/2 or HTTP/1.1, so that one port serves both.

With TLS, the handshake agrees on a protocol (ALPN). Without TLS, an HTTP/2 connection starts with a fixed preface
(RFC 9113, section 3.4, "prior knowledge").
Then the connection is handed over to its protocol: detecting costs nothing after the first bytes.
"""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast, runtime_checkable

from starlette.types import ASGIApp

from watchword.server.http1 import Http1Protocol
from watchword.server.unread import TOO_LATE, Limits

if TYPE_CHECKING:
    from watchword.server.http2 import Http2Connection, Http2Server

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


@runtime_checkable
class ServedConnection(Protocol):
    """A connection that carries several requests at a time, each in a task of its own."""

    serving: asyncio.Task[None] | None
    """The task of the connection."""

    def running(self) -> set[asyncio.Task[None]]:
        """List the tasks of running requests."""


class ProtocolDetector(asyncio.Protocol):
    """
    A connection until its protocol is known.

    Args:
        http2: Returns the server for HTTP/2.
        limits: What the connection is held to.
        config, server_state, app_state: What uvicorn gives to every protocol.
    """

    def __init__(
        self,
        http2: "Callable[[], Http2Server]",
        limits: Limits,
        *,
        config: Any,
        server_state: Any,
        app_state: Any,
        _loop: Any = None,
    ) -> None:
        self._http2, self._limits, self._state = http2, limits, server_state
        self._arguments = {"config": config, "server_state": server_state, "app_state": app_state, "_loop": _loop}
        self._received = b""
        self._transport: asyncio.Transport
        self._timer: asyncio.TimerHandle

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Find the protocol that the TLS handshake agreed on, if there was one."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's transports are no subclass
        tls = transport.get_extra_info("ssl_object")
        # Listed as a connection, so that a stopping server can close it.
        self._state.connections.add(self)
        self._timer = asyncio.get_running_loop().call_later(self._limits.arrival_seconds, self._give_up)
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            self._switch_to_http2()

    def data_received(self, data: bytes) -> None:
        """Compare the first bytes with the preface of HTTP/2."""
        self._received += data
        if self._received.startswith(PREFACE):
            self._switch_to_http2()
        elif not PREFACE.startswith(self._received):
            protocol = Http1Protocol(**self._arguments)
            protocol.limits = self._limits
            self._switch_to(protocol)

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget a client that disconnected before its protocol was known."""
        self._timer.cancel()
        self._state.connections.discard(self)

    def shutdown(self) -> None:
        """Close the connection."""
        self._transport.close()

    def _switch_to(self, protocol: asyncio.Protocol) -> None:
        self._timer.cancel()
        self._state.connections.discard(self)
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if self._received:
            protocol.data_received(self._received)

    def _switch_to_http2(self) -> None:
        state = self._state

        def on_connected(connection: "Http2Connection", task: asyncio.Task[None]) -> None:
            state.connections.add(connection)
            state.tasks.add(task)
            task.add_done_callback(state.tasks.discard)
            task.add_done_callback(lambda _task: state.connections.discard(connection))

        self._switch_to(self._http2().connect(on_connected, self._limits))

    def _give_up(self) -> None:
        # A connection without a byte is no lost request: browsers open some in advance.
        if self._received:
            self._limits.on_unread("http/2", 0, TOO_LATE)
        self._transport.close()


class ProtocolFactory:
    """
    Makes a `ProtocolDetector` for every connection; uvicorn calls it in the place of a protocol class.

    Args:
        app: The ASGI application, the same for both protocols.
        limits: What each connection is held to; None for the usual ones.
    """

    alpn_protocols: ClassVar[list[str]] = ["h2", "http/1.1"]
    """What a TLS handshake offers; uvicorn reads it by this name."""

    def __init__(self, app: ASGIApp, limits: Limits | None = None) -> None:
        self._app, self._limits = app, limits or Limits()

    def __call__(self, **arguments: Any) -> ProtocolDetector:
        """Make the protocol of a new connection."""
        return ProtocolDetector(lambda: self._http2, self._limits, **arguments)

    @cached_property
    def _http2(self) -> "Http2Server":
        from watchword.server.http2 import Http2Server  # noqa: PLC0415  # slow to import, and most servers never need it

        return Http2Server(self._app)
