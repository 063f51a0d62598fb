"""Tests that run each time against a server of their own, a right one or one with a mutant."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from watchword.cli.suite import Suite
from watchword.client import Watchword
from watchword.contract.mutation.assessing import TestRun
from watchword.own_server import OwnServer


class ServedTests:
    """
    A team's tests, each time with a server of their own.

    Args:
        arguments: Further flags of ``serve``.
        operations: Which ones count, with stars; empty for all.
    """

    def __init__(self, suite: Suite, arguments: Sequence[str], operations: str) -> None:
        self._suite, self._arguments, self._operations = suite, arguments, operations

    def run(self, mutant: str | None, *, limit: timedelta | None = None) -> TestRun:
        """
        Run the tests against a server with a mutant; None for a right server, after which their coverage is known.

        Raises:
            CannotStart: The server does not start.
            WatchwordError: It does not answer any more, or no operation fits.
            Stopped: All runs were ended.
            OSError: The tests cannot be started.
        """
        flags = [] if mutant is None else [f"--mutant={mutant}"]
        server = OwnServer([*self._arguments, *flags])
        try:
            if mutant is None:
                _ask_coverage(server.url, self._operations)  # before all the tests have run, if no operation fits
            ended = self._suite.run(server.url, limit=limit)
            coverage = _ask_coverage(server.url, self._operations) if mutant is None else {}
        finally:
            server.stop()
        passed = None if ended.code is None else ended.code == 0
        return TestRun(passed, ended.seconds, f"{ended.said}\nexit code {ended.code}", coverage)

    def stop(self) -> None:
        """End all runs."""
        self._suite.stop()


def _ask_coverage(url: str, operations: str) -> Mapping[str, Any]:
    with closing(Watchword(url)) as api:
        report: Mapping[str, Any] = api.coverage(operations=operations)
        return report
