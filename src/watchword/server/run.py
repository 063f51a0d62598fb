"""The HTTP server: a socket, a banner when it listens, and a graceful stop."""

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

from watchword.server.detect import Sniffing

GRACE_SECONDS = 5


class CannotListen(Exception):
    """The address is taken or not ours; the message says which."""


class CannotSecure(Exception):
    """Certificate or key cannot be used; the message says why."""


@dataclass(frozen=True)
class Secured:
    """
    TLS.

    Args:
        certificate: A PEM file, with the chain if there is one.
        key: A PEM file without a password.
    """

    certificate: Path
    key: Path


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._stopping = ready, stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._stopping()
        await super().shutdown(sockets)


def is_loopback(host: str) -> bool:
    """Whether *host* can be reached from this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def listen(host: str, port: int) -> socket.socket:
    """
    Take an address.

    Args:
        port: 0 for any free one.

    Raises:
        CannotListen: Somebody else has it, or it cannot be had.
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
    """Lift the number of open files to what the system allows; a shell's usual 1024 are soon idle connections."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(
    app: ASGIApp,
    listening: socket.socket,
    *,
    ready: Callable[[], None],
    stopping: Callable[[], None] = lambda: None,
    port_file: Path | None = None,
    secured: Secured | None = None,
) -> None:
    """
    Serve HTTP/1.1 and HTTP/2 until SIGINT or SIGTERM, then finish what is running.

    Args:
        listening: As `listen` returns it.
        ready: Called once requests are accepted.
        stopping: Called when it is asked to stop, before it waits for running requests.
        port_file: Where to write the port as soon as requests are accepted.
        secured: None to speak in the clear.

    Raises:
        CannotSecure: Certificate or key cannot be used.
        KeyboardInterrupt: It was stopped by SIGINT.
    """

    def started() -> None:
        if port_file is not None:
            # Renamed into place, so that nobody who waits for the file reads half of it.
            unfinished = port_file.with_name(f"{port_file.name}.{os.getpid()}")
            unfinished.write_text(f"{listening.getsockname()[1]}\n", encoding="ascii")
            unfinished.replace(port_file)
        ready()

    _allow_many_connections()
    # The server raises the signal that stopped it again at its end: being asked to stop is no failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # A shell starts its background jobs with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config = uvicorn.Config(
        app,
        http=Sniffing(app),  # type: ignore[arg-type]  # not a class, but makes protocols as one does
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_certfile=None if secured is None else secured.certificate,
        ssl_keyfile=None if secured is None else secured.key,
    )
    try:
        config.load()
    except (ssl.SSLError, OSError) as error:
        raise CannotSecure(f"this certificate and key cannot be used: {error}") from error
    _Server(config, started, stopping).run(sockets=[listening])
