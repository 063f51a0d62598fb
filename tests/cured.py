"""
Which refusals one change cures, as what-if finds it.

``cured.json`` names, by operation and outcome, the first cure and a test whose refusal it cures; that test looks for it
again. ``pytest --write-cured`` writes what the tests that ran have seen.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from watchword.build import Built
from watchword.control.what_if import Looked, WhatIf
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured, note_exchange
from watchword.system import Answer

FILE = Path(__file__).parent / "cured.json"
_seen: dict[str, dict[str, dict[str, str]]] = {}


@dataclass(frozen=True)
class CureCheck:
    """
    Looks for cures on behalf of one test.

    Args:
        test: Its name.
        write: Whether what is found is written down instead of compared.
    """

    built: Built
    runner: asyncio.Runner
    test: str
    write: bool

    def __call__(self, operation: str, outcome: str, exchange: Exchange, answer: Answer) -> None:
        """Look for a cure of a refusal that the test has reached, if it is the one that the list names."""
        listed = cured().get(operation, {}).get(outcome)
        if self.write:
            if outcome not in _seen.get(operation, {}):
                found = self._look(exchange, answer)
                if found.cures:
                    cure = {"cure": found.cures[0].sentence, "test": self.test}
                    _seen.setdefault(operation, {})[outcome] = cure
        elif listed is not None and listed["test"] == self.test:
            assert self._look(exchange, answer).cures, f"what-if no longer finds what cures {operation} {outcome}"

    def _look(self, exchange: Exchange, answer: Answer) -> Looked:
        assert self.built.replayer is not None
        captured = Captured(*note_exchange(exchange, answer, exchange.received_at), number=1)
        return self.runner.run(WhatIf(self.built.replayer).look_at(captured, enough=1))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--write-cured", action="store_true", help="write tests/cured.json anew")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was seen, if that is wanted."""
    if session.config.getoption("--write-cured") and _seen:
        merged = {operation: {**cured().get(operation, {}), **found} for operation, found in _seen.items()}
        FILE.write_text(json.dumps({**cured(), **merged}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        cured.cache_clear()


@cache
def cured() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Read the cures, by operation and outcome (``409 PASSWORD_INCORRECT``)."""
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found
