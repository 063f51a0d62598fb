"""Replays cases, and lists the differences between the answers and the recorded ones."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.conftest import START
from tests.parity.compare import Difference, differences, header_differences
from tests.parity.placeholders import Unbound
from tests.parity.recordings import Case
from tests.parity.sending import Expected, Pair, Sent, send_rest
from tests.parity.sending_rpc import send_bytes, send_connect, send_grpc, send_grpc_web, send_grpc_web_text
from tests.parity.stage import Stage
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile

_numbers = count(1)
_SENDERS: Mapping[str, Callable[[Stage, Sent, Expected], Pair]] = {
    "grpc": send_grpc,
    "neighbours_grpc": send_grpc,
    "grpc_web": send_grpc_web,
    "grpc_web_text": send_grpc_web_text,
    "connect": send_connect,
    "edge": send_bytes,
}
"""How the requests of a kind are sent; all others over REST."""


@dataclass(frozen=True)
class Replayed:
    """
    One case after its replay.

    Args:
        differences: Each with the number of its step, from 1.
    """

    case: Case
    differences: tuple[tuple[int, Difference], ...] = ()

    @property
    def equal(self) -> bool:
        """Whether the stand-in answered alike."""
        return not self.differences


def server(**options: Any) -> Built:
    """Build the stand-in: cheap hashes, a clock that stands."""
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, **options))


def replay(
    built: Built, runner: asyncio.Runner, case: Case, prepare: Callable[[Stage], None] | None = None
) -> Replayed:
    """
    Replay one case in a sandbox of its own.

    Args:
        prepare: Changes the sandbox before the first step.
    """
    stage = Stage(built, runner, f"parity-{next(_numbers)}", case)
    found: list[tuple[int, Difference]] = []
    try:
        if prepare is not None:
            prepare(stage)
        for number, step in enumerate(case.steps, 1):
            found.extend((number, one) for one in _step(stage, case, step))
    except Unbound as missing:
        # Later steps need what an earlier one should have answered.
        found.append((number, ("placeholder", str(missing), None)))
    finally:
        stage.end()
    return Replayed(case, tuple(found))


def _step(stage: Stage, case: Case, step: Mapping[str, Any]) -> Iterator[Difference]:
    sent, expected = step["send"], step["expect"]
    # A real request takes time: what was made first is older.
    stage.wait(sent.get("wait", 0.001))
    user = _user_of(stage, sent)
    before = stage.sequence(user)
    recorded, got = _SENDERS.get(case.kind, send_rest)(stage, sent, expected)
    for name in sorted(recorded):
        compare = header_differences if name == "headers" else differences
        yield from compare(recorded[name], got[name], stage.bindings, name)
    if user is not None and "events" in expected:
        yield from _growth(expected["events"], stage.sequence(user) - before)


def _growth(events: Sequence[str], grown: int) -> Iterator[Difference]:
    """Compare how far the number of the user's last event grew with the events that were recorded."""
    causes = sum(one in ("user.human.password.changed", "user.human.password.code.added") for one in events)
    # The service notes in the background that a message was sent, sometimes after the recorder had looked.
    unsent = causes - sum(one.endswith(".sent") for one in events)
    if "user.removed" not in events and grown not in (len(events), len(events) + unsent):
        yield "events", list(events), grown


def _user_of(stage: Stage, sent: Sent) -> str | None:
    """Find the user whose events were recorded: the one in the path, or the one whose password is checked."""
    named = re.fullmatch(r"/v2(?:beta)?/users/<<(\w+)\.id>>(?:/.*)?", sent["path"])
    if named is None:
        body = sent.get("body")
        checks = body.get("checks") if isinstance(body, dict) else None
        user = checks.get("user") if isinstance(checks, dict) else None
        values = [str(one) for one in user.values()] if isinstance(user, dict) else []
        named = next(filter(None, (re.fullmatch(r"<<(\w+)\.(?:id|login|LOGIN)>>", one) for one in values)), None)
    return None if named is None else stage.bindings.value(f"{named[1]}.id")
