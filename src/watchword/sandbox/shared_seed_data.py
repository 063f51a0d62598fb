"""The seed data that fresh sandboxes share until they change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher
from watchword.store import SharedTables, Store
from watchword.system import System
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
    """

    systems: Sequence[System]
    settings: SettingsBySystem
    hasher: Hasher
    random_seed: int | None
    _latest: SharedSeedData | None = None

    def at(self, now: datetime) -> SharedSeedData:
        """Give seed data for a sandbox that is made *now*."""
        if self._latest is None or not within_a_second(now, since=self._latest.written_at):
            self._latest = self.write(now, share_with=self._latest)
        return self._latest

    def write(self, now: datetime, *, share_with: SharedSeedData | None = None) -> SharedSeedData:
        """
        Write seed data with times relative to *now*.

        Args:
            share_with: Other seed data; equal rows are shared with it.
        """
        chance, store, settings = Chance(self.random_seed), Store(), self.start_settings()
        transaction = store.transaction()
        for system in self.systems:
            system.write_seed_data(transaction, self.of_system(system, now, chance, settings[system.name]))
        transaction.commit()
        tables = SharedTables(store.to_shared_rows(), share_with=share_with.tables if share_with else None)
        return SharedSeedData(now, tables, settings)

    def start_settings(self) -> dict[str, SystemSettings]:
        """Give the settings of a fresh sandbox."""
        return {one.name: self.settings.get(one.name) or one.settings_model() for one in self.systems}

    def of_system(self, system: System, now: datetime, chance: Chance, settings: SystemSettings) -> SeedData:
        """Give what a system makes its seed data from."""
        return SeedData(system=system.name, now=now, chance=chance, settings=settings, hasher=self.hasher)
