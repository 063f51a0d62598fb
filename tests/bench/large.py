"""How a large public document starts beside the imitated systems: GitHub's, as its publisher writes it."""

import http.client
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, peak, serving
from tests.bench.run import Run
from tests.bench.targets import MODULES, WATCHWORD, environment

GROUP = "large document"
FIRST, CPU, PEAK, AFTER_START = "start to first answer", "processor time of the start", "memory at most", "after start"
ASKED = ("/github/emojis", "/github/user", "/repos/octocat/hello-world", "/github/orgs/acme/members")
_PATIENCE_SECONDS = 180


def document() -> Path:
    """Where npm puts the document."""
    return MODULES / "@octokit" / "openapi" / "generated" / "api.github.com.json"


def measure(run: Run) -> None:
    """Start a server with the document, several times."""
    if not document().is_file():
        run.measures.failed(GROUP, FIRST, WATCHWORD, "npm has not installed @octokit/openapi")
        return
    found: dict[str, list[float]] = {what: [] for what in (FIRST, CPU, PEAK, AFTER_START)}
    empty = run.folder / "large"
    empty.mkdir(exist_ok=True)
    for number in range(run.plan.rounds):
        run.say(f"a large document: {number + 1} of {run.plan.rounds}")
        try:
            with serving(
                _command, run.cores.server, empty, environment=environment(), first=_ask, patience=_PATIENCE_SECONDS
            ) as server:
                found[FIRST].append(server.seconds)
                found[CPU].append(server.cpu())
                found[PEAK].append(peak(server.pid))
                found[AFTER_START].append(server.resident())
        except NotStarted as error:
            run.measures.failed(GROUP, FIRST, WATCHWORD, str(error))
            return
    size = f"{document().stat().st_size / 2**20:.1f} MiB of JSON"
    for what, values in found.items():
        unit = "s" if what in (FIRST, CPU) else "MiB"
        run.measures.add(Measure(GROUP, what, WATCHWORD, unit, tuple(values), size if what == CPU else ""))


def _command(port: int) -> Sequence[str]:
    given = f"github={document()}"
    return [sys.executable, "-m", "watchword", "serve", "--port", str(port), "--hashing", "fast", "--document", given]


def _ask(connection: http.client.HTTPConnection) -> int:
    status = 0
    for path in ASKED:
        connection.request("GET", path, headers={"Authorization": "Bearer any"})
        answer = connection.getresponse()
        answer.read()
        status = answer.status
        if status != http.client.OK:
            raise NotStarted(f"{path} answered {status}")
    return status
