"""
Which protocol a connection speaks: HTTP/2 or HTTP/1.1, on one port.

With TLS the client says so in its handshake (ALPN); without, HTTP/2 begins with a line that no
other version has (RFC 9113, section 3.4, "prior knowledge").
From then on nothing stands between the connection and its protocol, so HTTP/1.1 is as fast as ever.
"""

import asyncio
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from starlette.types import ASGIApp

from watchword.server.http1 import Protocol

if TYPE_CHECKING:
    from watchword.server.http2 import Http2

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Sniffer(asyncio.Protocol):
    """
    One connection until its first bytes.

    Args:
        http2: Gives who serves it if it speaks HTTP/2.
        config: Of uvicorn, as all that follows.
    """

    def __init__(
        self, http2: "Callable[[], Http2]", *, config: Any, server_state: Any, app_state: Any, _loop: Any = None
    ) -> None:
        self._http2, self._state = http2, server_state
        self._given = {"config": config, "server_state": server_state, "app_state": app_state, "_loop": _loop}
        self._seen = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the handshake, if there was one."""
        self._transport = cast(asyncio.Transport, transport)  # which uvloop's only behaves like
        secured = transport.get_extra_info("ssl_object")
        # Until the first bytes, an ending server may hang up at once.
        self._state.connections.add(self)
        if secured is not None and secured.selected_alpn_protocol() == "h2":
            self._go_on_with_http2()

    def data_received(self, data: bytes) -> None:
        """Look at what the client begins with."""
        self._seen += data
        if self._seen.startswith(PREFACE):
            self._go_on_with_http2()
        elif not PREFACE.startswith(self._seen):
            self._go_on_with(Protocol(**self._given))

    def connection_lost(self, _error: Exception | None) -> None:
        """Forget a client who never said what it speaks."""
        self._state.connections.discard(self)

    def shutdown(self) -> None:
        """Hang up."""
        self._transport.close()

    def _go_on_with(self, protocol: asyncio.Protocol) -> None:
        self._state.connections.discard(self)
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        if self._seen:
            protocol.data_received(self._seen)

    def _go_on_with_http2(self) -> None:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(loop=loop)
        http2, state = self._http2(), self._state
        served = http2.served()

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = loop.create_task(http2.serve(reader, writer, served.ending))
            state.connections.add(served)
            state.tasks.add(task)
            task.add_done_callback(state.tasks.discard)
            task.add_done_callback(lambda _task: state.connections.discard(served))

        self._go_on_with(asyncio.StreamReaderProtocol(reader, connected, loop=loop))


class Sniffing:
    """
    Makes a `Sniffer` of every connection; stands where uvicorn wants a protocol.

    Args:
        app: The ASGI application, whatever is spoken.
    """

    alpn_protocols: ClassVar[list[str]] = ["h2", "http/1.1"]
    """What a handshake of TLS offers; uvicorn asks for it by this name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    def __call__(self, **given: Any) -> Sniffer:
        """Take a connection, with what uvicorn gives every protocol."""
        return Sniffer(lambda: self._http2, **given)

    @cached_property
    def _http2(self) -> "Http2":
        from watchword.server.http2 import Http2  # noqa: PLC0415  # most servers never hear of it, and it takes a while to load

        return Http2(self._app)
