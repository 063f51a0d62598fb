"""Whether memory grows under load, and by how much for each request."""

import time

from tests.bench.load import LoadFailed, begun, ended
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted
from tests.bench.run import Run
from tests.bench.scenarios import reset
from tests.bench.targets import WATCHWORD

GROUP = "growth"
WATCHED = ("validate", "update")
_LOOK_SECONDS = 1.0


def measure(run: Run) -> None:
    """Load a server for a minute with each kind of request, and measure its memory every second."""
    for name in WATCHED:
        run.say(f"memory under load: {name}, {run.plan.growth_seconds} seconds")
        title = run.scenarios[name].title
        try:
            _measure(run, name, title)
        except (NotStarted, LoadFailed) as error:
            run.measures.failed(GROUP, title, WATCHWORD, str(error))


def _measure(run: Run, name: str, title: str) -> None:
    script, seconds = run.scenarios[name].script, run.plan.growth_seconds
    with run.serving(run.targets[0]) as server:
        reset(server.port, script.sandboxes)
        run.load(run.targets[0], server, script, seconds=run.plan.warm_seconds)
        reset(server.port, script.sandboxes)
        seen = [server.resident()]
        loading = begun(server, script, core=run.cores.client, seconds=seconds, folder=run.folder)
        while loading.poll() is None:
            time.sleep(_LOOK_SECONDS)
            seen.append(server.resident())
        found = ended(loading, seconds=seconds)
    grown = seen[-1] - seen[0]
    note = f"{found.requests} requests" + (f", {found.refused} refused" if found.refused else "")
    run.measures.add(
        Measure(GROUP, f"{title}: before", WATCHWORD, "MiB", (seen[0],), note),
        Measure(GROUP, f"{title}: after {seconds} s", WATCHWORD, "MiB", (seen[-1],)),
        Measure(GROUP, f"{title}: growth", WATCHWORD, "MiB/min", (grown * 60 / seconds,)),
        Measure(GROUP, f"{title}: in the second half", WATCHWORD, "MiB/min", (_slope(seen),)),
        Measure(GROUP, f"{title}: each request", WATCHWORD, "KiB", (grown * 1024 / found.requests,)),
    )


def _slope(seen: list[float]) -> float:
    """Compute the growth in the second half, in MiB a minute, when all caches are filled."""
    half = seen[len(seen) // 2 :]
    return (half[-1] - half[0]) * 60 / (_LOOK_SECONDS * max(len(half) - 1, 1))
