"""Run the HTTP server: report when it is ready, and stop gracefully."""

import asyncio
import resource
import signal
import socket
import ssl
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from watchword.server import parent_process, standard_input
from watchword.server.detect import ProtocolFactory, ServedConnection
from watchword.server.unread import Limits

GRACE_SECONDS = 5
"""How long running requests may take after the signal."""
_ANSWER_SECONDS = 1
"""How long before the end of that time requests are cancelled, so that they can still say that the server stops."""


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
    def __init__(
        self,
        config: uvicorn.Config,
        on_ready: Callable[[], None],
        on_stop: Callable[[], None],
        *,
        after_requests: Callable[[], Coroutine[Any, Any, None]] | None,
        stdin: bool,
        parent: int | None,
    ) -> None:
        super().__init__(config)
        self._on_ready, self._on_stop, self._stdin, self._parent = on_ready, on_stop, stdin, parent
        self._after_requests, self._forced = after_requests, asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            return
        self._loop = loop = asyncio.get_running_loop()
        # `nohup` starts a program with SIGHUP ignored; else it means that the terminal was closed.
        if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
            loop.add_signal_handler(signal.SIGHUP, self._stop)
        if self._stdin:
            standard_input.when_closed(lambda: _call_soon(loop, self._stop))
        if self._parent is not None:
            parent_process.when_gone(self._parent, self._stop)
        self._on_ready()

    def _stop(self) -> None:
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self.force_exit and self._loop is not None:
            _call_soon(self._loop, self._forced.set)  # which wakes the loop as well

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_stop()
        asyncio.get_running_loop().call_later(GRACE_SECONDS - _ANSWER_SECONDS, self._end_requests)
        await super().shutdown(sockets)
        if self._after_requests is not None:
            await self._wait_unless_forced(self._after_requests())

    async def _wait_unless_forced(self, rest: Coroutine[Any, Any, None]) -> None:
        """Wait for what is left to do after all requests; a second Ctrl-C cancels it."""
        doing, forced = asyncio.create_task(rest), asyncio.create_task(self._forced.wait())
        await asyncio.wait((doing, forced), return_when=asyncio.FIRST_COMPLETED)
        for one in (doing, forced):
            one.cancel()
        with suppress(asyncio.CancelledError):
            await doing

    def _end_requests(self) -> None:
        running: set[asyncio.Task[None]] = set(self.server_state.tasks)
        for one in self.server_state.connections:
            if isinstance(one, ServedConnection):
                running = (running - {one.serving}) | one.running()
        for task in running:
            task.cancel()


def _call_soon(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    # The loop is closed if the server has stopped already.
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(act)


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as allowed: idle connections soon reach the usual 1024."""
    _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard_limit, hard_limit))


def run(
    app: ASGIApp,
    listening: Sequence[socket.socket],
    *,
    on_ready: Callable[[], None],
    on_stop: Callable[[], None] = lambda: None,
    after_requests: Callable[[], Coroutine[Any, Any, None]] | None = None,
    tls: TlsFiles | None = None,
    until_stdin_closes: bool = False,
    until_gone: int | None = None,
    limits: Limits | None = None,
) -> None:
    """
    Serve HTTP/1.1 and HTTP/2 until SIGINT, SIGTERM or SIGHUP, then finish running requests.

    Args:
        listening: As `listen` returns it.
        on_ready: Called once requests are accepted.
        on_stop: Called after the signal, before the server waits for running requests.
        after_requests: Awaited once no request is running any more; cancelled if SIGINT comes a second time.
        tls: None to serve without TLS.
        until_stdin_closes: Stop too when standard input is closed.
        until_gone: Stop too when this process, the parent, is gone.
        limits: What each connection is held to; None for the usual ones.

    Raises:
        CannotUseTls: The certificate or the key cannot be used.
        KeyboardInterrupt: SIGINT stopped the server.
    """
    _allow_many_connections()
    # uvicorn raises the signal again when it has stopped; with this handler SIGTERM is then not a failure.
    signal.signal(signal.SIGTERM, lambda *_: None)
    # A shell starts background jobs with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config = uvicorn.Config(
        app,
        http=ProtocolFactory(app, limits),  # type: ignore[arg-type]  # not a class, but called like one
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
    _Server(config, on_ready, on_stop, after_requests=after_requests, stdin=until_stdin_closes, parent=until_gone).run(
        sockets=list(listening)
    )
