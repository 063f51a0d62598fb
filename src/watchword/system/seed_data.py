"""The seed: the named people that a fresh sandbox starts with."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any

import orjson

from watchword.domain.chance import Chance
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.resources import folder


@dataclass(frozen=True, slots=True)
class Person:
    """
    Somebody to sign in as.

    Args:
        why: The reason to exist, one sentence.
        id: As the system's paths want it.
        login: As the system's sign-in wants it.
        password: Plain, public test data; None if there is none.
        headers: Ready to send: a key and a valid token.
        situations: Words to look people up by.
        credentials: What else a program signs in with, by the vendor's words: public test data too.
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

    def as_json(self) -> dict[str, Any]:
        """The person as JSON types."""
        return {**asdict(self), "headers": dict(self.headers), "situations": list(self.situations)}


@cache
def _fixture(system: str, name: str) -> Any:
    return orjson.loads((folder("fixtures") / system / f"{name}.json").read_bytes())


@cache
def precomputed() -> dict[str, dict[str, list[str]]]:
    """Hashes of the seed people by cost, so that a start costs none; made by ``make generate``."""
    path = folder("fixtures") / "hashes.json"
    return orjson.loads(path.read_bytes()) if path.exists() else {}


@cache
def seed_hashes(profile: Profile, key: str, passwords: tuple[str, ...]) -> tuple[str, ...]:
    """
    Give the hashes of a seed person: out of ``hashes.json``, or computed if that does not know them.

    Args:
        key: As `seed_key` names it.
        passwords: Plain, newest first.
    """
    known = precomputed().get(str(profile.cost), {}).get(key)
    if known:
        return tuple(known)
    salt = blake2b(key.encode(), digest_size=16).digest()
    return tuple(Hasher(profile).candidate(Secret(plain)).hashed(salt=salt) for plain in passwords)


def seed_key(system: str, person: str, passwords: Sequence[str]) -> str:
    """Name a person's seed hashes; another password makes another name, so a stale hash is never found."""
    fingerprint = blake2b("\0".join(passwords).encode(), digest_size=8).hexdigest()
    return f"{system}/{person}/{fingerprint}"


@dataclass(frozen=True)
class SeedData:
    """
    What a system makes its seed data from.

    Args:
        now: Times in fixtures are relative to it.
        settings: The system's settings in this sandbox.
    """

    system: str
    now: datetime
    chance: Chance
    settings: Any
    hasher: Hasher = field(default_factory=Hasher)

    def fixture(self, name: str) -> Any:
        """Read ``fixtures/<system>/<name>.json``; shared, so not to be changed."""
        return _fixture(self.system, name)

    def hashes(self, person: str, passwords: Sequence[str]) -> tuple[str, ...]:
        """
        Give stored hashes of *passwords*, which all belong to one *person*.

        Args:
            passwords: Plain, newest first.

        Returns:
            PHC strings with one salt, in the same order.
        """
        return seed_hashes(self.hasher.profile, seed_key(self.system, person, passwords), tuple(passwords))
