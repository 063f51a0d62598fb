"""Sandboxes of a toy system, and a disk that refuses."""

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest

from tests.toy import NOON, toy
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import NotStored
from watchword.sandbox import Sandbox, Sandboxes
from watchword.store import PersistedSandbox, Persistence, SharedTables
from watchword.store.storage import Changes, no_changes


class _RefusedSandbox(PersistedSandbox):
    def write(self, changes: Changes) -> None:
        raise NotStored("the disk is full")

    def delete(self, *, along_with: Sequence[PersistedSandbox] = ()) -> None:
        raise NotStored("the disk is full")


class FullDisk(Persistence):
    """Sandboxes can be created in memory, and nothing of them can be written."""

    def add_sandbox(
        self,
        name: str,
        tables: SharedTables,
        created_at: datetime,
        *,
        replaces: PersistedSandbox | None = None,
        documents: Callable[[], Changes] = no_changes,
    ) -> PersistedSandbox:
        if replaces is not None or documents():
            raise NotStored("the disk is full")
        return _RefusedSandbox()


def toy_sandboxes(
    kind: type[Sandboxes] = Sandboxes, *, persistence: Persistence | None = None, capacity: int = 100
) -> Sandboxes:
    """Make sandboxes of a toy system, whose real time is always noon."""
    return kind(
        (toy(),),
        hasher=Hasher(Profile.FAST),
        wall_clock=lambda: NOON,
        persistence=persistence or Persistence(),
        capacity=capacity,
    )


def send(sandbox: Sandbox, to: str = "ada@example.com", subject: str = "Hello") -> None:
    """Send a mail out of *sandbox*."""
    outbox = Outbox()
    outbox.mail(to=to, subject=subject, text="123456", codes=["123456"], links=["http://localhost:3000/x"])
    sandbox.commit(sandbox.store.transaction(), outbox.drafts, system="toy", now=sandbox.clock.now())


@pytest.fixture
def toys() -> Sandboxes:
    """Sandboxes of a toy system."""
    return toy_sandboxes()


@pytest.fixture
def box(toys: Sandboxes) -> Sandbox:
    """One of them."""
    return toys.enter("box")


@pytest.fixture
def unwritable() -> Sandbox:
    """A sandbox whose disk is full."""
    return toy_sandboxes(persistence=FullDisk()).enter("box")
