"""People of a sandbox: how somebody wants them, how they are stored, and how they are now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from watchword.domain.hashing import Candidate
from watchword.domain.outbox import Message
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.store import Transaction, record
from watchword.system.agenda import Event
from watchword.system.seed_data import Person, SeedData

GROUPS = ("programme", "organisation")
"""The fields of a wish that say where a person belongs; a system knows one of them, or none."""


class ImpossiblePerson(Exception):
    """
    Nobody can be as it was asked for.

    Args:
        field: What is wrong, by the name of the field: ``situations``, ``login``.
        problem: What is wrong and what would be possible, without a value that is secret.
    """

    def __init__(self, field: str, problem: str) -> None:
        self.field, self.problem = field, problem.removesuffix(".")  # a vendor's message is a whole sentence
        super().__init__(f"{field}: {self.problem}")


@dataclass(frozen=True, slots=True)
class Wish:
    """
    How somebody wants a person to be; None for what the person that is copied decides.

    Args:
        like: The name of a seed person to copy.
        situations: Words that shall be true of the person.
        group: The programme or organisation, by the name of that field: a name, or a table that describes a new one.
        why: What the person is for.
    """

    name: str
    like: str | None = None
    login: str | None = None
    password: Secret | None = None
    situations: tuple[str, ...] = ()
    group: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """
    What shall be different about a person; None for what stays.

    Args:
        situations: All that shall be true from now on, of those that can change.
    """

    login: str | None = None
    password: Secret | None = None
    situations: tuple[str, ...] | None = None


@record("watchword_people", key="key", indexed=("system",))
@dataclass(frozen=True)
class MadePerson:
    """
    A person who is not of the seed data.

    Args:
        key: System and name.
        id: The id in the system's paths.
        like: The seed person that was copied.
        situations: The words that were true when the person was made.
        password_hash: PHC string of a password that was given; None for that of the seed person, which is public.
        former: Hashes of former passwords, newest first, if the seed person has none.
        group: As in `Wish`, with everything that describes a new one.
    """

    key: str
    system: str
    name: str
    id: str
    login: str
    like: str
    why: str
    situations: tuple[str, ...] = ()
    password_hash: str | None = field(default=None, repr=False)
    former: tuple[str, ...] = field(default=(), repr=False)
    group: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def key_of(system: str, name: str) -> str:
        """Make the key of the person with this *name*."""
        return f"{system}/{name}"


class MakesCandidates(Protocol):
    """What passwords are hashed with: at once at the start of a server, in threads for a request."""

    def candidate(self, plain: Secret) -> Candidate:
        """Make a candidate of *plain*."""


@dataclass(frozen=True, slots=True)
class People:
    """
    The people of one system in one sandbox, to read and to change.

    Args:
        seed_data: What the system makes its seed data from, now.
        messages: The messages of the sandbox, in which codes can be read.
    """

    tx: Transaction
    seed_data: SeedData
    messages: Sequence[Message] = ()

    @property
    def now(self) -> datetime:
        """The time of the sandbox."""
        return self.seed_data.now

    @property
    def settings(self) -> Any:
        """The settings of the system in the sandbox."""
        return self.seed_data.settings

    def made(self) -> list[MadePerson]:
        """List those who are not of the seed data, in the order of their names."""
        return self.tx.find(MadePerson, system=self.seed_data.system)

    def find_code(self, code_digest: str, *, to: str | None) -> str | None:
        """Find the code with a digest in a message to an address; None if no message shows it."""
        if to is None:
            return None
        shown = (code for one in self.messages if one.to.lower() == to.lower() for code in one.codes)
        return next((code for code in shown if digest(code) == code_digest), None)


class Roster(Protocol):
    """How a system makes, reads, changes and removes a person, by its own rules."""

    @property
    def situations(self) -> tuple[str, ...]:
        """The words that it knows."""

    @property
    def accounts(self) -> tuple[type, ...]:
        """The types of the records of which each is a person."""

    @property
    def groups(self) -> tuple[str, ...]:
        """The fields of a wish that say where a person belongs."""

    def plan(self, wish: Wish, people: People, hasher: MakesCandidates) -> MadePerson:
        """
        Decide how the person of *wish* will be; nothing is written.

        Raises:
            ImpossiblePerson: Nobody can be so.
            DigestNeeded: Compute first.
        """

    def write(self, made: MadePerson, people: People) -> None:
        """Write the records of a person, with times relative to now."""

    def read(self, people: People) -> Sequence[Person]:
        """List everybody as they are now: the seed data's first, then those who were made."""

    def change(self, person: Person, change: Change, people: People, hasher: MakesCandidates) -> None:
        """
        Change a person.

        Raises:
            ImpossiblePerson: Nobody can be so.
            DigestNeeded: Compute first.
        """

    def remove(self, person: Person, people: People) -> None:
        """Delete a person, with everything that belongs to no one else."""

    def agenda(self, people: People) -> Sequence[Event]:
        """List what is going to happen by itself, in any order."""


def derive(*purpose: str) -> str:
    """
    Derive 64 hexadecimal digits from *purpose*.

    Ids and tokens of people who are made are derived from their names: they are the same in every sandbox and every
    run, as those of the seed people are, and are stored nowhere.
    """
    return sha256("\0".join(("watchword", *purpose)).encode()).hexdigest()


def derive_number(*purpose: str) -> int:
    """Derive a number below 2 ** 40 from *purpose*."""
    return int(derive(*purpose)[:10], 16)


def derive_salt(*purpose: str) -> bytes:
    """Derive the salt of a person's first hash, 16 bytes."""
    return bytes.fromhex(derive(*purpose, "salt")[:32])
