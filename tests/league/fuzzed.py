"""Schemathesis as a tester: all phases and all checks, with the configuration that ``make fuzz`` uses."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

from tests.contract.configuration import configuration
from tests.league.drawing import RANDOM_SEED
from tests.league.effort import stretched
from tests.league.tester import CannotTest, Task

_RAN = (0, 1)


class Schemathesis:
    """The command, as long as it may."""

    name, version, lacking = "Schemathesis", version("schemathesis"), ""
    wavers = True

    def alarms(self, task: Task) -> frozenset[str]:
        """Tell which checks failed, of which operation."""
        config, events = task.folder / "schemathesis.toml", task.folder / "events.ndjson"
        config.write_text(configuration(task.url), encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)]
        command += ["run", str(task.strict_document), "--url", task.url, "--seed", str(RANDOM_SEED)]
        command += ["--max-time", str(round(stretched(task.seconds)))]
        command += ["--report", "ndjson", "--report-ndjson-path", str(events)]
        ended = subprocess.run(  # noqa: S603  # our own arguments
            command,
            cwd=task.folder,
            env={**os.environ, "WATCHWORD_URL": task.url, "WATCHWORD_FUZZ_SEED": str(RANDOM_SEED), "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if ended.returncode not in _RAN or not events.exists():
            raise CannotTest(ended.stdout[-2000:])
        found = frozenset(read_failures(events.read_text(encoding="utf-8")))
        if ended.returncode and not found:
            raise CannotTest(ended.stdout[-2000:])
        return found


def read_failures(events: str) -> Iterator[str]:
    """Read what failed from the events of a run, one a line."""
    for line in events.splitlines():
        yield from _failed_checks(json.loads(line))


def _failed_checks(node: Any, label: str = "") -> Iterator[str]:
    """Find the failures in an event, wherever it has them, with the operation that they are about."""
    if isinstance(node, dict):
        label = node.get("label") or label
        if node.get("status") == "failure" and "name" in node and "failure_info" in node:
            failure = (node["failure_info"] or {}).get("failure", {})
            yield f"{failure.get('operation') or label}: {node['name']}: {failure.get('title', '')}"
        for value in node.values():
            yield from _failed_checks(value, label)
    elif isinstance(node, list):
        for value in node:
            yield from _failed_checks(value, label)
