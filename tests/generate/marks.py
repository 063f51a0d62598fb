"""Which test promises which outcome and proves which rule: asked of pytest itself."""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import pytest

from tests.outcomes import Outcome

ROOT = Path(__file__).parents[2]
_TARGET = "WATCHWORD_TESTS_MARKS"


class Marks:
    """
    The marks of all tests.

    Args:
        outcomes: Test ids by outcome.
        rules: Test ids by rule.
        calls: The other protocols over which tests reach an outcome too.
    """

    def __init__(
        self, outcomes: dict[Outcome, list[str]], rules: dict[str, list[str]], calls: dict[Outcome, set[str]]
    ) -> None:
        self.outcomes, self.rules, self.calls = outcomes, rules, calls


def collect() -> Marks:
    """Collect the whole suite in a process of its own, so that a partial run does not see gaps."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run(  # our own interpreter and arguments
            [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.generate.marks", "tests"],
            cwd=ROOT,
            env={**os.environ, _TARGET: file.name},
            check=True,
            capture_output=True,
        )
        found = json.loads(Path(file.name).read_text())
    outcomes: dict[Outcome, list[str]] = defaultdict(list)
    rules: dict[str, list[str]] = defaultdict(list)
    calls: dict[Outcome, set[str]] = defaultdict(set)
    for test, name, arguments in found:
        if name == "called":
            *outcome, protocol = arguments
            calls[Outcome(*outcome)].add(protocol)
        elif name == "outcome":
            outcomes[Outcome(*arguments)].append(test)
        else:
            for rule in arguments:
                rules[rule].append(test)
    return Marks(outcomes, rules, calls)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Write the marks down when `collect` asks for them."""
    target = os.environ.get(_TARGET)
    if target:
        marks = [
            (item.nodeid.partition("[")[0], mark.name, mark.args)
            for item in session.items
            for mark in item.iter_markers()
            if mark.name in ("called", "outcome", "proves")
        ]
        Path(target).write_text(json.dumps(marks))
