"""What every part of the benchmark shares: where, how long, whom, and where the numbers go."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.bench.load import CONNECTIONS, Load, load
from tests.bench.measure import Measures
from tests.bench.processes import Cores, Server, bound, serving
from tests.bench.scenarios import Scenario, Script, reset
from tests.bench.targets import Target, environment

_PATIENCE_SECONDS = 600


class InsideFailed(Exception):
    """A measurement in a process of its own ended badly; the message has what it said."""


@dataclass(frozen=True)
class Plan:
    """
    How long, and how often.

    Args:
        rounds: Of everything that is compared.
        seconds: Of one load.
        warm_seconds: Of a load whose numbers are thrown away.
        starts: Starts of each target.
        growth_seconds: Of the load under which memory is watched.
        sandboxes: How many are made, and where on the way to look.
        users: Sizes of the store.
        fill_seconds: How long to wait for a store to be filled.
    """

    quick: bool
    rounds: int
    seconds: int
    warm_seconds: int
    starts: int
    growth_seconds: int
    sandboxes: tuple[int, ...]
    users: tuple[int, ...]
    fill_seconds: int


FULL = Plan(
    quick=False,
    rounds=3,
    seconds=2,
    warm_seconds=2,
    starts=7,
    growth_seconds=60,
    sandboxes=(1000, 10_000),
    users=(100, 10_000, 100_000),
    fill_seconds=90,
)
QUICK = Plan(
    quick=True,
    rounds=1,
    seconds=1,
    warm_seconds=1,
    starts=1,
    growth_seconds=4,
    sandboxes=(1000,),
    users=(100, 10_000),
    fill_seconds=5,
)
AGAINST = replace(FULL, rounds=18, seconds=1, warm_seconds=1)
"""
About nine minutes. Of two servers that do the same, the medians of so many ratios came out within 2 % of one
on a machine that others used too; fewer and longer rounds left more noise.
"""
AGAINST_QUICK = replace(QUICK, rounds=2)
"""Two rounds, so that each server comes first once."""


@dataclass(frozen=True)
class Run:
    """
    One run of the benchmark.

    Args:
        folder: For documents and logs; gone afterwards.
    """

    plan: Plan
    cores: Cores
    folder: Path
    targets: Sequence[Target]
    scenarios: dict[str, Scenario]
    measures: Measures = field(default_factory=Measures)

    def say(self, text: str) -> None:
        """Tell whoever waits how far it is."""
        sys.stderr.write(f"{text}\n")

    @contextmanager
    def serving(self, target: Target, *, everywhere: bool = False) -> Iterator[Server]:
        """
        Start *target* on the server's core, or on all of them.

        Raises:
            NotStarted: It gives no answer.
        """
        empty = self.folder / target.name.replace(" ", "-")
        empty.mkdir(exist_ok=True)
        first = self.scenarios["validate"].ask
        core = self.cores.all if everywhere else self.cores.server
        with serving(target.command, core, empty, environment=environment(target.path), first=first) as server:
            yield server

    def load(
        self, target: Target, server: Server, script: Script, *, seconds: int, connections: int = CONNECTIONS
    ) -> Load:
        """
        Load *server* from the client's core, its sandboxes as new.

        Raises:
            LoadFailed: There is no result.
        """
        if target.ours:
            reset(server.port, script.sandboxes)
        used = server.cpu()
        found = load(
            server, script, core=self.cores.client, seconds=seconds, folder=self.folder, connections=connections
        )
        return replace(found, cpu=server.cpu() - used)

    def inside(self, *arguments: object) -> Any:
        """
        Measure in a process of its own on the server's core (``tests.bench.inside``).

        Raises:
            InsideFailed: It ended badly.
        """
        command = [sys.executable, "-m", "tests.bench.inside", *(str(one) for one in arguments)]
        ended = subprocess.run(  # noqa: S603  # our own interpreter and arguments
            bound(command, self.cores.server),
            cwd=self.folder,
            env=dict(environment()),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
        if ended.returncode:
            raise InsideFailed(" ".join(ended.stderr.split())[-300:])
        return json.loads(ended.stdout)
