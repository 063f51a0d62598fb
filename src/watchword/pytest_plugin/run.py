"""The server of a run: started when somebody asks for it first, by xdist's controller or the sole process."""

import json
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from watchword.client import Watchword
    from watchword.own_server import CannotStart, OwnServer

_MOST_WAITING = 64
_TRIAL = "pytest-before-the-first-test"
"""A sandbox that is sent no request."""
_NO_CONTROL = "what answers there is not a running 'watchword serve', or one without its control API"


class Run:
    """
    The server of a run, which is started when somebody asks for it first.

    Under xdist the controller has it, and its workers ask over a socket, so that the controller knows of it.

    Attributes:
        asked: Whether somebody has asked for it, also if it could not be given.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.asked = False
        self._own: OwnServer | None = None
        self._failure: CannotStart | None = None
        self._server: Watchword | None = None
        self._door: Door | None = None
        self._starting = threading.Lock()

    @property
    def used(self) -> bool:
        """Whether somebody has got it."""
        return self._server is not None

    def server(self) -> "Watchword":
        """
        Give the server, running.

        Raises:
            CannotStart: It does not start; that is tried once.
            RuntimeError: The same, in a worker of xdist.
        """
        from watchword.client import Watchword  # noqa: PLC0415  # only those who ask pay

        self.asked = True
        with self._starting:
            if self._server is None:
                self._server = Watchword(self._url(), token=os.environ.get("WATCHWORD_ADMIN_TOKEN"))  # noqa: TID251  # the environment
        return self._server

    def check(self) -> None:
        """
        Start the server, or find out whether the one that somebody gives is a Watchword, and has what options name.

        A worker of xdist only asks its controller, which then does this before the first test, too.

        Raises:
            pytest.UsageError: It does not start, is no Watchword, or does not answer; or it has no such proposal, or no
                such operation.
        """
        if self._is_worker:
            with suppress(RuntimeError):  # the controller says why
                self.server()
            return
        if self._given():
            self._check_given()
        else:
            self._check_own()
        self._check_named()

    def _check_own(self) -> None:
        from watchword.own_server import CannotStart  # noqa: PLC0415  # only those who ask pay

        try:
            self.server()
        except CannotStart as error:
            raise pytest.UsageError(str(error)) from None

    def _check_given(self) -> None:
        from watchword.client import WatchwordError  # noqa: PLC0415  # only those who ask pay

        try:
            told = self.server().ask("GET", "/version")
        except (WatchwordError, ValueError) as error:
            status = error.status if isinstance(error, WatchwordError) else 0
            raise pytest.UsageError(f"{self._source}: {_NO_CONTROL if status == 404 else error}") from None
        if not isinstance(told, dict) or told.get("name") != "watchword":
            raise pytest.UsageError(f"{self._source}: {_NO_CONTROL}")

    def _check_named(self) -> None:
        """Do once what needs what options name: choose the proposal, and report on the operations in its document."""
        server, option = self.server(), self._config.getoption
        proposal, operations = option("--watchword-proposal"), ",".join(option("--watchword-operations"))
        with ExitStack() as ending:
            unasked = _TRIAL
            if proposal is not None:
                with _blaming("--watchword-proposal"):
                    box = server.sandbox(_TRIAL, proposal=proposal)
                ending.callback(box.drop)
                unasked = box.name
            if operations:
                with _blaming("--watchword-operations"):
                    server.coverage("text", sandbox=unasked, operations=operations)

    @property
    def _source(self) -> str:
        """What gives the address of a running server."""
        return "--watchword-url" if self._config.getoption("--watchword-url") else "WATCHWORD_URL"

    @property
    def _is_worker(self) -> bool:
        return hasattr(self._config, "workerinput")

    def _given(self) -> str:
        """The address of a running server; empty if one has to be started."""
        return str(self._config.getoption("--watchword-url") or os.environ.get("WATCHWORD_URL") or "")  # noqa: TID251  # the environment

    def _url(self) -> str:
        worker = getattr(self._config, "workerinput", None)
        if worker is not None:
            return ask_controller(worker["watchword_door"])
        if given := self._given():
            return given
        from watchword.own_server import CannotStart, OwnServer  # noqa: PLC0415  # only those who ask pay

        if self._failure is not None:
            raise self._failure
        try:
            self._own = OwnServer()
        except CannotStart as error:
            self._failure = error
            raise
        return self._own.url

    def door(self) -> str:
        """Open a socket for workers, once; its path."""
        if self._door is None:
            self._door = Door(self)
        return self._door.path

    def stop(self) -> None:
        """End a server that was started here."""
        if self._server is not None:
            self._server.close()
        if self._door is not None:
            self._door.close()
        if self._own is not None:
            self._own.stop()
            self._own = None


@contextmanager
def _blaming(option: str) -> Iterator[None]:
    """
    Blame *option* for what the server refuses.

    Raises:
        pytest.UsageError: It refuses.
    """
    from watchword.client import WatchwordError  # noqa: PLC0415  # only those who ask pay

    try:
        yield
    except WatchwordError as error:
        raise pytest.UsageError(f"{option}: {error}") from None


class Door:
    """A socket at which the controller tells its workers where the server is."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._folder = tempfile.TemporaryDirectory(prefix="watchword-")
        self.path = str(Path(self._folder.name) / "door")
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(self.path)
        self._listener.listen(_MOST_WAITING)
        threading.Thread(target=self._answer, name="watchword-door", daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            with caller:
                try:
                    told = {"url": self._run.server().url}
                except Exception as error:  # noqa: BLE001  # the worker tells it
                    told = {"error": str(error)}
                caller.sendall(json.dumps(told).encode())

    def close(self) -> None:
        """Close it."""
        self._listener.close()
        self._folder.cleanup()


def ask_controller(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as door:
        door.connect(path)
        with door.makefile("rb") as lines:
            told = json.loads(lines.read() or b"{}")
    if "url" not in told:
        raise RuntimeError(told.get("error", "the controller of this run has gone"))
    return str(told["url"])
