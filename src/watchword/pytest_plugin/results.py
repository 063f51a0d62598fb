"""What a run has reached, told at its end; a run that reached too little fails."""

import json
from collections.abc import Sequence
from pathlib import Path
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
        """Write the coverage, and fail a run that reached too little, or of which that cannot be told."""
        option = session.config.getoption
        wanted, files = option("--watchword-min-coverage"), option("--watchword-coverage")
        refused = session.exitstatus == pytest.ExitCode.USAGE_ERROR
        if refused or session.config.option.collectonly or not (self._run.used or wanted or files):
            return
        from watchword.client import WatchwordError  # noqa: PLC0415  # only those who ask pay
        from watchword.own_server import CannotStart  # noqa: PLC0415

        if not self._run.asked:
            self._lines.append("No test asked for the fixture.")
        try:
            kept = self._judge(self._run.server(), ",".join(option("--watchword-operations")), wanted, files)
        except (WatchwordError, CannotStart, OSError, ValueError) as error:
            self._lines.append(f"FAILED: it cannot be told what was reached: {error}")
            kept = False
        if not kept:
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell it."""
        if self._lines:
            terminalreporter.section("Watchword", "-")
            for line in self._lines:
                terminalreporter.write_line(line)

    def _judge(self, server: "Watchword", operations: str, wanted: float | None, files: Sequence[Path]) -> bool:
        from watchword.client.reports import tell_left_out, tell_shortfall  # noqa: PLC0415  # only those who ask pay

        for file in files:
            file.write_text(_text(server, FORMATS[file.suffix], operations), encoding="utf-8")
        report = server.coverage(operations=operations)
        shortfall = tell_shortfall(report, wanted)
        summary = report["summary"]
        told = (summary["sentence"], tell_left_out(summary["leftOut"]), *self._assumed(report), shortfall)
        self._lines += filter(None, told)
        return not shortfall

    def _assumed(self, report: dict[str, Any]) -> list[str]:
        resting = [one for one in report["sandboxes"] if one["weakest"] == "assumed"]
        names = [self._tests.get(one["name"], one["name"]) for one in resting]
        if not names:
            return []
        more = f" and {len(names) - _NAMED_TESTS} more" if len(names) > _NAMED_TESTS else ""
        verb = "test rests" if len(names) == 1 else "tests rest"
        return [f"{len(names)} {verb} on assumed rules: {', '.join(names[:_NAMED_TESTS])}{more}"]


def _text(server: "Watchword", form: str, operations: str) -> str:
    found = server.coverage(form, operations=operations)
    return found if isinstance(found, str) else json.dumps(found, indent=2) + "\n"
