"""
What decides each documented outcome, as the journal explains it.

``decided.json`` lists it by operation and outcome, for reviewers and for ``OUTCOMES.md``; every test that reaches an
outcome compares. ``pytest --write-decided`` writes what the tests that ran have seen.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from watchword.build import Built
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured
from watchword.journal.concerned import People
from watchword.journal.entry import Decision, Entry
from watchword.journal.explanation import explain
from watchword.journal.reading import Reader
from watchword.system import Answer

FILE = Path(__file__).parent / "decided.json"
NOTHING = "nothing refused it"
_seen: dict[str, dict[str, set[str]]] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--write-decided", action="store_true", help="write tests/decided.json anew")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was seen, if that is wanted."""
    if session.config.getoption("--write-decided") and _seen:
        merged = {
            operation: {name: sorted(deciders) for name, deciders in sorted(names.items())}
            for operation, names in sorted(_seen.items())
        }
        FILE.write_text(json.dumps({**decided(), **merged}, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        decided.cache_clear()


@cache
def decided() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Read what decides, by operation and outcome (``409 PASSWORD_INCORRECT``)."""
    found: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def entry_of(built: Built, exchange: Exchange, answer: Answer, violations: Sequence[str]) -> Entry:
    """Make the journal's entry of a finished exchange, and explain it: that fails for none."""
    assert built.journal is not None
    captured = Captured(1, exchange, answer, exchange.received_at, exchange.sandbox.clock, violations)
    # Who it concerns decides nothing, and finding all people takes as long as the test.
    entry = Reader(built.journal.id_of, lambda _sandbox: People(), built.imitated.nearest).read(captured)
    assert explain(entry, built.imitated.systems).sentence
    return entry


def check_decided(operation: str, outcome: str, reached: Iterable[Entry], *, write: bool) -> None:
    """Compare what decided an outcome with the list; for requests that reached it."""
    found = {_name(one.decision) for one in reached}
    if write:
        _seen.setdefault(operation, {}).setdefault(outcome, set()).update(found)
        return
    listed = decided().get(operation, {}).get(outcome, ())
    unlisted = found.difference(listed)
    assert not unlisted, f"{operation} {outcome} was decided by {unlisted}; decided.json lists {listed}"


def _name(decision: Decision | None) -> str:
    return NOTHING if decision is None else f"{decision.kind.value} {decision.id}"
