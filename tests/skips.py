"""
Tests that were skipped are named at the end of a run, with what would let them run.

``--no-skips`` makes them failures, so that a gate cannot pass without what somebody forgot to install.
What a machine cannot have, a second address or IPv6, is named only: those reasons begin with `MACHINE`.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

MACHINE = "this machine has no "


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--no-skips", action="store_true", help="fail if a test was skipped")


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """List the reasons of skipped tests, each with its number of tests."""
    reasons = count_reasons(terminalreporter.stats.get("skipped", ()))
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} skipped: {reason}", yellow=True)
    if _forgotten(reasons) and config.getoption("--no-skips"):
        terminalreporter.write_line("Skipped tests count as failures (--no-skips).", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that skipped tests, if it may not."""
    reporter = session.config.pluginmanager.getplugin("terminalreporter")
    skipped = () if reporter is None else reporter.stats.get("skipped", ())
    if (
        _forgotten(count_reasons(skipped))
        and session.config.getoption("--no-skips")
        and session.exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _forgotten(reasons: Iterable[str]) -> bool:
    return any(not one.startswith(MACHINE) for one in reasons)


def count_reasons(reports: Iterable[Any]) -> Counter[str]:
    """Count skipped tests by their reason."""
    return Counter(_reason(one) for one in reports)


def _reason(report: Any) -> str:
    place = report.longrepr
    text = place[-1] if isinstance(place, tuple) else str(place)
    return text.removeprefix("Skipped: ")
