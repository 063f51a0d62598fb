"""What a run has reached, told at its end; a run that reached too little fails."""

from typing import TYPE_CHECKING, Any

import pytest

from watchword.pytest_plugin.options import FORMATS
from watchword.pytest_plugin.run import Run

if TYPE_CHECKING:
    from watchword.client import Watchword

PROPERTY = "watchword_sandbox"
"""The property of a test that names its sandbox; reports carry it from xdist's workers to the controller."""
_NAMED_TESTS = 5


class Results:
    """
    A plugin of the process that has the server: not of xdist's workers.

    Args:
        run: Whose server was asked, if there was one.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._tests: dict[str, str] = {}
        self._lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember which sandbox was whose."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self._tests[str(value)] = report.nodeid

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the coverage, and fail a run that reached too little."""
        option, wanted = session.config.getoption, session.config.getoption("--watchword-min-coverage")
        if not self._run.used:
            if wanted and option("--watchword-coverage"):
                self._lines.append("No test asked for the fixture, so nothing was reached.")
            return
        server, operations = self._run.server(), option("--watchword-operations")
        file = option("--watchword-coverage")
        if file is not None:
            file.write_text(_text(server, FORMATS[file.suffix], operations), encoding="utf-8")
        report = server.coverage(operations=operations)
        self._lines += _figures(report), *self._assumed(report)
        reached = report["summary"]["outcomes"]["percent"]
        if wanted is not None and reached < wanted:
            self._lines.append(f"FAILED: {reached:g} % of the documented answers were reached, not {wanted:g} %.")
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell it."""
        if self._lines:
            terminalreporter.section("Watchword", "-")
            for line in self._lines:
                terminalreporter.write_line(line)

    def _assumed(self, report: dict[str, Any]) -> list[str]:
        resting = [one for one in report["sandboxes"] if one["weakest"] == "assumed"]
        names = [self._tests.get(one["name"], one["name"]) for one in resting]
        if not names:
            return []
        more = f" and {len(names) - _NAMED_TESTS} more" if len(names) > _NAMED_TESTS else ""
        verb = "test rests" if len(names) == 1 else "tests rest"
        return [f"{len(names)} {verb} on assumed rules: {', '.join(names[:_NAMED_TESTS])}{more}"]


def _figures(report: dict[str, Any]) -> str:
    outcomes, rules = report["summary"]["outcomes"], report["summary"]["rulesBothWays"]
    return (
        f"{outcomes['reached']} of {outcomes['of']} documented answers reached ({outcomes['percent']:g} %),"
        f" {rules['reached']} of {rules['of']} rules asked both ways, {report['requests']} requests"
    )


def _text(server: "Watchword", form: str, operations: str) -> str:
    import json  # noqa: PLC0415  # loaded already

    found = server.coverage(form, operations=operations)
    return found if isinstance(found, str) else json.dumps(found, indent=2) + "\n"
