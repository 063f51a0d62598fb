"""
``make mutants`` breaks every rule in every way, and runs the tests that prove or show it: one of them has to fail.

So does a test that reaches an outcome which the rule decides (``decided.json``), and if two checks are in the wrong
order, one that has both faults. ``pytest -p tests.proofs -p tests.mutants --mutants`` does so instead of running the
tests, ``--mutants-of weavr.nonce`` for what begins like this. With ``--mutants-thorough`` the tests of its operations
are run too, which takes long.

``unnoticed.json`` has the mutants that the tests are known not to notice, each with the reason why it cannot be told
from the right rule, or with none if it needs a test. It only ever gets shorter: a mutant that it does not name must be
noticed, and one that it names must not, or else it is taken out.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from tests.proofs import is_noticed
from watchword.build import Options, build
from watchword.control.mutants import ListedMutant, MutantCatalogue
from watchword.domain.mutation import Kind
from watchword.review.decided import decided

UNNOTICED = Path(__file__).with_name("unnoticed.json")
_SAID = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the head of this module."""
    group = parser.getgroup("mutants")
    group.addoption("--mutants", action="store_true", help="check mutants instead of running the tests")
    group.addoption("--mutants-of", default="", metavar="IDS", help="only those whose id begins so; commas")
    group.addoption("--mutants-thorough", action="store_true", help="try again with all tests of the operations")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Check mutants instead of running the tests."""
    if session.config.option.collectonly or not session.config.getoption("--mutants"):
        return (yield)
    items, session.items = session.items, []
    result = yield
    catalogue = MutantCatalogue(build(Options()).imitated)
    wanted = catalogue.find(patterns=session.config.getoption("--mutants-of").split(","))
    thorough = session.config.getoption("--mutants-thorough")
    tests = Tests.of(items)
    unnoticed = {
        one.mutant.id: one
        for one in wanted
        if not is_noticed(one.mutant.alternatives, tests.about(one, thorough=thorough))
    }
    known = read_unnoticed()
    new = [one for name, one in unnoticed.items() if name not in known]
    noticed = [one.mutant.id for one in wanted if one.mutant.id in known and one.mutant.id not in unnoticed]
    session.config.stash[_SAID] = [
        *(f"not noticed: {one.mutant.id} ({one.mutant.kind.value}): {one.mutant.sentence}" for one in new),
        *(f"noticed now, so take it out of {UNNOTICED.name}: {name}" for name in noticed),
        f"{len(wanted)} mutants: {len(unnoticed)} not noticed, of which {len(unnoticed) - len(new)} are known",
    ]
    session.testsfailed += len(new) + len(noticed)
    return result


def read_unnoticed() -> Mapping[str, str]:
    """Read why the tests do not notice some mutants, by id; empty if nothing but a test is missing."""
    by_reason: Mapping[str, list[str]] = orjson.loads(UNNOTICED.read_bytes())
    return {name: reason for reason, names in by_reason.items() for name in names}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write what was found."""
    for line in config.stash.get(_SAID, ()):
        terminalreporter.write_line(line)


Found = Mapping[str, list[pytest.Item]]
"""Tests, by what their marks name."""


@dataclass(frozen=True)
class Tests:
    """
    The tests, by what they are about.

    Args:
        rules: Those that prove or show a rule.
        decided: Those that reach an outcome which a rule decides.
        pairs: Those with two faults, by both rules, the first one first.
        operations: Those that reach an outcome of an operation, or call it in a scenario.
    """

    rules: Found
    decided: Found
    pairs: Found
    operations: Found

    @classmethod
    def of(cls, items: Iterable[pytest.Item]) -> "Tests":
        """Sort tests by their marks."""
        rules, decided, pairs, operations = (defaultdict[str, list[pytest.Item]](list) for _ in range(4))
        for item in items:
            for mark in item.iter_markers():
                match mark.name:
                    case "proves" | "shows":
                        _put(rules, item, mark.args)
                    case "orders":
                        _put(pairs, item, [" ".join(mark.args)])
                    case "outcome" | "called":
                        _put(operations, item, mark.args[:1])
                        _put(decided, item, _deciders(*mark.args[:3]))
                    case "plays":
                        _put(operations, item, mark.args)
        return cls(rules, decided, pairs, operations)

    def about(self, one: ListedMutant, *, thorough: bool) -> Iterator[pytest.Item]:
        """List the tests that should notice a mutant, the likeliest first."""
        broken = one.mutant.subject
        found = [*self.rules.get(broken, ()), *self.decided.get(broken, ())]
        if one.mutant.kind is Kind.ORDER:
            found = [*self.pairs.get(" ".join(one.mutant.alternatives), ()), *found]
        if thorough or not found:
            found += [test for name in one.operations for test in self.operations.get(name, ())]
        yield from dict.fromkeys(found)


def _put(found: dict[str, list[pytest.Item]], item: pytest.Item, names: Iterable[str]) -> None:
    for name in names:
        found[name].append(item)


def _deciders(operation: str, status: int, name: str) -> Iterator[str]:
    """Name the rules that decide an outcome."""
    for decider in decided().get(operation, {}).get(f"{status} {name}", ()):
        kind, _, rule = decider.partition(" ")
        if kind == "rule":
            yield rule
