"""The people of sandboxes: those that each starts with, and how they and those who were made are now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watchword.sandbox.sandbox import Sandbox
from watchword.sandbox.shared_seed_data import SeedDataWriter
from watchword.store import Transaction
from watchword.system import System
from watchword.system.people import MadePerson, People
from watchword.system.seed_data import Person, SeedData


@dataclass(frozen=True)
class Population:
    """
    The people of all sandboxes of a server.

    Args:
        systems: Whose people they are.
    """

    systems: Sequence[System]
    _seed_data: SeedDataWriter

    def read(self, sandbox: Sandbox, *, system: str | None = None) -> list[Person]:
        """List the people of all systems, or of one, as they are in *sandbox*, which may be a copy without a name."""
        wanted = [one for one in self.systems if system in (None, one.name)]
        return [person for one in wanted for person in _everybody(one, self.of_system(one, sandbox))]

    def of_system(self, system: System, sandbox: Sandbox, tx: Transaction | None = None) -> People:
        """
        Give the people of *system* in *sandbox*, to read and to change.

        Args:
            tx: What they are read and changed in; None to read only.
        """
        seed_data = self._seed_data_in(system, sandbox)
        return People(tx or sandbox.store.transaction(), seed_data, tuple(sandbox.mailbox))

    def add(self, people: Sequence[MadePerson]) -> None:
        """Let every sandbox that is made or reset from now on start with *people* too."""
        self._seed_data.add(people)

    def fresh(self, tx: Transaction, now: datetime) -> list[Person]:
        """
        List the people of all systems as a sandbox has them that is made *now*.

        Args:
            tx: Of an empty store, in which they are made.
        """
        made = self._seed_data.write_into(tx, now)
        return [person for one in self.systems for person in _everybody(one, made[one.name])]

    def _seed_data_in(self, system: System, sandbox: Sandbox) -> SeedData:
        now, chance = sandbox.clock.now(), sandbox.chances.of(system.name)
        return self._seed_data.of_system(system, now, chance, sandbox.settings[system.name])


def _everybody(system: System, people: People) -> Sequence[Person]:
    return system.people(people.seed_data) if system.roster is None else system.roster.read(people)
