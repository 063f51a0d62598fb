"""The snapshots of a sandbox: listed, saved, restored, dropped."""

from dataclasses import dataclass
from datetime import datetime

from watchword.control.errors import (
    InvalidSandboxName,
    InvalidSnapshotName,
    NoSuchSnapshot,
    SnapshotExists,
    TooManySnapshots,
    storing,
)
from watchword.control.sandboxes import SandboxSummary, entering, summarise
from watchword.sandbox import Sandbox, Sandboxes
from watchword.sandbox.snapshots import Snapshot, SnapshotLimitReached, SnapshotNameTaken


@dataclass(frozen=True, slots=True)
class SnapshotSummary:
    """
    A snapshot in short.

    Args:
        taken_at: In real time.
        sandbox_time: What the clock of the sandbox showed.
        messages: How many there were in the inbox.
    """

    name: str
    taken_at: datetime
    sandbox_time: datetime
    messages: int


def list_snapshots(sandboxes: Sandboxes, sandbox: Sandbox) -> tuple[SnapshotSummary, ...]:
    """List the snapshots of *sandbox*, oldest first."""
    return tuple(map(_summarise, sandboxes.snapshots(sandbox.name).values()))


def save_snapshot(sandboxes: Sandboxes, sandbox: Sandbox, name: str | None = None) -> SnapshotSummary:
    """
    Remember what *sandbox* is now: people, records, clock, chance, settings, rules, messages, faults, limits.

    Args:
        name: None for a new one.

    Raises:
        InvalidSnapshotName: No snapshot can be called so.
        SnapshotExists: One of this sandbox is called so already.
        TooManySnapshots: It would be one too many.
        TooManySandboxes: The sandbox does not exist yet, and would be one too many.
        ChangeNotStored: The disk refused.
    """
    try:
        with storing(), entering():
            return _summarise(sandboxes.take_snapshot(sandbox.name, name))
    except InvalidSandboxName as error:
        raise InvalidSnapshotName from error
    except SnapshotNameTaken:
        raise SnapshotExists(name or "") from None
    except SnapshotLimitReached as error:
        raise TooManySnapshots(f"{error}; drop some first.".capitalize()) from error


def restore_snapshot(sandboxes: Sandboxes, sandbox: Sandbox, name: str) -> SandboxSummary:
    """
    Put *sandbox* back to what it was when its snapshot *name* was saved, which can be restored again.

    Its clock shows what it showed then, and runs on from there if it ran. The journal is cleared, as by a reset.

    Raises:
        NoSuchSnapshot: There is none.
        TooManySandboxes: The sandbox is gone, and would be one too many.
        ChangeNotStored: The disk refused.
    """
    found = sandboxes.snapshots(sandbox.name).get(name)
    if found is None:
        raise NoSuchSnapshot(sandboxes.snapshots(sandbox.name))
    with storing(), entering():
        return summarise(sandboxes.restore_snapshot(sandbox.name, found))


def drop_snapshot(sandboxes: Sandboxes, sandbox: Sandbox, name: str) -> None:
    """
    Forget the snapshot *name* of *sandbox*.

    Raises:
        NoSuchSnapshot: There is none.
        ChangeNotStored: The disk refused.
    """
    with storing():
        if not sandboxes.drop_snapshot(sandbox.name, name):
            raise NoSuchSnapshot(sandboxes.snapshots(sandbox.name))


def _summarise(one: Snapshot) -> SnapshotSummary:
    return SnapshotSummary(one.name, one.taken_at, one.content.clock.now(), len(tuple(one.content.mailbox)))
