"""Tests that run each time against a server of their own, a right one or one with a mutant."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from threading import Lock
from typing import Any

from watchword.cli.suite import Suite
from watchword.client import Watchword
from watchword.contract.mutation.assessing import TestRun
from watchword.own_server import CannotStart, OwnServer


class ServedTests:
    """
    A team's tests, each time with a server of their own.

    Args:
        arguments: Further flags of ``serve``.
        operations: Which ones count, with stars; empty for all.
    """

    def __init__(self, suite: Suite, arguments: Sequence[str], operations: str) -> None:
        self._suite, self._arguments, self._operations = suite, arguments, operations
        self._starters = ThreadPoolExecutor(thread_name_prefix="watchword-starts")
        self._prepared: dict[str | None, Future[OwnServer]] = {}
        self._changing = Lock()

    def prepare(self, mutant: str | None) -> None:
        """Start the server of a run to come, while others go on."""
        with self._changing:
            if mutant not in self._prepared:
                self._prepared[mutant] = self._starters.submit(self._start, mutant)

    def run(self, mutant: str | None, *, limit: timedelta | None = None) -> TestRun:
        """
        Run the tests against a server with a mutant; None for a right server, after which their coverage is known.

        Raises:
            CannotStart: The server does not start.
            WatchwordError: It does not answer any more, or no operation fits.
            Stopped: All runs were ended.
            CannotStartCommand: The tests cannot be started.
        """
        with self._changing:
            prepared = self._prepared.pop(mutant, None)
        server = self._start(mutant) if prepared is None else prepared.result()
        try:
            if mutant is None:
                _ask_coverage(server.url, self._operations)  # before all the tests have run, if no operation fits
            ended = self._suite.run(server.url, limit=limit)
            coverage = _ask_coverage(server.url, self._operations) if mutant is None else {}
        finally:
            server.stop()
        passed = None if ended.code is None else ended.code == 0
        return TestRun(passed, ended.seconds, f"{ended.said}\n(exit code {ended.code})".lstrip(), coverage)

    def stop(self) -> None:
        """End all runs, and the servers that no run has used."""
        self._suite.stop()
        with self._changing:
            left = list(self._prepared.values())
            self._prepared.clear()
        for one in left:
            if not one.cancel():
                with suppress(CannotStart):
                    one.result().stop()

    def _start(self, mutant: str | None) -> OwnServer:
        flags = [] if mutant is None else [f"--mutant={mutant}"]
        return OwnServer([*self._arguments, *flags])


def _ask_coverage(url: str, operations: str) -> Mapping[str, Any]:
    with closing(Watchword(url)) as api:
        report: Mapping[str, Any] = api.coverage(operations=operations)
        return report
