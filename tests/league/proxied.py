"""Prism as a tester: ``prism proxy`` between the server and somebody who plays scenarios."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.processes import free_port
from tests.bench.targets import MODULES
from tests.bench.written import ROOT
from tests.league.effort import stretched
from tests.league.tester import CannotTest, Task
from watchword.contract.driver import Reply, Request, TargetFailed
from watchword.contract.in_step import advance
from watchword.contract.lane import Lane
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.contract.values import SameCode, Unknown
from watchword.contract.watchword_target import WatchwordTarget
from watchword.contract.wire import Wire

_PRISM = MODULES / "@stoplight" / "prism-cli"
_HEADER = "sl-violations"
_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 0.1
_NUMBER = re.compile(r"^\d+$")


@dataclass
class _Proxied(WatchwordTarget):
    """
    A server that is asked through Prism; its hooks are not.

    Attributes:
        violations: What Prism says is wrong with the answers.
    """

    proxy: Wire = field(kw_only=True)
    violations: set[str] = field(default_factory=set, kw_only=True)

    def send(self, request: Request) -> Reply:
        """Send a request by way of Prism."""
        reply = self.proxy.send(request.method, request.path, {**request.headers, **self.shown_headers}, request.body)
        self.violations |= set(violations(request.operation, reply))
        return reply


class Prism:
    """
    A validating proxy, which notes in a header of each answer in what it is not as the document says.

    With ``--errors`` it would keep such answers to itself, and requests that are wrong on purpose from the server; so
    it is left out, and Prism sees every scenario to its end.
    """

    name = "Prism"
    wavers = False

    def __init__(self) -> None:
        manifest = _PRISM / "package.json"
        here = manifest.is_file()
        self.version: str = json.loads(manifest.read_text(encoding="utf-8"))["version"] if here else ""
        self.lacking = "" if here else "@stoplight/prism-cli is not installed"

    def alarms(self, task: Task) -> frozenset[str]:
        """Tell in what answers are not as the document says."""
        subject, until = SUBJECTS[task.system], time.monotonic() + stretched(task.seconds)
        with ExitStack() as stack:
            target = _Proxied(Wire(task.url), "prism", subject, proxy=stack.enter_context(_prism(task)))
            for scenario in subject.tell():
                if time.monotonic() > until:
                    break
                target.begin()
                try:
                    _play(scenario, Lane(target, task.document.operations))
                except TargetFailed:  # some requests are the end of Prism
                    stack.close()
                    target.proxy = stack.enter_context(_prism(task))
            target.close()
        return frozenset(target.violations)


def _play(scenario: Scenario, lane: Lane) -> None:
    """
    Take the steps of a scenario, as far as they can be taken.

    Raises:
        TargetFailed: There is no answer.
    """
    # After an answer that is not as it should be, which Prism has seen, there may be no next step.
    with suppress(Unknown, SameCode, LookupError):
        for step in scenario.steps:
            advance(lane, step)


def violations(operation: str, reply: Reply) -> Iterator[str]:
    """Tell what is wrong with an answer; what is wrong with a request is so on purpose."""
    told = reply.headers.get(_HEADER)
    for one in json.loads(told) if told else []:
        where = ["*" if _NUMBER.match(str(part)) else str(part) for part in one["location"]]
        if where[:1] == ["response"] and one["severity"] == "Error":
            yield f"{operation} {reply.status}: {'/'.join(where)}: {one['code']}: {one['message']}"


@contextmanager
def _prism(task: Task) -> Iterator[Wire]:
    port = free_port()
    command = ["node", str(_PRISM / "dist" / "index.js"), "proxy", str(task.strict_document), task.url]
    command += ["--port", str(port), "--verboseLevel", "fatal"]
    log = task.folder / "prism.log"
    with log.open("ab") as lines:
        process = subprocess.Popen(command, cwd=ROOT, stdout=lines, stderr=lines)  # noqa: S603  # our own arguments
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, process, log)
            with closing(Wire(url)) as wire:
                yield wire
        finally:
            process.kill()
            process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + stretched(_PATIENCE_SECONDS)
    while time.monotonic() < until and process.poll() is None:
        with closing(Wire(url)) as wire:
            try:
                wire.send("GET", "/", {}, b"")
            except TargetFailed:
                time.sleep(_LOOK_SECONDS)
            else:
                return
    raise CannotTest(f"Prism did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
