"""All sandboxes of a server, created on first use."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from threading import RLock
from weakref import WeakValueDictionary

from watchword.domain.clock import Clock, system_time
from watchword.domain.hashing import Hasher
from watchword.domain.listeners import Listeners
from watchword.domain.mutation import Mutant
from watchword.domain.refusal import NotStored
from watchword.domain.rule import Alternative, RuleSwitches
from watchword.sandbox.chances import Chances
from watchword.sandbox.faults import FaultPlan, armed_by_document
from watchword.sandbox.fork import fork_in_memory, persist
from watchword.sandbox.hash_threads import hash_threads
from watchword.sandbox.history import History, HistoryLimit
from watchword.sandbox.idle import IdleTimeout
from watchword.sandbox.population import Population
from watchword.sandbox.restoring import restored, sweeps_of
from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.shared_seed_data import SeedDataWriter
from watchword.sandbox.snapshots import Snapshot, Snapshots, take_snapshot, tell_name
from watchword.sandbox.start import Start
from watchword.sandbox.stored_state import of_proposal
from watchword.store import PersistedSandbox, Persistence, Retention, Store, Transaction
from watchword.store.storage import no_changes
from watchword.system import System
from watchword.system.mutants import list_mutants
from watchword.system.people import MadePerson, People
from watchword.system.seed_data import Person
from watchword.system.settings import SettingsBySystem

DEFAULT = "default"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")


class SandboxLimitReached(Exception):
    """The server has reached its limit of sandboxes."""


@dataclass
class Sandboxes:
    """
    The sandboxes of a server, by name.

    Args:
        systems: Whose seed data each gets.
        settings: What each starts with, by system; the others start with their defaults.
        faults: What goes wrong on purpose in each from its start.
        proposals: What each that has chosen a proposal begins with instead, by the name of the proposal.
        wall_clock: What their clocks follow.
        random_seed: Makes chance repeatable.
        new_chances: Makes the chance of a sandbox from *random_seed* and its name.
        capacity: How many there may be; those that were never written to make room for others.
        persistence: Where they outlive the server; those that are there already are restored.
        people_added: Those that each starts with besides the seed people.
        idle_timeout: Drops sandboxes that nobody has used for so long, except the default one; None for never.
        history: How many changes all sandboxes remember together; 0 for none.

    Attributes:
        changes: Notifies its listeners when a sandbox was created, reset, replaced or dropped, and when the server
            stops.
        on_forget: Are called with the name of a sandbox that was reset, replaced or dropped.
        population: Their people.
        retention: Which records are deleted, and when.

    Raises:
        UnusableData: What was persisted cannot be read.
    """

    systems: Sequence[System]
    settings: SettingsBySystem = field(default_factory=dict)
    faults: Sequence[FaultPlan] = ()
    hasher: Hasher = field(default_factory=Hasher)
    wall_clock: Callable[[], datetime] = system_time
    random_seed: int | None = None
    new_chances: Callable[[int | None, str], Chances] = Chances
    capacity: int = 10_000
    persistence: Persistence = field(default_factory=Persistence)
    people_added: Sequence[MadePerson] = ()
    idle_timeout: timedelta | None = None
    history: int = 1_000
    proposals: Mapping[str, Start] = field(default_factory=dict)
    shutting_down: bool = field(default=False, init=False)
    changes: Listeners = field(default_factory=Listeners, init=False)
    on_forget: list[Callable[[str], None]] = field(default_factory=list, init=False)
    _all: dict[str, Sandbox] = field(default_factory=dict, init=False)
    _visited: WeakValueDictionary[str, Sandbox] = field(default_factory=WeakValueDictionary, init=False)
    """Those that requests are in and that do not last yet."""
    _unwritten: dict[str, Sandbox] = field(default_factory=dict, init=False)
    """Those that may make room, oldest first, and some that no longer may."""
    _snapshots: Snapshots = field(default_factory=Snapshots, init=False)
    _altered: Mapping[str, Alternative] = field(default_factory=dict, init=False)
    _lock: RLock = field(default_factory=RLock, init=False)
    threads: Executor | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._seed_data = SeedDataWriter(self.systems, self.settings, self.hasher, self.random_seed)
        self._seed_data.proposals = {name: one.settings for name, one in self.proposals.items()}
        self.population = Population(self.systems, self._seed_data)
        self._history = HistoryLimit(self.history)
        self._idle = IdleTimeout(self.idle_timeout, self.wall_clock)
        # Systems may share tables.
        self.retention: tuple[Retention, ...] = tuple(
            dict.fromkeys(one for system in self.systems for one in system.retention)
        )
        starts = {name: self.start(name) for name in ("", *self.proposals)}
        for one in self.persistence.read_sandboxes():
            made = restored(
                one,
                starts,
                self.new_chances,
                self.retention,
                self.wall_clock,
                random_seed=self.random_seed,
                find_mutant=self.find_mutant,
            )
            made.changed = True
            if self._snapshots.restore(one, made):
                continue
            made.history = History(self._history)
            self._all[one.name] = made

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(tuple(self._all.values()))

    @cached_property
    def mutants(self) -> Mapping[str, Mutant]:
        """Every way in which the systems can be broken, by id; made when first asked for."""
        return list_mutants(self.systems)

    def get(self, name: str) -> Sandbox | None:
        """Find a sandbox that exists; the default one always does."""
        return self.enter(name) if name == DEFAULT else self._all.get(name)

    def visit(self, name: str) -> Sandbox:
        """
        Find the sandbox called *name*, or make one from the seed data that lasts as long as somebody holds it.

        So a request that is refused leaves no sandbox behind; `keep` makes it last.

        Raises:
            ValueError: This is not a valid name.
            SandboxLimitReached: The limit is reached, and every sandbox has been written to.
        """
        if self.idle_timeout is not None:
            self._drop_idle()
        found = self._all.get(name)
        if found is not None:
            return found
        with self._lock:
            found = self._find_or_make(name)
        if name == DEFAULT:
            self.keep(found)
        return found

    def keep(self, sandbox: Sandbox) -> None:
        """
        Let *sandbox* last, unless another one has taken its name.

        If there are too many, the oldest of those that were never written to makes room.
        """
        with self._changing():
            self._add(sandbox)

    def enter(self, name: str) -> Sandbox:
        """
        Find the sandbox called *name*, or create it from the seed data.

        Raises:
            ValueError, SandboxLimitReached: As in `visit`.
        """
        found = self.visit(name)
        if not found.kept:
            self.keep(found)
        return found

    def create(self, name: str, proposal: str = "") -> Sandbox:
        """
        Find the sandbox called *name*, or create it, and persist it although nothing has happened there.

        Args:
            proposal: The name of the proposal that one begins with which nobody is in yet; empty for none.

        Raises:
            ValueError, SandboxLimitReached: As in `visit`.
            NotStored: The disk refused; it was not created.
        """
        with self._changing():
            return self._create(name, proposal)

    def start(self, proposal: str) -> Start:
        """Tell what a fresh sandbox with a *proposal* begins with, settings of every system; empty for none."""
        faults = self.proposals[proposal].faults if proposal else self.faults
        return Start(self._seed_data.start_settings(proposal), faults)

    def fork(self, source: Sandbox, name: str, *, before: int | None = None, at: datetime | None = None) -> Sandbox:
        """
        Copy *source*, as `fork_in_memory` does, to a sandbox called *name*, which does not exist; persist it.

        Raises:
            ValueError, SandboxLimitReached: As in `visit`.
            HistoryGone: The history does not reach back so far.
            NotStored: The disk refused; it was not created.
        """
        _check_name(name)
        with self._changing():
            self._check_room()
            made = fork_in_memory(source, before=before, at=at)
            made.name, made.created_at, made.history = name, self.wall_clock(), History(self._history)
            made.used_at, made.kept, made.changed = None, False, True
            self._mark_fresh(made)
            visited = self._visited.get(name)
            persist(made, self.persistence, replaces=visited.persisted if visited else None)
            self._add(made)
        return made

    def begin_with(self, today: Start, proposals: Mapping[str, Start]) -> list[str]:
        """
        Let fresh sandboxes begin with something else, and the others follow: what they changed themselves stays.

        If anything else than the disk fails, all of them are put back to what they were.

        Args:
            today: For those without a proposal.
            proposals: For the others, by the name of the proposal; the names are those that there were.

        Returns:
            What could not follow, and why, in sentences.
        """
        problems: list[str] = []
        with self._changing(), ExitStack() as putting_back:
            former = {name: self.start(name) for name in ("", *self.proposals)}
            putting_back.callback(self._start_with, Start(self.settings, self.faults), self.proposals)
            self._start_with(today, proposals)
            moved = {name: new for name, old in former.items() if (new := self.start(name)) != old}
            for one in {*self._all.values(), *self._visited.values(), *self._snapshots.contents()}:
                if one.proposal not in moved:
                    continue
                putting_back.callback(one.take, one.followed)
                try:
                    found = one.follow(former[one.proposal], moved[one.proposal])
                except NotStored as error:
                    found = [f"keeps its settings and faults: {error}."]
                problems += (f"{tell_name(one.name)} {problem}" for problem in found)
            putting_back.pop_all()
        return problems

    def _start_with(self, today: Start, proposals: Mapping[str, Start]) -> None:
        """Let fresh sandboxes begin with something else."""
        self.settings, self.faults, self.proposals = today.settings, today.faults, proposals
        self._seed_data.start_with(today.settings, {name: one.settings for name, one in proposals.items()})

    def alter_rules(self, altered: Mapping[str, Alternative]) -> None:
        """Let every sandbox start with *altered*: what decides in the place of some rules, by their ids."""
        self._altered = altered
        for sandbox in self:
            sandbox.rules = RuleSwitches(altered)

    def using(self, sandbox: Sandbox) -> AbstractContextManager[None]:
        """Count a request inside *sandbox* for a ``with`` block: meanwhile it is not idle."""
        return self._idle.using(sandbox)

    def hash_threads(self) -> Executor:
        """Return the threads in which expensive digests are computed; they start when first needed."""
        if self.threads is None:
            self.threads = hash_threads()
        return self.threads

    def stop_waiting(self) -> None:
        """End all waiting for messages: the server is about to stop."""
        self.shutting_down = True
        self.changes.notify()

    def reset(self, name: str) -> Sandbox:
        """
        Put the sandbox called *name* back to its seed data: records, clock, mails, settings, rate windows.

        Its proposal stays.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._lock:
            former = self._all.get(name) or self._visited.get(name)
            is_new = name not in self._all
            if is_new and len(self._all) >= self.capacity:
                self._make_room()
            replaces, proposal = (former.persisted, former.proposal) if former else (None, "")
            made = self._all[name] = self._fresh(name, replaces=replaces, proposal=proposal)
            # The reset itself is persisted, so this one must not make room: its row would stay behind.
            made.changed = former is not None
            if is_new and name != DEFAULT:
                self._unwritten[name] = made
            self._visited.pop(name, None)
        self._forgotten(name)
        return made

    def replace(self, name: str, made: Sandbox) -> Sandbox:
        """
        Put *made*, which is nobody else's, in the place of the sandbox called *name*, and persist it.

        Its snapshots stay.

        Raises:
            ValueError, SandboxLimitReached: As in `visit`.
            NotStored: The disk refused; nothing is done.
        """
        _check_name(name)
        with self._lock:
            former = self._all.get(name) or self._visited.get(name)
            if name not in self._all:
                self._check_room()
            made.name, made.history = name, History(self._history)
            made.used_at, made.kept, made.changed = None, True, True
            self._mark_fresh(made)
            persist(made, self.persistence, replaces=former.persisted if former else None)
            if name not in self._all and len(self._all) >= self.capacity:
                self._make_room()
            self._all[name] = made
            self._unwritten.pop(name, None)
            self._visited.pop(name, None)
        self._forgotten(name)
        return made

    def snapshots(self, name: str) -> Mapping[str, Snapshot]:
        """Give the snapshots of the sandbox called *name*, by their names, oldest first."""
        return self._snapshots.of(name)

    def take_snapshot(self, name: str, snapshot: str | None = None) -> Snapshot:
        """
        Take a snapshot of the sandbox called *name*.

        Args:
            snapshot: What it is called; None for a new name.

        Raises:
            ValueError, SandboxLimitReached: As in `visit`; the name of a snapshot is like that of a sandbox.
            SnapshotLimitReached: It would be one too many.
            SnapshotNameTaken: Another one of this sandbox is called so.
            NotStored: The disk refused; nothing is done.
        """
        if snapshot is not None:
            _check_name(snapshot)
        with self._changing():
            chosen = self._snapshots.choose_name(name, snapshot)
            # The sandbox has to outlast the server, too, or else nobody would drop its snapshots.
            made = take_snapshot(self._create(name), chosen, self.wall_clock(), self.persistence)
            self._snapshots.add(name, made)
        return made

    def restore_snapshot(self, name: str, snapshot: Snapshot) -> Sandbox:
        """
        Put the sandbox called *name* back to what it was when *snapshot* was taken.

        Raises:
            SandboxLimitReached: As in `visit`.
            NotStored: The disk refused; nothing is done.
        """
        return self.replace(name, snapshot.restored())

    def drop_snapshot(self, name: str, snapshot: str) -> bool:
        """
        Remove a snapshot of the sandbox called *name*; False if there is none.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._changing():
            return self._snapshots.drop(name, snapshot)

    def drop(self, name: str) -> bool:
        """
        Remove the sandbox called *name*, with its snapshots; False if there is none.

        Raises:
            NotStored: The disk refused; nothing is done.
        """
        with self._lock:
            found = self._all.get(name)
            if found is None:
                return False
            found.persisted.delete(along_with=self._snapshots.persisted(name))
            self._snapshots.forget(name)
            del self._all[name]
            self._unwritten.pop(name, None)
        self._forgotten(name)
        return True

    def people(self, name: str = DEFAULT) -> list[Person]:
        """List the people of all systems as they are now in the sandbox called *name*."""
        return self.population.read(self.visit(name))

    def fresh_people(self, tx: Transaction) -> dict[str, People]:
        """Write the people of a fresh sandbox into *tx*, and give them by system."""
        return self._seed_data.write_into(tx, self.wall_clock())

    def fresh_population(self) -> list[Person]:
        """List the people of all systems as they are in a fresh sandbox."""
        return self.population.fresh(Store().transaction(), self.wall_clock())

    def find_mutant(self, identifier: str) -> Mutant | None:
        """Find the mutant with an id; until somebody asks, there are none, because to make them takes a second."""
        return self.mutants.get(identifier)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock for a ``with`` block, and notify the listeners when it is free again."""
        try:
            with self._lock:
                yield
        finally:
            self.changes.notify()

    def _find_or_make(self, name: str, proposal: str = "") -> Sandbox:
        found = self._all.get(name) or self._visited.get(name)
        if found is None:
            _check_name(name)
            self._check_room()
            found = self._visited[name] = self._fresh(name, proposal=proposal)
            found.kept = False
        return found

    def _add(self, sandbox: Sandbox) -> None:
        if sandbox.kept or sandbox.name in self._all:
            return
        if len(self._all) >= self.capacity:
            self._make_room()
        self._visited.pop(sandbox.name, None)
        self._all[sandbox.name] = sandbox
        sandbox.kept = True
        if sandbox.name != DEFAULT:
            self._unwritten[sandbox.name] = sandbox

    def _create(self, name: str, proposal: str = "") -> Sandbox:
        made, is_new = self._find_or_make(name, proposal), name not in self._all
        self._add(made)
        try:
            made.persisted.write({})
        except NotStored:
            if is_new:
                self._let_go(made)
            raise
        made.changed = True
        return made

    def _mark_fresh(self, made: Sandbox) -> None:
        """Note in a sandbox that was *made* of another one what a fresh one begins with."""
        start = self.start(made.proposal)
        made.fresh_settings, made.fresh_faults = start.settings, start.faults

    def _forgotten(self, name: str) -> None:
        for forget in self.on_forget:
            forget(name)
        self.changes.notify()

    def _check_room(self) -> None:
        if len(self._all) >= self.capacity and self._find_unwritten() is None:
            raise SandboxLimitReached(f"there are {self.capacity} sandboxes already; delete some first")

    def _find_unwritten(self) -> Sandbox | None:
        """Find the oldest sandbox that was never written to."""
        while self._unwritten:
            name, oldest = next(iter(self._unwritten.items()))
            if self._all.get(name) is oldest and not oldest.written:
                return oldest
            del self._unwritten[name]
        return None

    def _make_room(self) -> None:
        oldest = self._find_unwritten()
        if oldest is not None:
            self._let_go(oldest)

    def _let_go(self, sandbox: Sandbox) -> None:
        """Keep *sandbox* no longer; a request that is inside, and writes to it, makes it last again."""
        del self._all[sandbox.name]
        self._unwritten.pop(sandbox.name, None)
        sandbox.kept = False
        self._visited[sandbox.name] = sandbox

    def _drop_idle(self) -> None:
        for one in self._idle.expired(lambda: [sandbox for sandbox in self if sandbox.name != DEFAULT]):
            # What the disk refuses now is dropped later.
            with suppress(NotStored):
                self.drop(one.name)

    def _fresh(self, name: str, *, replaces: PersistedSandbox | None = None, proposal: str = "") -> Sandbox:
        now = self.wall_clock()
        seed_data = self._seed_data.at(now, proposal)
        documents = partial(of_proposal, proposal) if proposal else no_changes
        persisted = self.persistence.add_sandbox(name, seed_data.tables, now, replaces=replaces, documents=documents)
        start = self.start(proposal)
        faults = armed_by_document(start.faults)
        return Sandbox(
            name,
            Clock(self.wall_clock),
            self.new_chances(self.random_seed, name),
            dict(seed_data.settings),
            start.settings,
            created_at=now,
            tables=seed_data.tables,
            store=Store(seed_data.tables.tables, persisted),
            persisted=persisted,
            history=History(self._history),
            sweeps=sweeps_of(self.retention),
            rules=RuleSwitches(self._altered),
            faults=faults,
            fault_count=len(faults),
            proposal=proposal,
            fresh_faults=start.faults,
        )


def _check_name(name: str) -> None:
    if not NAME.match(name):
        raise ValueError(
            "a sandbox name has 1 to 64 letters, digits, dots, dashes and underscores,"
            " and starts with a letter or digit"
        )
