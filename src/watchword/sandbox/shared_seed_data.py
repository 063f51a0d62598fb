"""The seed data that fresh sandboxes share until they change it."""

from collections.abc import Mapping, Sequence
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
        proposals: The settings that sandboxes with a proposal start with instead, by its name.
        added: The people that every sandbox starts with besides the seed people.
    """

    systems: Sequence[System]
    settings: SettingsBySystem
    hasher: Hasher
    random_seed: int | None
    proposals: Mapping[str, SettingsBySystem] = field(default_factory=dict, init=False)
    added: Sequence[MadePerson] = field(default=(), init=False)
    _latest: dict[str, SharedSeedData] = field(default_factory=dict, init=False)

    def at(self, now: datetime, proposal: str = "") -> SharedSeedData:
        """Give seed data for a sandbox that is made *now*, with a *proposal* or without."""
        latest = self._latest.get(proposal)
        if latest is None or not within_a_second(now, since=latest.written_at):
            latest = self._latest[proposal] = self.write(now, share_with=latest, proposal=proposal)
        return latest

    def add(self, people: Sequence[MadePerson]) -> None:
        """Let every sandbox that is made from now on start with *people* too."""
        self.added = (*self.added, *people)
        self._latest.clear()

    def start_with(self, settings: SettingsBySystem, proposals: Mapping[str, SettingsBySystem]) -> None:
        """Let every sandbox that is made from now on start with *settings*, or with those of its proposal."""
        self.settings, self.proposals = settings, proposals
        self._latest.clear()

    def write(self, now: datetime, *, share_with: SharedSeedData | None = None, proposal: str = "") -> SharedSeedData:
        """
        Write seed data with times relative to *now*.

        Args:
            share_with: Other seed data; equal rows are shared with it.
        """
        store = Store()
        transaction = store.transaction()
        self.write_into(transaction, now, proposal)
        transaction.commit()
        tables = SharedTables(store.to_shared_rows(), share_with=share_with.tables if share_with else None)
        return SharedSeedData(now, tables, self.start_settings(proposal))

    def write_into(self, transaction: Transaction, now: datetime, proposal: str = "") -> dict[str, People]:
        """
        Write seed data, with those who were added, into a *transaction*.

        Returns:
            The people in it, by system.
        """
        chance, settings, people = Chance(self.random_seed), self.start_settings(proposal), {}
        for system in self.systems:
            seed_data = self.of_system(system, now, chance, settings[system.name])
            people[system.name] = People(transaction, seed_data)
            system.write_seed_data(transaction, seed_data)
            if system.roster is not None:
                for one in self.added:
                    if one.system == system.name:
                        system.roster.write(one, people[system.name])
        return people

    def start_settings(self, proposal: str = "") -> dict[str, SystemSettings]:
        """Give the settings of a fresh sandbox, with a *proposal* or without."""
        chosen = self.proposals[proposal] if proposal else self.settings
        return {one.name: chosen.get(one.name) or one.settings_model() for one in self.systems}

    def of_system(self, system: System, now: datetime, chance: Chance, settings: SystemSettings) -> SeedData:
        """Give what a system makes its seed data from."""
        return SeedData(system=system.name, now=now, chance=chance, settings=settings, hasher=self.hasher)
