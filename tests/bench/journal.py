"""What the journal costs: a server that keeps one beside a server that keeps none, load by load in turn."""

import http.client
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from tests.bench.load import Load, LoadFailed
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server
from tests.bench.run import InsideFailed, Run
from tests.bench.scenarios import Scenario
from tests.bench.targets import WATCHWORD, Target
from watchword.domain.hashing import Profile

GROUP = "journal"
KEEPING, WITHOUT = "with a journal", "without one"
WATCHED = ("validate", "update")
FORK, PAGE = "fork of a sandbox with 1,000 records of its own, in memory", "first page of the window"
_RECORDS = 1000
_ROUNDS_EACH = 4
"""How often both servers of a pair are loaded; there is a pair for each round of the plan."""
_PAGE = "/__admin/ui/"


def measure(run: Run) -> None:
    """Load both with the same requests; then time a fork, and the first page of a window with a full journal."""
    for part in (_load_both, _fork):
        try:
            part(run)
        except (NotStarted, LoadFailed, InsideFailed, OSError) as error:
            run.measures.failed(GROUP, "everything", WATCHWORD, str(error))


def _load_both(run: Run) -> None:
    loads: dict[tuple[str, str], list[Load]] = defaultdict(list)
    pages: list[float] = []
    for number in range(run.plan.rounds):
        _load_pair(run, f"journal: pair {number + 1} of {run.plan.rounds}", loads, pages)
    for name in WATCHED:
        _report(run, run.scenarios[name].title, loads[name, KEEPING], loads[name, WITHOUT])
    run.measures.add(Measure(GROUP, PAGE, WATCHWORD, "ms", tuple(pages), "its journal is full of new requests"))


def _load_pair(run: Run, title: str, loads: dict[tuple[str, str], list[Load]], pages: list[float]) -> None:
    """Load two new servers: where a process happens to keep its objects makes up to 10 % for as long as it runs."""
    sides = [_target(run, KEEPING), _target(run, WITHOUT, "--journal", "0")]
    with ExitStack() as stack:
        servers = {one.name: stack.enter_context(run.serving(one)) for one in sides}
        for name in WATCHED:
            for side in sides:  # warm, and the journal full
                _loaded(run, servers, side, run.scenarios[name], seconds=run.plan.warm_seconds)
        for number in range(_ROUNDS_EACH):
            run.say(f"{title}, round {number + 1} of {_ROUNDS_EACH}")
            for name in WATCHED:
                for side in sides if number % 2 == 0 else sides[::-1]:
                    load = _loaded(run, servers, side, run.scenarios[name], seconds=1)
                    loads[name, side.name].append(load)
            pages.append(_page(servers[KEEPING]))  # of requests that nobody has looked at yet


def _target(run: Run, name: str, *flags: str) -> Target:
    def command(port: int) -> Sequence[str]:
        profile = Profile.FAST.value
        return [sys.executable, "-m", "watchword", "serve", "--port", str(port), "--hashing", profile, *flags]

    return Target(name, run.targets[0].version, command, ours=True)


def _loaded(run: Run, servers: dict[str, Server], side: Target, scenario: Scenario, *, seconds: int) -> Load:
    """Load one of the two while the other one stands still."""
    with ExitStack() as stack:
        for name, server in servers.items():
            if name != side.name:
                stack.enter_context(server.paused())
        return run.load(side, servers[side.name], scenario.script, seconds=seconds)


def _report(run: Run, title: str, keeping: Sequence[Load], without: Sequence[Load]) -> None:
    taken = tuple((1 - one.rate / other.rate) * 100 for one, other in zip(keeping, without, strict=True))
    cpu = tuple((one.cpu_each / other.cpu_each - 1) * 100 for one, other in zip(keeping, without, strict=True))
    run.measures.add(
        Measure(GROUP, f"{title}: {KEEPING}", WATCHWORD, "req/s", tuple(one.rate for one in keeping)),
        Measure(GROUP, f"{title}: {WITHOUT}", WATCHWORD, "req/s", tuple(one.rate for one in without)),
        Measure(
            GROUP,
            f"{title}: throughput that the journal takes",
            WATCHWORD,
            "%",
            taken,
            f"processor time: {median(cpu):+.1f} %",
        ),
    )


def _page(server: Server) -> float:
    """Open the window as a browser does first, on a connection of its own; in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        began = time.perf_counter()
        path = _PAGE
        while True:
            connection.request("GET", path, headers={"Accept": "text/html"})
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (301, 302, 303, 307, 308):
                break
            path = answer.headers["Location"]
        took = (time.perf_counter() - began) * 1000
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise LoadFailed(f"the window answered {answer.status}")
    return took


def _fork(run: Run) -> None:
    run.say(FORK)
    took = [run.inside("fork", _RECORDS)["milliseconds"] for _ in range(run.plan.rounds)]
    run.measures.add(Measure(GROUP, FORK, WATCHWORD, "ms", tuple(took)))
