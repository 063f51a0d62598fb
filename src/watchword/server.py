"""The HTTP server: a socket, a banner when it listens, and a graceful stop."""

import ipaddress
import os
import resource
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from watchword.protocol import Protocol

GRACE_SECONDS = 5


class CannotListen(Exception):
    """The address is taken or not ours; the message says which."""


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


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


def run(app: ASGIApp, listening: socket.socket, *, ready: Callable[[], None], port_file: Path | None = None) -> None:
    """
    Serve until SIGINT or SIGTERM, then finish what is running.

    Args:
        listening: As `listen` returns it.
        ready: Called once requests are accepted.
        port_file: Where to write the port as soon as requests are accepted.

    Raises:
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
    config = uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    _Server(config, started).run(sockets=[listening])
