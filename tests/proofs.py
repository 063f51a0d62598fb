"""
``@proves`` is held to its word: a test that proves a rule fails while the rule is switched off.

Such a pair of a test and a rule is a promise.
A promise is checked by running the test with the rule switched off; those that were not kept are listed.

``make proofs`` (``pytest -p tests.proofs --proofs``) checks every promise, instead of running the tests.
With ``--proofs-changed`` as well, as after the tests of ``make test``, it checks only those whose test file, or the
module that defines whose rule, has changed; ``--proofs-since REV`` says since when. Without ``--proofs`` tests run too.
"""

from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping

import pytest
from _pytest.runner import runtestprotocol

from tests.changed import Changes, GitFailed, NotComparable, find_changes, rules_defined_in
from watchword.domain.rule import Alternative, RuleRecord, find_function, recording

Promise = tuple[str, str]
"""A test, without its parameters, and a rule."""
Promises = Mapping[Promise, list[pytest.Item]]
"""The parameters of its test, by promise."""

altered: dict[str, Alternative] = {}
"""What runs in the place of rules at present, for ``conftest.py``."""
_CHANGES = pytest.StashKey[Changes | str]()
"""What has changed, or why that is not known."""
_SAID = pytest.StashKey[list[str]]()
"""The lines of the summary."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the head of this module."""
    group = parser.getgroup("proofs")
    group.addoption("--proofs", action="store_true", help="check promises instead of running the tests")
    group.addoption("--proofs-of", default="", metavar="RULE", help="only of rules whose id begins like this")
    group.addoption("--proofs-changed", action="store_true", help="check promises whose rule or test has changed")
    group.addoption("--proofs-since", metavar="REV", help="have changed since the branch left REV (implies the former)")


def pytest_configure(config: pytest.Config) -> None:
    """Find out what has changed before anything runs, so that a wrong revision is refused at once."""
    since = config.getoption("--proofs-since")
    if not since and not config.getoption("--proofs-changed"):
        return
    try:
        config.stash[_CHANGES] = find_changes(config.rootpath, since)
    except NotComparable as reason:
        if since:
            raise pytest.UsageError(f"--proofs-since: {reason}") from None
        config.stash[_CHANGES] = str(reason)
    except GitFailed as error:
        raise pytest.UsageError(f"--proofs-changed: git: {error}") from None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only tests that prove something."""
    if config.getoption("--proofs"):
        items[:] = [item for item in items if next(item.iter_markers("proves"), None)]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Check promises after the tests, or instead of them."""
    config, items = session.config, session.items
    alone = config.getoption("--proofs")
    if config.option.collectonly or not (alone or _CHANGES in config.stash):
        return (yield)
    if alone:
        session.items = []
    result = yield
    promises = _promises(items, config.getoption("--proofs-of"))
    changes = config.stash.get(_CHANGES, None)
    if changes is None:
        _check(session, promises)
    else:
        _check_changed(session, promises, changes)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a run pass that has nothing to check: tests were chosen that prove nothing."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.getoption("--proofs-changed"):
        session.exitstatus = pytest.ExitCode.OK


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Write what was found."""
    for line in config.stash.get(_SAID, ()):
        terminalreporter.write_line(line)


def select(promises: Promises, changes: Changes) -> Promises:
    """Choose the promises whose test file has changed, or the module that defines their rule."""
    rules = set(rules_defined_in(changes.files))
    return {
        (test, rule): items
        for (test, rule), items in promises.items()
        if rule in rules or items[0].path in changes.files
    }


def _promises(items: Iterable[pytest.Item], wanted: str) -> Promises:
    """List the promises of *items* about rules whose id begins with *wanted*."""
    found: dict[Promise, list[pytest.Item]] = defaultdict(list)
    for item in items:
        for mark in item.iter_markers("proves"):
            for rule in mark.args:
                if rule.startswith(wanted):
                    found[item.nodeid.partition("[")[0], rule].append(item)
    return found


def _check_changed(session: pytest.Session, promises: Promises, changes: Changes | str) -> None:
    if isinstance(changes, str):
        _say(session, f"no promises checked: {changes}")
        return
    selected = select(promises, changes)
    if selected:
        _check(session, selected, f" that have changed since {changes.since}")
    else:
        _say(session, f"no promises checked: none has changed since {changes.since}")


def _check(session: pytest.Session, promises: Promises, which: str = "") -> None:
    broken = [promise for promise in sorted(promises) if not _noticed(promise, promises[promise])]
    for test, rule in broken:
        known = _is_rule(rule)
        _say(session, f"not noticed: {test} passes without {rule}" if known else f"no rule: {test} proves {rule}")
    rules = {rule for _, rule in promises}
    _say(session, f"{len(promises)} promises about {len(rules)} rules{which}: {len(broken)} not kept")
    session.testsfailed += len(broken)


def _say(session: pytest.Session, line: str) -> None:
    session.config.stash.setdefault(_SAID, []).append(line)


def _noticed(promise: Promise, items: list[pytest.Item]) -> bool:
    """Whether there is such a rule, and one of *items*, the parameters of a test, fails without it."""
    _, rule = promise
    if not _is_rule(rule):
        return False
    return is_noticed({rule: find_function(rule).without}, items)


def is_noticed(alternatives: Mapping[str, Alternative], items: Iterable[pytest.Item]) -> bool:
    """Whether one of *items* fails while other code runs in the place of rules."""
    altered.update(alternatives)
    try:
        return any(_fails(item) for item in items)
    finally:
        altered.clear()


def _is_rule(identifier: str) -> bool:
    try:
        find_function(identifier)
    except KeyError:
        return False
    return True


def _fails(item: pytest.Item) -> bool:
    # A function can run again once its fixtures are asked for anew.
    item._initrequest()  # type: ignore[attr-defined]
    # Torn down up to the session: with the item itself as the next one, every other item would fail in its setup.
    return any(report.failed for report in runtestprotocol(item, nextitem=item.session, log=False))  # type: ignore[arg-type]  # only its parents are asked for


@pytest.fixture(autouse=True)
def _without_the_rule() -> Iterator[None]:
    """Let rules that a test calls directly be off too."""
    with recording(RuleRecord(dict(altered)) if altered else None):
        yield
