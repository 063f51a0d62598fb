"""A team's test command, which is run again and again, and of which nothing may stay behind."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from tempfile import TemporaryFile
from threading import Event
from typing import IO

from watchword.cli.guard import guarding
from watchword.cli.started_by import PARENT
from watchword.cli.starting import starting
from watchword.domain.clock import start_timer

_LOOK_SECONDS = 0.25
_GRACE_SECONDS = 3
_SHOWN_BYTES = 4_000


class Stopped(Exception):
    """The runs were ended from outside; the message says how."""


@dataclass(frozen=True)
class Ended:
    """
    How a run ended.

    Args:
        code: The exit code; None if the run took too long, and was ended.
        said: The end of what it wrote.
    """

    code: int | None
    seconds: float
    said: str = field(repr=False)


class Suite:
    """
    A test command; several of its runs can go on at once.

    Args:
        variables: Its environment.
    """

    def __init__(self, command: Sequence[str], variables: Mapping[str, str]) -> None:
        self._command, self._variables = command, variables
        self._stopped = Event()

    def stop(self) -> None:
        """End all runs, and begin none any more."""
        self._stopped.set()

    def run(self, url: str, *, limit: timedelta | None = None) -> Ended:
        """
        Run the command to its end, with the address of a server in WATCHWORD_URL.

        Args:
            limit: How long it may take.

        Raises:
            CannotStartCommand: It cannot be started.
            Stopped: All runs were ended.
        """
        elapsed = start_timer()
        with TemporaryFile() as output:
            with starting(self._command):
                process = subprocess.Popen(  # noqa: S603  # the user's own
                    self._command,
                    env={**self._variables, "WATCHWORD_URL": url},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # so that all that it starts can be ended with it
                )
            with guarding(process, group=True):
                try:
                    code = self._wait(process, lambda: limit is None or elapsed() < limit)
                finally:
                    _end(process)
            return Ended(code, elapsed().total_seconds(), _tail(output))

    def _wait(self, process: "subprocess.Popen[bytes]", time_left: Callable[[], bool]) -> int | None:
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_LOOK_SECONDS)
            if self._stopped.is_set():
                raise Stopped("all runs were ended")
            if os.getppid() != PARENT:
                raise Stopped("the process that started this one is gone")
            if not time_left():
                return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a run that still goes on, and whatever it has left behind."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
    _signal(process, signal.SIGKILL)
    process.wait()


def _signal(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    # The session bears the number of its first process. It is gone once nobody is left in it.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _tail(output: IO[bytes]) -> str:
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _SHOWN_BYTES))
    return output.read().decode(errors="replace").strip()
