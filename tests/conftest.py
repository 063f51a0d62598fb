"""A server in process, one sandbox per test, a clock that follows nothing but the test, and every answer checked."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count

import pytest

from tests import cured, decided, proofs, skips
from tests.client import Api, Response
from tests.controls import Inbox, ManualClock, People, SettingsOf
from tests.documents import DocumentCheck
from tests.promises import Observed, check_promises
from tests.skips import pytest_terminal_summary
from watchword.build import Built, Options, build
from watchword.control.people import find_people
from watchword.domain.hashing import Profile
from watchword.domain.rule import RuleSwitches
from watchword.sandbox import DEFAULT, Sandbox

__all__ = [
    "START",
    "Api",
    "Inbox",
    "ManualClock",
    "Observed",
    "People",
    "Response",
    "SettingsOf",
    "pytest_terminal_summary",
]

START = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
_numbers = count(1)


@pytest.fixture(scope="session")
def observed() -> Observed:
    """See what the server answers."""
    return Observed()


@pytest.fixture(scope="session")
def documents() -> Iterator[DocumentCheck]:
    """Reads back whatever the servers of the tests store; afterwards nothing may have differed."""
    check = DocumentCheck()
    yield check
    assert not check.differing, "documents do not say what values are"


@pytest.fixture(scope="session")
def built(observed: Observed, documents: DocumentCheck) -> Built:
    """The whole server, once; its clocks stand at START unless they are moved."""
    return build(
        Options(
            hashing=Profile.FAST,
            wall_clock=lambda: START,
            persistence=documents,
            observers=(observed,),
            record_rules=True,
            journal=200,
        )
    )


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    """One event loop for all tests."""
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def api(
    request: pytest.FixtureRequest,
    built: Built,
    runner: asyncio.Runner,
    observed: Observed,
    documents: DocumentCheck,
) -> Iterator[Api]:
    """A client with a fresh sandbox; afterwards what the test promises and what every test owes is checked."""
    name = f"test-{next(_numbers)}"
    observed.seen.clear()
    if proofs.altered:
        built.imitated.sandboxes.enter(name).switch_rules(RuleSwitches(dict(proofs.altered)))
    yield Api(built, runner, name)
    finished = list(observed.seen)
    observed.seen.clear()
    built.imitated.sandboxes.drop(name)
    differing, documents.differing = documents.differing, []
    write = request.config.getoption("--write-decided")
    # A broken rule is noticed by its own tests, not by what no longer helps or decides.
    cures = (
        None
        if proofs.altered
        else cured.CureCheck(built, runner, request.node.name, write=request.config.getoption("--write-cured"))
    )
    check_promises(finished, request.node.iter_markers(), built, runner, write=write, cures=cures)
    assert not differing, "documents do not say what values are"


@pytest.fixture
def sandbox(api: Api, built: Built) -> Callable[[], Sandbox]:
    """Find the test's sandbox, which a reset may have replaced."""
    name = api.sandbox
    assert name is not None
    return lambda: built.imitated.sandboxes.enter(name)


@pytest.fixture
def clock(sandbox: Callable[[], Sandbox]) -> ManualClock:
    """The sandbox's clock."""
    return ManualClock(sandbox)


@pytest.fixture
def inbox(sandbox: Callable[[], Sandbox]) -> Inbox:
    """The sandbox's messages."""
    return Inbox(sandbox)


@pytest.fixture
def settings(sandbox: Callable[[], Sandbox]) -> SettingsOf:
    """The sandbox's settings."""
    return SettingsOf(sandbox)


@pytest.fixture(scope="session")
def people(built: Built) -> People:
    """The seed people."""
    return People(find_people(built.imitated.sandboxes, DEFAULT))


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """Let a test set up logging, and undo it."""
    loggers = [logging.getLogger(name) for name in (None, "watchword")]
    before = [(one.handlers[:], one.level) for one in loggers]
    yield
    for one, (handlers, level) in zip(loggers, before, strict=True):
        one.handlers[:] = handlers
        one.setLevel(level)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    skips.pytest_addoption(parser)
    decided.pytest_addoption(parser)
    cured.pytest_addoption(parser)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write what was seen, and fail a run that may not skip tests."""
    decided.pytest_sessionfinish(session)
    cured.pytest_sessionfinish(session)
    skips.pytest_sessionfinish(session)


def pytest_configure(config: pytest.Config) -> None:
    """Name our markers."""
    config.addinivalue_line("markers", "outcome(operation, status, name): the test reaches this documented outcome")
    config.addinivalue_line("markers", "called(operation, status, name, protocol): the same over another protocol")
    config.addinivalue_line("markers", "proves(*rules): the test proves these rules")
    config.addinivalue_line("markers", "shows(*rules): the test passes without these rules, but shows how they are")
    config.addinivalue_line("markers", "orders(first, second): the test has the faults of two rules, in their order")
    config.addinivalue_line("markers", "plays(*operations): the test calls these operations of the document")
