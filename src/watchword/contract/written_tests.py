"""Findings as a file of tests for pytest: each plays what was found once more, and fails until it is mended."""

import re
from collections.abc import Iterator
from dataclasses import replace

from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.steps import Call, Step
from watchword.contract.verdict import Verdict

_HEAD = '''\
"""
What watchword test has found: each test fails until the server answers as it should.

Run with pytest, beside watchword. SERVER_URL and BINDINGS say where the server and its bindings are now.
"""
# ruff: noqa

import datetime
import os

from watchword.contract.again import Server
from watchword.contract.steps import Call, LookAtMails, Tune, Wait
from watchword.contract.values import Ahead, Capitals, ClientTime, Code, Joined, Kept, Made, Of, Shortened, Timestamp

URL = os.environ.get("SERVER_URL", {url!r})
SERVER = Server(
    url=URL,
    system={system!r},
    bindings=os.environ.get("BINDINGS", {bindings!r}),
    environment=os.environ,
    is_owned={is_owned},
)
'''
_WAYS = {"races": "race", "document": "ask"}


def as_tests(examination: Examination, _verdict: Verdict) -> str:
    """A test for each finding that nobody lives with."""
    head = _HEAD.format(
        url=examination.url,
        system=examination.oracle.system.name,
        bindings=examination.bindings_file,
        # Whoever has said so has not said so of another server.
        is_owned=f"URL == {examination.url!r}" if examination.is_owned else "False",
    )
    return head + "".join("\n\n" + "\n".join(_test(one)) + "\n" for one in examination.findings if not one.accepted)


def _test(finding: Finding) -> Iterator[str]:
    words = re.sub(r"[^a-z0-9]+", "_", finding.headline.lower()).strip("_")
    yield f"def test_{words}_{finding.fingerprint}():"
    told = f"{finding.headline} {finding.place} {finding.contrast} ({finding.rule})"
    yield f"    {told!r}"
    yield f"    SERVER.{_WAYS.get(finding.phase, 'play')}("
    for step in finding.played:
        yield f"        {_shorter(step)!r},"
    if finding.over:
        yield f"        over={finding.over!r},"
    if finding.contenders:
        yield f"        contenders={finding.contenders},"
    yield "    )"


def _shorter(step: Step) -> Step:
    """Leave out what a scenario states: the stand-in knows better."""
    return replace(step, expected=None) if isinstance(step, Call) else step
