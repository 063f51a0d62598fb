"""
The pytest plugin: a server for the run, and a sandbox for each test that asks for one.

A run that asks for nothing pays nothing: no server is started, and nothing of the server is imported.
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from watchword.pytest_plugin.options import add_options, check_coverage_files
from watchword.pytest_plugin.results import PROPERTY, Results
from watchword.pytest_plugin.run import Run
from watchword.pytest_plugin.telling import requests_of, sent_outside

if TYPE_CHECKING:
    from watchword.client import Sandbox, Watchword

_RUN = pytest.StashKey[Run]()
_SANDBOX = pytest.StashKey["Sandbox"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Prepare a server, without starting it, and refuse files of coverage that cannot be written."""
    run = config.stash[_RUN] = Run(config)
    config.add_cleanup(run.stop)
    if not hasattr(config, "workerinput"):
        check_coverage_files(config.getoption("--watchword-coverage"))
        config.pluginmanager.register(Results(run), "watchword-results")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of xdist where it can ask for the server."""
    node.workerinput["watchword_door"] = node.config.stash[_RUN].door()


@pytest.hookimpl(tryfirst=True)  # before xdist tells its controller, which then has to know whether somebody asks
def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse a server that is of no use, once, before the first of the tests that ask for it."""
    asks = any("watchword_server" in getattr(item, "fixturenames", ()) for item in session.items)
    if asks and not session.config.option.collectonly:
        session.config.stash[_RUN].check()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished(node: Any) -> None:
    """Do the same in xdist's controller, whose workers collect."""
    run = node.config.stash[_RUN]
    if run.asked:
        run.check()


@pytest.fixture(scope="session")
def watchword_server(request: pytest.FixtureRequest) -> "Watchword":
    """The server of the run."""
    from watchword.own_server import CannotStart  # noqa: PLC0415  # only those who ask pay

    try:
        return request.config.stash[_RUN].server()
    except CannotStart as error:  # whoever asks while a test runs is seen by no check
        pytest.exit(str(error), returncode=pytest.ExitCode.USAGE_ERROR)


@pytest.fixture
def watchword(request: pytest.FixtureRequest, watchword_server: "Watchword") -> "Iterator[Sandbox]":
    """A sandbox for this test: people, mails, clock, faults, settings and requests of its own."""
    proposal = request.config.getoption("--watchword-proposal")
    box = watchword_server.sandbox(request.node.nodeid, proposal=proposal)
    request.node.stash[_SANDBOX] = box
    request.node.user_properties.append((PROPERTY, box.name))
    yield box
    box.drop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """With ``--watchword-strict``, fail a test that sent something outside the document."""
    result = yield
    box = item.stash.get(_SANDBOX, None)
    if box is not None and item.config.getoption("--watchword-strict"):
        found = sent_outside(box)
        if found:
            pytest.fail("\n".join(["The document does not have what this test sent:", *found]), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show the requests of a test that fails."""
    report = yield
    box = item.stash.get(_SANDBOX, None)
    if box is not None and report.when == "call" and report.failed and (lines := requests_of(box)):
        report.sections.append(("Watchword", "\n".join(lines)))
    return report
