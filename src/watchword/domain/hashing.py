"""
Password hashes, and how to judge a whole history with one of them.

All hashes of one person, the present one and the former ones, share a salt.
A candidate is therefore hashed once per person and compared with every stored digest.
The price, fair in a stand-in: equal passwords of one person have equal hashes.
Each stored value is a standard PHC string that any Argon2 library verifies.
"""

import binascii
import os
import re
import sys
from base64 import b64decode, b64encode
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from hmac import compare_digest
from threading import Lock, get_native_id
from typing import NamedTuple

import bcrypt
from argon2.exceptions import InvalidHashError
from argon2.low_level import Type, hash_secret_raw
from argon2.profiles import RFC_9106_LOW_MEMORY

from watchword.domain.chance import Chance

_DIGEST_SIZE = 32
REMEMBERED = 256
"""Digests that are not computed again: of a test run's passwords about all, of an attack's next to none."""
_LOW_PRIORITY = 10
"""As a niceness: 0 is usual, 19 the lowest."""
_BCRYPT_BEGINS = "$2"
_BCRYPT = re.compile(r"\$2[abxy]\$(0[4-9]|1[0-4])\$[./A-Za-z0-9]{53}\Z")
_BCRYPT_MAXIMUM = 72
_BCRYPT_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BCRYPT_SALT_END, _BCRYPT_DIGEST_LENGTH = 29, 31
_SETTINGS = re.compile(
    r"\$argon2id\$v=19\$m=(?P<memory>\d+),t=(?P<time>\d+),p=(?P<lanes>\d+)\$(?P<salt>[A-Za-z0-9+/]+)\Z"
)


class Cost(NamedTuple):
    """
    What one computation of Argon2id costs.

    Args:
        memory: KiB.
        time: Passes over the memory.
        lanes: Degree of parallelism.
    """

    memory: int
    time: int
    lanes: int

    def __str__(self) -> str:
        return f"m={self.memory},t={self.time},p={self.lanes}"


class Profile(StrEnum):
    """
    How expensive hashes are.

    ``owasp``: OWASP Password Storage Cheat Sheet, minimum for Argon2id: 19 MiB, 2 passes, 1 lane.
    ``rfc9106``: RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes.
    ``fast``: 8 KiB, 1 pass, the least that Argon2 allows: worthless against attackers, right for tests and fuzzing.
    """

    OWASP = "owasp"
    RFC9106 = "rfc9106"
    FAST = "fast"

    @property
    def cost(self) -> Cost:
        """The parameters of this profile."""
        return _COSTS[self]

    @property
    def expensive(self) -> bool:
        """Whether a computation is long enough (over a millisecond) to be worth a thread of its own."""
        return self is not Profile.FAST


_COSTS = {
    Profile.OWASP: Cost(memory=19 * 1024, time=2, lanes=1),
    Profile.RFC9106: Cost(
        memory=RFC_9106_LOW_MEMORY.memory_cost,
        time=RFC_9106_LOW_MEMORY.time_cost,
        lanes=RFC_9106_LOW_MEMORY.parallelism,
    ),
    Profile.FAST: Cost(memory=8, time=1, lanes=1),
}


_Place = tuple[str, bytes]
"""The settings of a hash, and the fingerprint of a password."""


@lru_cache(maxsize=4096)
def _read(settings: str) -> tuple[Cost, bytes]:
    """Read what stands before the digest of a PHC string of ours; `InvalidHashError` if it is something else."""
    found = _SETTINGS.match(settings)
    if not found:
        raise InvalidHashError
    try:
        return Cost(int(found["memory"]), int(found["time"]), int(found["lanes"])), _unpadded(found["salt"])
    except binascii.Error as error:
        raise InvalidHashError from error


def _unpadded(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4))


def _text(raw: bytes) -> str:
    return b64encode(raw).decode().rstrip("=")


def _bcrypt_settings(stored: str) -> str:
    """
    Take version, cost and salt out of a bcrypt hash.

    Of the salt's last character two bits count; most libraries ignore the others, ours wants them to be zero.
    """
    last = _BCRYPT_ALPHABET.index(stored[_BCRYPT_SALT_END - 1])
    return stored[: _BCRYPT_SALT_END - 1] + _BCRYPT_ALPHABET[last & 0b110000]


def is_bcrypt(stored: str) -> bool:
    """Whether *stored* is a well-formed bcrypt hash of a bearable cost (4 to 14)."""
    return _BCRYPT.match(stored) is not None


