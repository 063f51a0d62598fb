"""Sandboxes: isolated worlds, made on first use, side by side."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from watchword.domain.chance import Chance
from watchword.domain.clock import Clock, system_time
from watchword.domain.hashing import Hasher
from watchword.domain.limits import Windows
from watchword.domain.outbox import Postbox
from watchword.planting import Person, Planting
from watchword.settings import SystemSettings, merged
from watchword.store import Base, Store
from watchword.system import System

DEFAULT = "default"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
SystemsSettings = Mapping[str, SystemSettings]
_FRESH = timedelta(seconds=1)
"""Sandboxes made within this time share their seed, whose times are relative to its planting."""


class TooManySandboxes(Exception):
    """There are as many sandboxes as the server was told to allow."""


@dataclass(slots=True)
class Sandbox:
    """
    One isolated world: store, clock, chance, postbox, settings and used-up limits.

    Args:
        settings: One model per system.
    """

    name: str
    clock: Clock
    chance: Chance
    settings: dict[str, SystemSettings]
    created_at: datetime
    store: Store = field(default_factory=Store)
    postbox: Postbox = field(default_factory=Postbox)
    windows: Windows = field(default_factory=Windows)

    def change_settings(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        """
        Apply a merge patch per system; all or nothing.

        Raises:
            KeyError: There is no such system.
            pydantic.ValidationError: A value does not fit.
        """
        changed = {name: merged(self.settings[name], change) for name, change in changes.items()}
        self.settings.update(changed)


@dataclass(frozen=True)
class _Seedbed:
    """
    The planted seed, which sandboxes share until they change it.

    Args:
        chance: As it is after planting.
    """

    planted_at: datetime
    bases: Mapping[str, Base]
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
    """

    systems: Sequence[System]
    settings: SystemsSettings = field(default_factory=dict)
    hasher: Hasher = field(default_factory=Hasher)
    source: Callable[[], datetime] = system_time
    seed: int | None = None
    capacity: int = 10_000
    _all: dict[str, Sandbox] = field(default_factory=dict)
    _bed: _Seedbed | None = None
    _lock: RLock = field(default_factory=RLock)

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(tuple(self._all.values()))

    def get(self, name: str) -> Sandbox | None:
        """Find a sandbox that exists."""
        return self._all.get(name)

    def enter(self, name: str) -> Sandbox:
        """
        Find the sandbox called *name*, or make it from the seed.

        Raises:
            ValueError: That is no name.
            TooManySandboxes: There is no room for another.
        """
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

    def reset(self, name: str) -> Sandbox:
        """Put the sandbox called *name* back to its seed: state, clock, mails, settings, limits."""
        with self._lock:
            self._all[name] = self._fresh(name)
            return self._all[name]

    def drop(self, name: str) -> bool:
        """Forget the sandbox called *name*; False if there is none."""
        with self._lock:
            return self._all.pop(name, None) is not None

    def people(self, name: str = DEFAULT) -> list[Person]:
        """List the seed people of all systems, as the sandbox called *name* knows them."""
        sandbox = self.enter(name)
        return [one for system in self.systems for one in system.people(self.planting(system, sandbox))]

    def planting(self, system: System, sandbox: Sandbox) -> Planting:
        """Say what the seed of *system* is made with in *sandbox*."""
        return self._planting(system, sandbox.clock.now(), sandbox.chance, sandbox.settings[system.name])

    def _fresh(self, name: str) -> Sandbox:
        now = self.source()
        if self._bed is None or not timedelta(0) <= now - self._bed.planted_at < _FRESH:
            self._bed = self._planted(now)
        bed = self._bed
        return Sandbox(
            name,
            Clock(self.source),
            Chance() if self.seed is None else bed.chance.copy(),
            dict(bed.settings),
            created_at=now,
            store=Store(bed.bases),
        )

    def _planted(self, now: datetime) -> _Seedbed:
        chance, store = Chance(self.seed), Store()
        settings = {one.name: self.settings.get(one.name) or one.settings() for one in self.systems}
        transaction = store.transaction()
        for system in self.systems:
            system.plant(transaction, self._planting(system, now, chance, settings[system.name]))
        transaction.commit()
        return _Seedbed(now, store.frozen(), settings, chance)

    def _planting(self, system: System, now: datetime, chance: Chance, settings: SystemSettings) -> Planting:
        return Planting(system=system.name, now=now, chance=chance, settings=settings, hasher=self.hasher)
