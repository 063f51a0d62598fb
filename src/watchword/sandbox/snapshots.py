"""Named snapshots: what a sandbox was at a moment, so that it can be put back to it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from watchword.sandbox import stored_state
from watchword.sandbox.fork import fork_in_memory, persist
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.stored_state import StoredState
from watchword.store import PersistedSandbox, Persistence, StoredSandbox

MOST_SNAPSHOTS = 100
"""How many a sandbox may have."""
_BETWEEN = "@"
"""Between the names of a sandbox and of its snapshot, on a disk; no name has one."""


class SnapshotLimitReached(Exception):
    """The sandbox has as many snapshots as it may have."""


class SnapshotNameTaken(Exception):
    """The sandbox has a snapshot of this name."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """
    What a sandbox was.

    Args:
        taken_at: In real time.
        runs: Whether the clock of the sandbox ran.
        content: A copy of the sandbox, whose clock stands.
    """

    name: str
    taken_at: datetime
    runs: bool
    content: Sandbox = field(repr=False)

    def restored(self) -> Sandbox:
        """Make a sandbox that is what the original was, and goes on from there."""
        made = fork_in_memory(self.content)
        made.clock.set(made.clock.now(), frozen=not self.runs)
        return made


def take_snapshot(sandbox: Sandbox, name: str, taken_at: datetime, persistence: Persistence) -> Snapshot:
    """
    Copy *sandbox*, and persist the copy as one that belongs to it.

    Raises:
        NotStored: The disk refused; nothing is done.
    """
    with sandbox.store.lock:
        content, runs = fork_in_memory(sandbox), not sandbox.clock.frozen
    content.clock.freeze()
    # Whatever the server's random seed is, after a restart too, the same is drawn after each restoring.
    content.chances.pin()
    content.name = f"{sandbox.name}{_BETWEEN}{name}"
    only = stored_state.of_snapshot(taken_at, content.rate_limiter, content.rules, runs=runs)
    persist(content, persistence, more=only)
    return Snapshot(name, taken_at, runs, content)


def split_name(stored: str) -> tuple[str, str] | None:
    """Split the name of a row of the disk into those of a sandbox and of its snapshot; None for a sandbox."""
    sandbox, between, name = stored.partition(_BETWEEN)
    return (sandbox, name) if between else None


def tell_name(stored: str) -> str:
    """Say what a row of the disk is, by its name: a sandbox, or a snapshot of one."""
    names = split_name(stored)
    return f"Sandbox {stored}" if names is None else f"Snapshot {names[1]} of sandbox {names[0]}"


class Snapshots:
    """The snapshots of all sandboxes; whoever changes them takes turns, under a lock of their own."""

    def __init__(self) -> None:
        self._by_sandbox: dict[str, dict[str, Snapshot]] = {}

    def of(self, sandbox: str) -> Mapping[str, Snapshot]:
        """Give the snapshots of the sandbox of this name, by name, oldest first."""
        return self._by_sandbox.get(sandbox, {})

    def contents(self) -> Iterator[Sandbox]:
        """Give what all sandboxes were when their snapshots were taken."""
        return (one.content for snapshots in self._by_sandbox.values() for one in snapshots.values())

    def choose_name(self, sandbox: str, name: str | None) -> str:
        """
        Find out what one more snapshot of the sandbox of this name is called.

        Args:
            name: What it is to be called; None for a new name.

        Raises:
            SnapshotLimitReached: It would be one too many.
            SnapshotNameTaken: Another one is called so.
        """
        known = self.of(sandbox)
        if name is not None and name in known:
            raise SnapshotNameTaken
        if len(known) >= MOST_SNAPSHOTS:
            raise SnapshotLimitReached(f"there are {MOST_SNAPSHOTS} snapshots of this sandbox already")
        return name or next(new for number in count(1) if (new := f"snapshot-{number}") not in known)

    def add(self, sandbox: str, snapshot: Snapshot) -> None:
        """Remember *snapshot*."""
        # A new mapping: others may read the old one meanwhile.
        self._by_sandbox[sandbox] = {**self.of(sandbox), snapshot.name: snapshot}

    def restore(self, stored: StoredSandbox, content: Sandbox) -> bool:
        """
        Remember a snapshot that an earlier server persisted; False if what was stored is a sandbox.

        Args:
            content: What was made of it.
        """
        names = split_name(stored.name)
        if names is None:
            return False
        (sandbox, name), state = names, StoredState(stored.documents)
        self.add(sandbox, Snapshot(name, state.taken_at() or stored.created_at, state.runs(), content))
        return True

    def drop(self, sandbox: str, name: str) -> bool:
        """
        Remove a snapshot; False if there is none.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        found = self.of(sandbox).get(name)
        if found is None:
            return False
        found.content.persisted.delete()
        self._by_sandbox[sandbox] = {key: one for key, one in self.of(sandbox).items() if key != name}
        return True

    def persisted(self, sandbox: str) -> list[PersistedSandbox]:
        """List where the snapshots of the sandbox of this name are persisted."""
        return [one.content.persisted for one in self.of(sandbox).values()]

    def forget(self, sandbox: str) -> None:
        """Forget the snapshots of the sandbox of this name."""
        self._by_sandbox.pop(sandbox, None)
