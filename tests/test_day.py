"""A day of load, with real requests and a simulated clock: memory does not grow, and sandboxes have a known cost."""

import asyncio
import gc
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Api, People
from watchword.build import Options, build
from watchword.domain.hashing import Profile
from watchword.store.retention import RetentionSweep
from watchword.store.sqlite import SqlitePersistence

STEP = timedelta(seconds=15)
HALF_A_DAY = timedelta(hours=12) // STEP
KEEP_NEWEST = 50
"""Fewer expired records than usual, so that half a day is enough to reach the limit."""


class Day:
    """A wall clock that the test moves with every request."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 15, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


class Load:
    """
    Sends requests to one sandbox.

    Args:
        folder: The data directory.
    """

    def __init__(self, folder: Path, runner: asyncio.Runner) -> None:
        self.day = Day()
        self.built = build(
            Options(hashing=Profile.FAST, data=folder, wall_clock=self.day, idle_timeout=timedelta(minutes=10))
        )
        self.api = Api(self.built, runner, "box")
        self.people = People(self.built.imitated.sandboxes.people())
        sandbox = self.built.imitated.sandboxes.enter("box")
        sandbox.sweeps = {
            table: RetentionSweep(replace(one.retention, keep_newest=KEEP_NEWEST))
            for table, one in sandbox.sweeps.items()
        }
        self.requests = 0

    def run(self, number: int) -> int:
        """Send *number* requests, and return the greatest number of rows meanwhile."""
        most = 0
        for _ in range(number):
            self.day.now += STEP
            self._one(self.requests)
            self.requests += 1
            if self.requests % 20 == 0:
                most = max(most, self.rows())
        return most

    def rows(self) -> int:
        """Count the rows, mails and rate windows of the sandbox."""
        sandbox = self.built.imitated.sandboxes.enter("box")
        tables = sandbox.store._storage.read().values()
        return sum(map(len, tables)) + len(tuple(sandbox.mailbox)) + len(sandbox.rate_limiter)

    def _one(self, number: int) -> None:
        ada, mini = self.people["weavr_multi", "ada"], self.people["zitadel", "mini"]
        key = self.people["entrust", "ada"].headers
        match number % 6:
            case 0:
                body = {"email": ada.login, "password": {"value": ada.password}}
                self._ask("POST", "/login_with_password", body, ada.headers)
            case 1:
                body = {"values": {"password": {"value": f"Lantern-{number}-moss"}}}
                self._ask("POST", "/simulate/api/secure_session/anon_tokenize", body, ada.headers)
            case 2:
                self._ask("POST", "/passwords/lost_password/start", {"email": ada.login}, ada.headers)
            case 3:
                checks = {"user": {"loginName": mini.login}, "password": {"password": mini.password}}
                self._ask("POST", "/v2/sessions", {"checks": checks}, mini.headers)
            case 4:
                self._ask("GET", f"/~visitor-{number}/__admin/clock", None, {})
            case _:
                self._ask(
                    "PUT",
                    f"/api/web/v1/users/{self.people['entrust', 'ada'].id}/passwords",
                    {"password": f"Quiet-River-{number}!"},
                    key,
                )

    def _ask(self, method: str, path: str, body: object, headers: object) -> None:
        answer = self.api.request(method, path, json=body, headers=headers)  # type: ignore[arg-type]  # as written above
        assert answer.status < 300, answer


@pytest.fixture
def load(tmp_path: Path, runner: asyncio.Runner) -> Iterator[Load]:
    """A server with a clock at midnight."""
    made = Load(tmp_path / "data", runner)
    yield made
    made.built.imitated.sandboxes.persistence.close()


def blocks() -> int:
    """Count all allocated blocks of memory."""
    gc.collect()
    return sys.getallocatedblocks()


def test_a_day_of_load_increases_neither_memory_nor_the_file(load: Load, tmp_path: Path) -> None:
    load.run(HALF_A_DAY // 2)
    morning = load.run(HALF_A_DAY // 2)
    noon, file = blocks(), _size(tmp_path / "data")
    evening = load.run(HALF_A_DAY)
    midnight = blocks()
    mailbox_can_still_grow = 1000
    assert evening <= morning + mailbox_can_still_grow
    assert midnight - noon < noon * 0.02, f"{midnight - noon} blocks more than {noon}"
    assert _size(tmp_path / "data") < file + 6_000_000, "the write-ahead log has up to 4 MB"
    assert sum(1 for _ in load.built.imitated.sandboxes) < 60


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())


@pytest.mark.parametrize("spread", [timedelta(0), timedelta(seconds=2)], ids=["created at once", "created one by one"])
def test_the_cost_of_a_sandbox_is_limited(tmp_path: Path, spread: timedelta) -> None:
    """docs/data.md states the cost of ten thousand sandboxes; this test makes a thousand. Most of it is people."""
    day, many = Day(), 1000
    built = build(Options(hashing=Profile.FAST, data=tmp_path, wall_clock=day))
    sandboxes = built.imitated.sandboxes
    assert isinstance(sandboxes.persistence, SqlitePersistence)
    with closing(sandboxes.persistence):
        people = sum(1 for _ in sandboxes.people("first"))
        before = blocks()
        for number in range(many):
            sandboxes.create(f"box-{number}")
            day.now += spread
        per_person, on_disk = (blocks() - before) / many / people, _size(tmp_path) / many / people
    assert per_person < (15.4 if spread else 3.2)
    assert on_disk < (300 if spread else 100)
