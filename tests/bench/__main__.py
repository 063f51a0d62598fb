"""
``python -m tests.bench``: measure everything, beside peers, and write it down.

Results of a full run go to ``tests/bench/results`` and into the README, those of a quick one to ``reports/bench``.
A peer that does not start is reported as not measured.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import expensive, growth, insides, protocols, starting, throughput
from tests.bench.machine import machine
from tests.bench.processes import Cores, missing_tools
from tests.bench.report import Results, report
from tests.bench.run import FULL, QUICK, Plan, Run
from tests.bench.scenarios import scenarios
from tests.bench.targets import targets, versions
from tests.bench.written import KEPT, PASSING, read, write
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Profile

_NEEDED = ("wrk", "taskset", "setpriv")
_CANNOT, _TERMINATED = 2, 143


def main() -> int:
    """Measure, write, print; 2 if it cannot."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round of everything")
    parser.add_argument("--render", action="store_true", help="measure nothing, write the last results again")
    arguments = parser.parse_args()
    if arguments.render:
        results = read(PASSING if arguments.quick else KEPT)
    else:
        lacking = missing_tools(*_NEEDED)
        if lacking:
            sys.stderr.write(f"make bench needs {', '.join(lacking)}: see CONTRIBUTING.md\n")
            return _CANNOT
        # So that every server is stopped on the way out.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
        results = _measured(QUICK if arguments.quick else FULL)
    written = write(results)
    sys.stdout.write(report(results))
    sys.stderr.write("".join(f"wrote {path}\n" for path in written))
    return 0


def _measured(plan: Plan) -> Results:
    began = time.monotonic()
    cores = Cores.of_this_machine()
    here = machine(cores)
    os.sched_setaffinity(0, {cores.client})
    with tempfile.TemporaryDirectory(prefix="watchword-bench-") as name:
        folder = Path(name)
        served_api = imitated_api(Options(hashing=Profile.FAST))
        found = targets(served_api, folder)
        run = Run(plan, cores, folder, found, scenarios(served_api.sandboxes.people()))
        for part in (starting, throughput, protocols, expensive, insides, growth):
            part.measure(run)
    here["took"] = f"{(time.monotonic() - began) / 60:.1f} minutes"
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return Results(date, plan.quick, plan.rounds, here, versions(found), run.measures)


if __name__ == "__main__":
    sys.exit(main())
