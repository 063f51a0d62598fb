"""Seed data: the named people that a new sandbox starts with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

import orjson

from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.resources import folder
from watchword.system.person_state import PersonState


@dataclass(frozen=True, slots=True)
class Person:
    """
    A person: an account that tests sign in as.

    Args:
        why: What the person is for, one sentence.
        id: The id in the system's paths.
        login: The name that the person signs in with.
        password: Plain text, public test data; None if the person has no password, or one that is not public.
        headers: Ready to send: a key and a valid token.
        situations: Keywords to find people by.
        credentials: Other credentials, by the vendor's names for them; public test data.
        group: The programme or organisation, by that word and its name; empty where there is none.
        made: Whether the person is not of the seed data.
        state: How the person is now.
    """

    system: str
    name: str
    why: str
    id: str
    login: str
    password: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    situations: tuple[str, ...] = ()
    credentials: Mapping[str, Any] = field(default_factory=dict)
    group: Mapping[str, str] = field(default_factory=dict)
    made: bool = False
    state: PersonState = field(default_factory=PersonState)


@cache
def _fixture(system: str, name: str) -> Any:
    return orjson.loads((folder("fixtures") / system / f"{name}.json").read_bytes())


@cache
def load_precomputed_hashes() -> dict[str, dict[str, list[str]]]:
    """Read the hashes of the seed people by cost, made by ``make generate``, so that a start computes none."""
    path = folder("fixtures") / "hashes.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}


@cache
def make_seed_hashes(profile: Profile, key: str, passwords: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the hashes of a seed person, from ``hashes.json`` if they are there.

    Args:
        key: As `seed_hash_key` returns it.
        passwords: Plain text, newest first.
    """
    known = load_precomputed_hashes().get(str(profile.cost), {}).get(key)
    if known:
        return tuple(known)
    salt = blake2b(key.encode(), digest_size=16).digest()
    return tuple(Hasher(profile).candidate(Secret(plain)).make_hash(salt=salt) for plain in passwords)


def seed_hash_key(system: str, person: str, passwords: Sequence[str]) -> str:
    """Make the key of a person's hashes; it changes with the passwords, so that a stale hash is never used."""
    fingerprint = blake2b("\0".join(passwords).encode(), digest_size=8).hexdigest()
    return f"{system}/{person}/{fingerprint}"


@dataclass(frozen=True)
class SeedData:
    """
    What a system makes its seed data from.

    Args:
        now: Times in fixtures are relative to it.
        settings: The settings of this system in this sandbox.
    """

    system: str
    now: datetime
    chance: Chance
    settings: Any
    hasher: Hasher = field(default_factory=Hasher)

    def fixture(self, name: str) -> Any:
        """Read ``fixtures/<system>/<name>.json``. The result is shared: do not change it."""
        return _fixture(self.system, name)

    def hashes(self, person: str, passwords: Sequence[str]) -> tuple[str, ...]:
        """
        Return the hashes of *passwords*, which all belong to one *person*.

        Args:
            passwords: Plain text, newest first.

        Returns:
            PHC strings with the same salt, in the order of the passwords.
        """
        return make_seed_hashes(self.hasher.profile, seed_hash_key(self.system, person, passwords), tuple(passwords))

    def is_hash_of(self, stored: str | None, person: str, passwords: Sequence[str]) -> bool:
        """Whether *stored* is the hash of the first of *passwords*, at whatever cost a server has computed it."""
        key = seed_hash_key(self.system, person, passwords)
        known = (hashes[key][0] for hashes in load_precomputed_hashes().values() if key in hashes)
        return stored is not None and (stored in known or stored == self.hashes(person, passwords)[0])
