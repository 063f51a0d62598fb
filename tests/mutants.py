"""
``make mutants`` breaks every rule in every way, and runs the tests that prove it: one of them has to fail.

``pytest -p tests.proofs -p tests.mutants --mutants`` does so instead of running the tests, ``--mutants-of weavr.nonce``
for what begins like this. With ``--mutants-thorough`` the tests of its operations are run too, which takes long.

``unnoticed.json`` has the mutants that the tests are known not to notice: some need a test, others cannot be told from
the right rule. It only ever gets shorter: a mutant that it does not name must be noticed, and one that it names must
not, or else it is taken out.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path

import orjson
import pytest

from tests.proofs import is_noticed
from watchword.build import Options, build
from watchword.control.mutants import ListedMutant, MutantCatalogue

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
    prefixes = session.config.getoption("--mutants-of").split(",")
    found = {one.mutant.id: one for prefix in prefixes for one in catalogue.find(prefix=prefix)}
    wanted = tuple(found.values())
    thorough = session.config.getoption("--mutants-thorough")
    unnoticed = {one.mutant.id: one for one in _find_unnoticed(wanted, items, thorough=thorough)}
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


def read_unnoticed() -> frozenset[str]:
    """Read which mutants the tests are known not to notice, by id."""
    return frozenset(orjson.loads(UNNOTICED.read_bytes()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write what was found."""
    for line in config.stash.get(_SAID, ()):
        terminalreporter.write_line(line)


def _find_unnoticed(
    wanted: Iterable[ListedMutant], items: Iterable[pytest.Item], *, thorough: bool
) -> Iterator[ListedMutant]:
    proving = _by_mark(items, "proves")
    reaching = _by_mark(items, "outcome", "called")
    for one in wanted:
        tests = list(proving.get(one.mutant.subject, ()))
        if not tests or thorough:
            tests += [test for name in one.operations for test in reaching.get(name, ()) if test not in tests]
        if not is_noticed(one.mutant.alternatives, tests):
            yield one


def _by_mark(items: Iterable[pytest.Item], *names: str) -> Mapping[str, list[pytest.Item]]:
    """Sort tests by what their marks name: rules, or operations."""
    found: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        for name in names:
            for mark in item.iter_markers(name):
                for one in mark.args if name == "proves" else mark.args[:1]:
                    if item not in found[one]:
                        found[one].append(item)
    return found