class Recent:
    """
    Digests that were computed lately, so that who logs in again and again is hashed once.

    Of a password nothing is kept but a digest with a key that nobody knows and that ends with the process.
    Threads may use it.
    """

    def __init__(self) -> None:
        self._key = Chance().salt(32)
        self._digests: OrderedDict[_Place, str] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._digests)

    def fingerprint(self, plain: str) -> bytes:
        """Tell passwords apart without keeping them."""
        return blake2b(plain.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def find(self, place: "_Place") -> str | None:
        """Find a digest that was computed lately."""
        with self._lock:
            found = self._digests.get(place)
            if found is not None:
                self._digests.move_to_end(place)
            return found

    def add(self, place: "_Place", digest: str) -> None:
        """Remember a *digest*, and forget the one that was not asked for longest."""
        with self._lock:
            self._digests[place] = digest
            if len(self._digests) > REMEMBERED:
                self._digests.popitem(last=False)


class Candidate:
    """
    A plain password with what is already known of its digests.

    Args:
        plain: Unicode text.
        cost: What a new hash of it shall cost.
        recent: Where digests are found that need not be computed.
    """

    __slots__ = ("_cost", "_fingerprint", "_known", "_recent", "plain")

    def __init__(self, plain: str, cost: Cost, recent: Recent) -> None:
        self.plain = plain
        self._cost, self._recent = cost, recent
        self._fingerprint = recent.fingerprint(plain)
        self._known: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Candidate(***)"

    def matches(self, stored: str) -> bool:
        """
        Whether *stored* is a hash of this password.

        Args:
            stored: A PHC string of Argon2id, or a bcrypt hash.

        Raises:
            argon2.exceptions.InvalidHashError: *stored* is neither, as far as what stands before its digest tells.
        """
        if stored.startswith(_BCRYPT_BEGINS) and is_bcrypt(stored):
            # Older bcrypt libraries, whose hashes are imported, looked at 72 bytes only.
            computed = bcrypt.hashpw(self.plain.encode()[:_BCRYPT_MAXIMUM], _bcrypt_settings(stored).encode())
            return compare_digest(computed[-_BCRYPT_DIGEST_LENGTH:], stored[-_BCRYPT_DIGEST_LENGTH:].encode())
        settings, _, digest = stored.rpartition("$")
        return compare_digest(self._digest(settings).encode(), digest.encode())

    def hashed(self, *, like: str | None = None, salt: bytes) -> str:
        """
        Make a hash to store.

        Args:
            like: The present hash of the same person, whose salt is kept; None if there is none.
            salt: The salt of a person's first hash, 16 bytes.

        Returns:
            A PHC string with the cost of the present profile.
        """
        kept = _text(salt) if like is None or is_bcrypt(like) else like.rsplit("$", 2)[1]
        settings = f"$argon2id$v=19${self._cost}${kept}"
        return f"{settings}${self._digest(settings)}"

    def needs_computing(self, stored: str) -> bool:
        """Whether it takes a computation to compare this password with *stored*, a hash of either kind."""
        return is_bcrypt(stored) or self._found(stored.rpartition("$")[0]) is None

    def _digest(self, settings: str) -> str:
        found = self._found(settings)
        if found is None:
            cost, salt = _read(settings)
            raw = hash_secret_raw(
                self.plain.encode(),
                salt,
                time_cost=cost.time,
                memory_cost=cost.memory,
                parallelism=cost.lanes,
                hash_len=_DIGEST_SIZE,
                type=Type.ID,
            )
            found = self._known[settings] = _text(raw)
            self._recent.add((settings, self._fingerprint), found)
        return found

    def _found(self, settings: str) -> str | None:
        found = self._known.get(settings)
        if found is None:
            found = self._recent.find((settings, self._fingerprint))
            if found is not None:
                self._known[settings] = found
        return found


def hash_threads() -> ThreadPoolExecutor:
    """Make as many threads as there are cores, which step back for everything else where the system lets them."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="hash", initializer=_step_back)


def _step_back() -> None:
    # Linux alone has a priority per thread; elsewhere this would slow down the whole server.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), _LOW_PRIORITY)


@dataclass(frozen=True, slots=True)
class Hasher:
    """Makes candidates whose hashes cost what *profile* says."""

    profile: Profile = Profile.OWASP
    recent: Recent = field(default_factory=Recent, repr=False, compare=False)
    _threads: ThreadPoolExecutor = field(default_factory=hash_threads, repr=False, compare=False)

    def candidate(self, plain: str) -> Candidate:
        """Take *plain* for judging and hashing."""
        return Candidate(plain, self.profile.cost, self.recent)

    def side_by_side(self, *candidates: Candidate, like: str) -> None:
        """
        Hash *candidates* at the same time, if that is worth a thread; what is asked of them next is then known.

        Args:
            like: The present hash of the person whose candidates they are.
        """
        if not self.profile.expensive:
            return
        first, *others = [one for one in candidates if one.needs_computing(like)] or candidates[:1]
        # The answers are of no interest yet: each candidate remembers its digest.
        waiting = [self._threads.submit(other.matches, like) for other in others]
        first.matches(like)
        wait(waiting)


class RequestHasher:
    """
    Gives the same candidate for the same password again, so that a request's second try computes nothing twice.

    Args:
        hasher: Makes them.
    """

    __slots__ = ("_hasher", "_made")

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._made: dict[str, Candidate] = {}

    def candidate(self, plain: str) -> Candidate:
        """As `Hasher.candidate`, the first time."""
        found = self._made.get(plain)
        if found is None:
            found = self._made[plain] = self._hasher.candidate(plain)
        return found

    def side_by_side(self, *candidates: Candidate, like: str) -> None:
        """As `Hasher.side_by_side`."""
        self._hasher.side_by_side(*candidates, like=like)
