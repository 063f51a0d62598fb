"""All sandboxes of a server: made on first use, side by side."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from threading import RLock

from watchword import kept
from watchword.domain.chance import Chance
from watchword.domain.clock import Clock, system_time
from watchword.domain.hashing import Hasher
from watchword.domain.refusal import NotStored
from watchword.planting import Person, Planting
from watchword.sandbox import Sandbox
from watchword.settings import SystemSettings
from watchword.store import Keeping, Kept, Seed, Shelf, Store, Unusable
from watchword.store.sweeping import Sweep
from watchword.system import Passing, System

DEFAULT = "default"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
SystemsSettings = Mapping[str, SystemSettings]
_FRESH = timedelta(seconds=1)
"""Sandboxes made within this time share their seed, whose times are relative to its planting."""


class TooManySandboxes(Exception):
    """There are as many sandboxes as the server was told to allow."""


_NOBODY_LOOKS = nullcontext()
"""Where nothing is forgotten, nobody asks who visits."""


@dataclass(slots=True)
class _Visit(AbstractContextManager[None]):
    """A request inside of *sandbox*; *source* gives the real time."""

    sandbox: Sandbox
    source: Callable[[], datetime]

    def __enter__(self) -> None:
        self.sandbox.visitors += 1

    def __exit__(self, *_: object) -> None:
        self.sandbox.visitors -= 1
        self.sandbox.used_at = self.source()


@dataclass(frozen=True)
class _Seedbed:
    """
    The planted seed, which sandboxes share until they change it.

    Args:
        chance: As it is after planting.
    """

    planted_at: datetime
    seed: Seed
    settings: SystemsSettings
    chance: Chance


@dataclass
class Sandboxes:
    """
    The set of all sandboxes of a server.

    Args:
        systems: Whose people are planted into each.
        settings: What each starts with, by system.
        source: The time that clocks run with.
        seed: Makes chance repeatable; each sandbox begins the same sequence.
        capacity: The greatest number of sandboxes.
        keeping: Where they outlive the server; those that are there already are taken up.
        idle: Who was not visited for so long is forgotten, but for the default one; None for never.

    Raises:
        Unusable: What is kept cannot be read.
    """

    systems: Sequence[System]
    settings: SystemsSettings = field(default_factory=dict)
    hasher: Hasher = field(default_factory=Hasher)
    source: Callable[[], datetime] = system_time
    seed: int | None = None
    capacity: int = 10_000
    keeping: Keeping = field(default_factory=Keeping)
    idle: timedelta | None = None
    ending: bool = field(default=False, init=False)
    _all: dict[str, Sandbox] = field(default_factory=dict)
    _bed: _Seedbed | None = None
    _lock: RLock = field(default_factory=RLock)
    _sweep_at: datetime | None = None

    def __post_init__(self) -> None:
        for one in self.keeping.kept():
            self._all[one.name] = self._recalled(one)

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(tuple(self._all.values()))

    def get(self, name: str) -> Sandbox | None:
        """Find a sandbox that exists, as the default one always does."""
        return self.enter(name) if name == DEFAULT else self._all.get(name)

    def enter(self, name: str) -> Sandbox:
        """
        Find the sandbox called *name*, or make it from the seed.

        Raises:
            ValueError: That is no name.
            TooManySandboxes: There is no room for another.
        """
        self._forget_idle()
        found = self._all.get(name)
        if found is not None:
            return found
        if not NAME.match(name):
            raise ValueError(
                "a sandbox name has 1 to 64 letters, digits, dots, dashes and underscores,"
                " and starts with a letter or digit"
            )
        with self._lock:
            found = self._all.get(name)
            if found is None:
                if len(self._all) >= self.capacity:
                    raise TooManySandboxes(f"there are {self.capacity} sandboxes already; delete some first")
                found = self._all[name] = self._fresh(name)
        return found

    def make(self, name: str) -> Sandbox:
        """
        Find the sandbox called *name*, or make it, and keep it from now on, though nothing has happened there.

        Raises:
            ValueError, TooManySandboxes: As in `enter`.
            NotStored: It could not be kept; it was not made.
        """
        with self._lock:
            there = name in self._all
            made = self.enter(name)
            try:
                made.shelf.write({})
            except NotStored:
                if not there:
                    del self._all[name]
                raise
            return made

    def visited(self, sandbox: Sandbox) -> AbstractContextManager[None]:
        """Say, for a ``with`` block, that a request is inside of *sandbox*, which therefore is not idle."""
        return _NOBODY_LOOKS if self.idle is None else _Visit(sandbox, self.source)

    def end_waiting(self) -> None:
        """Keep nobody waiting for what may come: the server is about to end."""
        self.ending = True

    def reset(self, name: str) -> Sandbox:
        """
        Put the sandbox called *name* back to its seed: state, clock, mails, settings, limits.

        Raises:
            NotStored: It could not be kept; nothing is done.
        """
        with self._lock:
            former = self._all.get(name)
            made = self._all[name] = self._fresh(name, instead_of=former.shelf if former else None)
            return made

    def drop(self, name: str) -> bool:
        """
        Forget the sandbox called *name*; False if there is none.

        Raises:
            NotStored: It could not be done.
        """
        with self._lock:
            found = self._all.get(name)
            if found is None:
                return False
            found.shelf.leave()
            del self._all[name]
            return True

    def people(self, name: str = DEFAULT) -> list[Person]:
        """List the seed people of all systems, as the sandbox called *name* knows them."""
        sandbox = self.enter(name)
        return [one for system in self.systems for one in system.people(self.planting(system, sandbox))]

    def planting(self, system: System, sandbox: Sandbox) -> Planting:
        """Say what the seed of *system* is made with in *sandbox*."""
        return self._planting(system, sandbox.clock.now(), sandbox.chance, sandbox.settings[system.name])

    def _forget_idle(self) -> None:
        if self.idle is None:
            return
        now = self.source()
        if self._sweep_at is not None and _just(now, since=self._sweep_at):
            return
        self._sweep_at = now
        with self._lock:
            for one in self:
                last = one.used_at or one.created_at
                if one.name != DEFAULT and not one.visitors and now - last > self.idle:
                    # What cannot be forgotten now is forgotten another time.
                    with suppress(NotStored):
                        self.drop(one.name)

    def _fresh(self, name: str, *, instead_of: Shelf | None = None) -> Sandbox:
        now = self.source()
        if self._bed is None or not _just(now, since=self._bed.planted_at):
            self._bed = self._planted(now, like=self._bed)
        bed = self._bed
        shelf = self.keeping.shelf(name, bed.seed, now, instead_of=instead_of)
        chance = Chance() if self.seed is None else bed.chance.copy()
        return self._sandbox(name, bed.seed, shelf, made=now, chance=chance, settings=dict(bed.settings))

    def _recalled(self, one: Kept) -> Sandbox:
        memories, beginning = kept.Memories(one.documents), self._settings()
        try:
            settings = memories.settings(beginning)
            chance = Chance() if self.seed is None else memories.chance(self.seed) or self._chance_after_planting(one)
            sandbox = self._sandbox(
                one.name, one.seed, one.shelf, made=one.created_at, chance=chance, settings=settings
            )
            sandbox.store.recall(memories.records())
            sandbox.postbox = memories.postbox()
            memories.set_clock(sandbox.clock)
        except (ValueError, KeyError, TypeError) as error:
            raise Unusable(f"sandbox {one.name!r} cannot be read: {error}") from error
        sandbox.used_at = self.source()
        return sandbox

    def _sandbox(
        self,
        name: str,
        seed: Seed,
        shelf: Shelf,
        *,
        made: datetime,
        chance: Chance,
        settings: dict[str, SystemSettings],
    ) -> Sandbox:
        return Sandbox(
            name,
            Clock(self.source),
            chance,
            settings,
            created_at=made,
            store=Store(seed.tables, shelf),
            shelf=shelf,
            seed=self.seed,
            sweeps={sweep.table: sweep for sweep in (Sweep(one.kind, one.past, one.kept) for one in self._passing)},
        )

    @cached_property
    def _passing(self) -> Sequence[Passing]:
        # Systems may share tables.
        return tuple(dict.fromkeys(one for system in self.systems for one in system.passing))

    def _chance_after_planting(self, one: Kept) -> Chance:
        return self._planted(one.created_at).chance

    def _settings(self) -> dict[str, SystemSettings]:
        return {one.name: self.settings.get(one.name) or one.settings() for one in self.systems}

    def _planted(self, now: datetime, *, like: _Seedbed | None = None) -> _Seedbed:
        chance, store, settings = Chance(self.seed), Store(), self._settings()
        transaction = store.transaction()
        for system in self.systems:
            system.plant(transaction, self._planting(system, now, chance, settings[system.name]))
        transaction.commit()
        return _Seedbed(now, Seed(store.frozen(), like=like.seed if like else None), settings, chance)

    def _planting(self, system: System, now: datetime, chance: Chance, settings: SystemSettings) -> Planting:
        return Planting(system=system.name, now=now, chance=chance, settings=settings, hasher=self.hasher)


def _just(now: datetime, *, since: datetime) -> bool:
    return timedelta(0) <= now - since < _FRESH
