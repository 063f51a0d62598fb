"""Run the HTTP server: open a socket, report when it is ready, and stop gracefully."""

import asyncio
import ipaddress
import os
import resource
import signal
import socket
import ssl
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from watchword.server.detect import ARRIVAL_SECONDS, ProtocolFactory, ServedConnection

GRACE_SECONDS = 5
"""How long running requests may take after the signal."""
_ANSWER_SECONDS = 1
"""How long before the end of that time requests are cancelled, so that they can still say that the server stops."""


class CannotListen(Exception):
    """The address cannot be used; the message gives the reason."""


class CannotUseTls(Exception):
    """The certificate or the key cannot be used; the message gives the reason."""


@dataclass(frozen=True)
class TlsFiles:
    """
    The files for TLS.

    Args:
        certificate: A PEM file, with the certificate chain if there is one.
        key: A PEM file without a password.
    """

    certificate: Path
    key: Path


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready, self._on_stop = on_ready, on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        asyncio.get_running_loop().call_later(GRACE_SECONDS - _ANSWER_SECONDS, self._end_requests)
        await super().shutdown(sockets)

    def _end_requests(self) -> None:
        running: set[asyncio.Task[None]] = set(self.server_state.tasks)
        for one in self.server_state.connections:
            if isinstance(one, ServedConnection):
                running = (running - {one.serving}) | one.running()
        for task in running:
            task.cancel()


def is_loopback(host: str) -> bool:
    """Whether *host* is reachable only from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """
    Open a socket at an address.

    Args:
        port: 0 for any free port.

    Raises:
        CannotListen: The address is in use, or it is not an address of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with ExitStack() as unless_bound:
            listening = unless_bound.enter_context(socket.socket(family, kind, protocol))
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            unless_bound.pop_all()
    except (OSError, UnicodeError, OverflowError) as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {error}") from error
    return listening


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as allowed: idle connections soon reach the usual 1024."""
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))


def run(
    app: ASGIApp,
    listening: socket.socket,
    *,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None] = lambda: None,
    port_file: Path | None = None,
    tls: TlsFiles | None = None,
    arrival_seconds: float = ARRIVAL_SECONDS,
) -> None:
    """
    Serve HTTP/1.1 and HTTP/2 until SIGINT or SIGTERM, then finish running requests.

    Args:
        listening: As `listen` returns it.
        on_ready: Called once requests are accepted.
        on_stop: Called after the signal, before the server waits for running requests.
        port_file: Where to write the port once requests are accepted.
        tls: None to serve without TLS.
        arrival_seconds: How long the first bytes of a connection, and then each head, may take to arrive.

    Raises:
        CannotUseTls: The certificate or the key cannot be used.
        KeyboardInterrupt: SIGINT stopped the server.
    """

    def on_started() -> None:
        if port_file is not None:
            # Renamed when it is complete: a program that waits for the file must not read half of it.
            unfinished = port_file.with_name(f"{port_file.name}.{os.getpid()}")
            unfinished.write_text(f"{listening.getsockname()[1]}\n", encoding="ascii")
            unfinished.replace(port_file)
        on_ready()

    _allow_many_connections()
    # uvicorn raises the signal again when it has stopped; with this handler SIGTERM is then not a failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # A shell starts background jobs with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config = uvicorn.Config(
        app,
        http=ProtocolFactory(app, arrival_seconds),  # type: ignore[arg-type]  # not a class, but called like one
        ws="none",
        lifespan="off",
        # Headers such as X-Forwarded-For are sent by clients too, and the control API trusts an address.
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=None if tls is None else tls.certificate,
        ssl_keyfile=None if tls is None else tls.key,
    )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        raise CannotUseTls(f"this certificate and key cannot be used: {error}") from error
    _Server(config, on_started, on_stop).run(sockets=[listening])
