"""Processes on a core of their own that never outlive the benchmark."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 60
_STOP_SECONDS = 10
_POLL_SECONDS = 0.002
_SCHEDULED = 2
"""Of a process's clocks in Linux the one that the scheduler keeps, in nanoseconds."""
_TAIL = 300


class NotStarted(Exception):
    """A process ended or fell silent before its first answer; the message says why."""


@dataclass(frozen=True)
class Cores:
    """
    Who runs where.

    Args:
        server: The core of whatever is measured.
        client: The core of whatever measures.
    """

    server: int
    client: int

    @classmethod
    def of_this_machine(cls) -> "Cores":
        """Take the first and the last core that this process may use."""
        usable = sorted(os.sched_getaffinity(0))
        return cls(usable[0], usable[-1])

    @property
    def all(self) -> str:
        """Both, as a list of cores."""
        return ",".join(map(str, sorted({self.server, self.client})))

    def __str__(self) -> str:
        together = " (the only one: client and server share it)" if self.server == self.client else ""
        return f"server on core {self.server}, client on core {self.client}{together}"


def bound(command: Sequence[str], core: int | str) -> list[str]:
    """
    Let *command* run on one *core*, or a list of them, and be killed when this process ends, however that happens.

    Both wrappers replace themselves by the command, so the process id is the command's own.
    """
    return ["setpriv", "--pdeathsig", "KILL", "taskset", "--cpu-list", str(core), *command]


def missing_tools(*names: str) -> list[str]:
    """List those of *names* that are no commands here."""
    return [name for name in names if shutil.which(name) is None]


def free_port() -> int:
    """Find a port of the loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Server:
    """
    A server that answers.

    Args:
        seconds: From the start of the process to its first answer.
    """

    port: int
    pid: int
    seconds: float

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def resident(self) -> float:
        """How much memory it has, in MiB."""
        return resident(self.pid)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keep it from doing anything, as compiling or collecting, while others are measured on its core."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def cpu(self) -> float:
        """How much of a core it has used so far, in seconds."""
        # The process's own clock, by number as clock_getcpuclockid(3) makes it: /proc counts in ticks of 10 ms.
        return time.clock_gettime(~self.pid << 3 | _SCHEDULED)


def resident(pid: int) -> float:
    """How much memory a process has, in MiB."""
    return _memory(pid, "VmRSS:")


def peak(pid: int) -> float:
    """How much memory a process had at most, in MiB."""
    return _memory(pid, "VmHWM:")


def _memory(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


@contextmanager
def serving(
    command: Callable[[int], Sequence[str]],
    core: int | str,
    folder: Path,
    *,
    environment: Mapping[str, str],
    first: Callable[[http.client.HTTPConnection], int],
    patience: float = PATIENCE_SECONDS,
) -> Iterator[Server]:
    """
    Start a server and wait for its first answer.

    Args:
        command: What to run on a given port.
        folder: Where it runs and logs: an empty one, so that it finds no configuration.
        first: Asks over a new connection and returns the status.
        patience: How many seconds it may take.

    Raises:
        NotStarted: It ended, or answered nothing in time.
    """
    port = free_port()
    log = folder / f"{port}.log"
    with log.open("wb") as lines:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603  # commands of ours
            bound(command(port), core),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=subprocess.STDOUT,
        )
    try:
        _await_answer(process, port, first, log, patience)
        yield Server(port, process.pid, time.perf_counter() - began)
    finally:
        stop(process)
        log.unlink(missing_ok=True)


def _await_answer(
    process: subprocess.Popen[bytes],
    port: int,
    first: Callable[[http.client.HTTPConnection], int],
    log: Path,
    patience: float,
) -> None:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"it ended with {process.returncode}: {_tail(log)}")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        try:
            first(connection)
        except (OSError, http.client.HTTPException):
            time.sleep(_POLL_SECONDS)
        else:
            return
        finally:
            connection.close()
    raise NotStarted(f"no answer within {patience:g} seconds: {_tail(log)}")


def _tail(log: Path) -> str:
    words = log.read_text(encoding="utf-8", errors="replace").split()
    return " ".join(words)[-_TAIL:] or "it wrote nothing"


def stop(process: subprocess.Popen[bytes]) -> None:
    """End *process*: asked first, killed if it does not listen."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    process.wait()
