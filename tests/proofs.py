"""
``@proves`` is held to its word: a test that proves a rule fails while the rule is switched off.

``make proofs`` (``pytest -p tests.proofs --proofs``) runs every such test once for each rule that it proves,
with that rule switched off, and lists the promises that were not kept.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from _pytest.runner import runtestprotocol

Promise = tuple[str, str]
"""A test, without its parameters, and a rule."""

switched_off: list[str] = []
"""The rule that is off at present, for ``conftest.py``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--proofs``."""
    parser.addoption("--proofs", action="store_true", help="run tests with the rules switched off that they prove")
    parser.addoption("--proofs-of", default="", help="only of rules whose id begins like this")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only tests that prove something."""
    if config.getoption("--proofs"):
        items[:] = [item for item in items if next(item.iter_markers("proves"), None)]


def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run each promise instead of each test."""
    if not session.config.getoption("--proofs") or session.config.option.collectonly:
        return None
    promises = _promises(session)
    broken = [promise for promise in sorted(promises) if not _noticed(promise, promises[promise])]
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    assert reporter is not None
    for test, rule in broken:
        reporter.write_line(f"not noticed: {test} passes without {rule}")
    rules = {rule for _, rule in promises}
    reporter.write_line(f"{len(promises)} promises about {len(rules)} rules: {len(broken)} not kept")
    session.testsfailed = len(broken)
    return True


def _promises(session: pytest.Session) -> dict[Promise, list[pytest.Item]]:
    wanted = session.config.getoption("--proofs-of")
    found: dict[Promise, list[pytest.Item]] = defaultdict(list)
    for item in session.items:
        for mark in item.iter_markers("proves"):
            for rule in mark.args:
                if rule.startswith(wanted):
                    found[item.nodeid.partition("[")[0], rule].append(item)
    return found


def _noticed(promise: Promise, items: list[pytest.Item]) -> bool:
    """Whether one of *items*, the parameters of a test, fails without the rule."""
    _, rule = promise
    switched_off[:] = [rule]
    try:
        return any(_fails(item) for item in items)
    finally:
        switched_off.clear()


def _fails(item: pytest.Item) -> bool:
    # A function can run again once its fixtures are asked for anew.
    item._initrequest()  # type: ignore[attr-defined]
    # Torn down up to the session: with the item itself as the next one, every other item would fail in its setup.
    return any(report.failed for report in runtestprotocol(item, nextitem=item.session, log=False))  # type: ignore[arg-type]  # only its parents are asked for


@pytest.fixture(autouse=True)
def _without_the_rule() -> Iterator[None]:
    """Let rules that a test calls directly be off too."""
    from watchword.domain.rule import RuleRecord, RuleSwitches, recording  # noqa: PLC0415  # after conftest

    switches = RuleSwitches()
    for rule in switched_off:
        switches.switch_off(rule)
    with recording(RuleRecord(switches.altered) if switched_off else None):
        yield
