"""
``python -m tests.bench``: measure everything, beside peers, and write it down.

Results of a full run go to ``tests/bench/results`` and into the README, those of a quick one to ``reports/bench``.
A peer that does not start is reported as not measured.
With ``--against REV`` no peer is started: that commit is measured beside this one, into ``reports/bench``.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import (
    against,
    commits,
    consumers,
    expensive,
    growth,
    insides,
    journal,
    large,
    protocols,
    starting,
    throughput,
)
from tests.bench.machine import machine
from tests.bench.processes import Cores, NotStarted, missing_tools
from tests.bench.report import Results, report
from tests.bench.run import AGAINST, AGAINST_QUICK, FULL, QUICK, Plan, Run
from tests.bench.scenarios import scenarios
from tests.bench.targets import targets, versions, watchword
from tests.bench.verdicts import THAT, THIS, Comparison, compared
from tests.bench.written import KEPT, PASSING, read, write, write_comparison
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Profile

_NEEDED = ("wrk", "taskset", "setpriv")
_CANNOT, _TERMINATED = 2, 143


def main() -> int:
    """Measure, write, print; 2 if it cannot."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds of everything, and few")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--render", action="store_true", help="measure nothing, write the last results again")
    either.add_argument("--against", metavar="REV", help="measure another commit beside this one, and nobody else")
    arguments = parser.parse_args()
    if not arguments.render:
        lacking = missing_tools(*_NEEDED, *(["git"] if arguments.against is not None else []))
        if lacking:
            sys.stderr.write(f"make bench needs {', '.join(lacking)}: see CONTRIBUTING.md\n")
            return _CANNOT
        # So that every server is stopped on the way out.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    if arguments.against is not None:
        return _against(arguments.against, AGAINST_QUICK if arguments.quick else AGAINST)
    if arguments.render:
        results = read(PASSING if arguments.quick else KEPT)
    else:
        results = _measured(QUICK if arguments.quick else FULL)
    _show(report(results), write(results))
    return 0


def _against(revision: str, plan: Plan) -> int:
    try:
        comparison = _compared(revision, plan)
    except (commits.NoCommit, NotStarted) as error:
        sys.stderr.write(f"{error}\n")
        return _CANNOT
    _show(compared(comparison), write_comparison(comparison, revision))
    return 0


def _show(text: str, written: list[Path]) -> None:
    sys.stdout.write(text)
    sys.stderr.write("".join(f"wrote {path}\n" for path in written))


def _measured(plan: Plan) -> Results:
    served_api = imitated_api(Options(hashing=Profile.FAST))
    with _place() as (folder, cores, here):
        found = targets(served_api, folder)
        run = Run(plan, cores, folder, found, scenarios(served_api.sandboxes.people()))
        for part in (starting, large, throughput, protocols, expensive, insides, journal, consumers, growth):
            part.measure(run)
    return Results(_today(), plan.quick, plan.rounds, here, versions(found), run.measures)


def _compared(revision: str, plan: Plan) -> Comparison:
    people = imitated_api(Options(hashing=Profile.FAST)).sandboxes.people()
    with _place() as (folder, cores, here):
        that, this = commits.unpacked(revision, folder / "tree"), commits.present()
        unlike = commits.unlike_dependencies(this, that)
        sys.stderr.write(f"{unlike}\n" if unlike else "")
        sides = [watchword(name=name, path=one.path) for name, one in ((THIS, this), (THAT, that))]
        run = Run(plan, cores, folder, sides, scenarios(people))
        against.measure(run)
    return Comparison(_today(), plan.quick, plan.rounds, this.name, that.name, unlike, here, run.measures)


@contextmanager
def _place() -> Iterator[tuple[Path, Cores, dict[str, str]]]:
    """Give a folder, cores, and what the machine is, to which the time it took is added in the end."""
    began = time.monotonic()
    cores = Cores.of_this_machine()
    here = machine(cores)
    os.sched_setaffinity(0, {cores.client})
    with tempfile.TemporaryDirectory(prefix="watchword-bench-") as name:
        yield Path(name), cores, here
    here["took"] = f"{(time.monotonic() - began) / 60:.1f} minutes"


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"


if __name__ == "__main__":
    sys.exit(main())
