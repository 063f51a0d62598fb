"""wrk: as many requests as a server answers, over some connections, for some seconds."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import Server, bound
from tests.bench.scenarios import Script

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("wrk.lua")
_MARK = "RESULT "
_SLACK_SECONDS = 30
_ESCAPED = {byte: f"\\{byte:03d}" for byte in (*range(32), ord('"'), ord("\\"), *range(127, 256))}
"""How Lua writes what is not plain text."""


class LoadFailed(Exception):
    """wrk did not say how it went; the message has what it said."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """
    How fast a server answered.

    Args:
        cpu: What the server used of its core, in seconds; 0 if nobody looked.
    """

    requests: int
    seconds: float
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cpu_each(self) -> float:
        """CPU time a request, in microseconds: hardly moved by what else the machine does."""
        return self.cpu * 1e6 / self.requests

    @property
    def share(self) -> float:
        """Which part of its core the server had: below one, if it waited for others or for requests."""
        return self.cpu / self.seconds


@dataclass(frozen=True, kw_only=True)
class Load(Pace):
    """
    How a server bore it.

    Args:
        refused: Answers with a status of 400 or more.
        lost: Requests without an answer.
        p50: Median latency, in milliseconds.
        p99: Of a hundred requests one takes longer, in milliseconds.
    """

    refused: int
    lost: int
    p50: float
    p99: float


def begun(
    server: Server, script: Script, *, core: int, seconds: int, folder: Path, connections: int = CONNECTIONS
) -> subprocess.Popen[str]:
    """
    Begin to load *server*; `ended` waits for the end.

    Args:
        seconds: Whole ones, as wrk wants them.
    """
    requests = folder / f"requests-{server.port}-{connections}.lua"
    requests.write_text(_lua(script), encoding="ascii")
    command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    command += ["--timeout", "20s", "--script", str(_SCRIPT), server.url, "--", str(requests)]
    return subprocess.Popen(  # noqa: S603  # a command of ours
        bound(command, core), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def ended(process: subprocess.Popen[str], *, seconds: int) -> Load:
    """
    Wait for the end of a load that was begun for *seconds*.

    Raises:
        LoadFailed: It has no result.
    """
    try:
        said, _ = process.communicate(timeout=seconds + _SLACK_SECONDS)
    except subprocess.TimeoutExpired:
        raise LoadFailed("wrk did not end in time") from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    line = next((line for line in said.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise LoadFailed(" ".join(said.split())[-300:] or "wrk wrote nothing")
    found = json.loads(line.removeprefix(_MARK))
    if not found["requests"]:
        raise LoadFailed("no request was answered")
    return Load(
        requests=found["requests"],
        seconds=found["microseconds"] / 1e6,
        refused=found["refused"],
        lost=found["lost"],
        p50=found["p50"] / 1e3,
        p99=found["p99"] / 1e3,
    )


def load(
    server: Server, script: Script, *, core: int, seconds: int, folder: Path, connections: int = CONNECTIONS
) -> Load:
    """
    Load *server* and wait.

    Raises:
        LoadFailed: It has no result.
    """
    process = begun(server, script, core=core, seconds=seconds, folder=folder, connections=connections)
    return ended(process, seconds=seconds)


def _lua(script: Script) -> str:
    return f"return {{first = {_list(script.first)}, again = {_list(script.again)}}}\n"


def _list(requests: Sequence[bytes]) -> str:
    return "{" + ", ".join(map(lua_string, requests)) + "}"


def lua_string(value: bytes) -> str:
    """Write bytes as a string of Lua, in ASCII."""
    return f'"{value.decode("latin-1").translate(_ESCAPED)}"'
