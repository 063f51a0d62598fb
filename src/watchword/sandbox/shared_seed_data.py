"""The seed data that fresh sandboxes share until they change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher
from watchword.store import SharedTables, Store, Transaction
from watchword.system import System
from watchword.system.people import MadePerson, People
from watchword.system.seed_data import SeedData
from watchword.system.settings import SettingsBySystem, SystemSettings

_SHARED_FOR = timedelta(seconds=1)
"""Sandboxes made within this time share their seed data, whose times are relative to the moment it was written."""


def within_a_second(now: datetime, *, since: datetime) -> bool:
    """Whether *now* is less than a second after *since*; False if the clock was moved back."""
    return timedelta(0) <= now - since < _SHARED_FOR


@dataclass(frozen=True)
class SharedSeedData:
    """
    The tables of a fresh sandbox.

    Args:
        written_at: The moment that its times are relative to.
    """

    written_at: datetime
    tables: SharedTables
    settings: SettingsBySystem


@dataclass
class SeedDataWriter:
    """
    Writes the seed data of all systems, at most once a second.

    Args:
        settings: What sandboxes start with, by system; the others start with their defaults.
        random_seed: Makes chance repeatable; None for another sequence every time.

    Attributes:
        added: The people that every sandbox starts with besides the seed people.
    """

    systems: Sequence[System]
    settings: SettingsBySystem
    hasher: Hasher
    random_seed: int | None
    added: Sequence[MadePerson] = field(default=(), init=False)
    _latest: SharedSeedData | None = field(default=None, init=False)

    def at(self, now: datetime) -> SharedSeedData:
        """Give seed data for a sandbox that is made *now*."""
        if self._latest is None or not within_a_second(now, since=self._latest.written_at):
            self._latest = self.write(now, share_with=self._latest)
        return self._latest

    def add(self, people: Sequence[MadePerson]) -> None:
        """Let every sandbox that is made from now on start with *people* too."""
        self.added, self._latest = (*self.added, *people), None

    def write(self, now: datetime, *, share_with: SharedSeedData | None = None) -> SharedSeedData:
        """
        Write seed data with times relative to *now*.

        Args:
            share_with: Other seed data; equal rows are shared with it.
        """
        store = Store()
        transaction = store.transaction()
        self.write_into(transaction, now)
        transaction.commit()
        tables = SharedTables(store.to_shared_rows(), share_with=share_with.tables if share_with else None)
        return SharedSeedData(now, tables, self.start_settings())

    def write_into(self, transaction: Transaction, now: datetime) -> dict[str, People]:
        """
        Write seed data, with those who were added, into a *transaction*.

        Returns:
            The people in it, by system.
        """
        chance, settings, people = Chance(self.random_seed), self.start_settings(), {}
        for system in self.systems:
            seed_data = self.of_system(system, now, chance, settings[system.name])
            people[system.name] = People(transaction, seed_data)
            system.write_seed_data(transaction, seed_data)
            if system.roster is not None:
                for one in self.added:
                    if one.system == system.name:
                        system.roster.write(one, people[system.name])
        return people

    def start_settings(self) -> dict[str, SystemSettings]:
        """Give the settings of a fresh sandbox."""
        return {one.name: self.settings.get(one.name) or one.settings_model() for one in self.systems}

    def of_system(self, system: System, now: datetime, chance: Chance, settings: SystemSettings) -> SeedData:
        """Give what a system makes its seed data from."""
        return SeedData(system=system.name, now=now, chance=chance, settings=settings, hasher=self.hasher)
