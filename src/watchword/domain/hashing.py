"""
Password hashes, and how to judge a whole history with one of them.

All hashes of one person, the present one and the former ones, share a salt.
A candidate is therefore hashed once per person and compared with every stored digest.
The price, fair in a stand-in: equal passwords of one person have equal hashes.
Each stored value is a standard PHC string that any Argon2 library verifies.

A request never blocks the event loop for a hash.
A rule that needs an expensive digest is stopped by `DigestNeeded`; the unit of work computes the digest
in a thread and runs the rule again, and then the digest is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from typing import NamedTuple

from argon2.profiles import RFC_9106_LOW_MEMORY

from watchword.domain import digests
from watchword.domain.digests import Cost
from watchword.domain.recent_digests import RecentDigests
from watchword.domain.secret import Secret


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


_COSTS = {
    Profile.OWASP: Cost(memory=19 * 1024, time=2, lanes=1),
    Profile.RFC9106: Cost(
        memory=RFC_9106_LOW_MEMORY.memory_cost,
        time=RFC_9106_LOW_MEMORY.time_cost,
        lanes=RFC_9106_LOW_MEMORY.parallelism,
    ),
    Profile.FAST: Cost(memory=8, time=1, lanes=1),
}


class PendingDigest(NamedTuple):
    """A digest that has to be computed: `digests.computed`, then `Candidate.learn`."""

    candidate: "Candidate"
    settings: str


class DigestNeeded(Exception):
    """
    An expensive digest is needed first.

    Args:
        pending: What to compute, in parallel, before asking again.
    """

    def __init__(self, pending: Sequence[PendingDigest]) -> None:
        super().__init__(f"{len(pending)} digests")
        self.pending = pending


class Candidate:
    """
    A plain password with what is already known of its digests.

    Args:
        plain: Unicode text.
        cost: What a new hash of it costs.
        recent: Digests that were computed lately.
        blocking: Compute expensive digests at once, instead of raising `DigestNeeded`.
    """

    __slots__ = ("_blocking", "_cost", "_fingerprint", "_known", "_recent", "plain")

    def __init__(self, plain: Secret, cost: Cost, recent: RecentDigests, *, blocking: bool = True) -> None:
        self.plain = plain
        self._cost, self._recent, self._blocking = cost, recent, blocking
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
            DigestNeeded: Compute first.
        """
        settings, digest = digests.parted(stored)
        return compare_digest(self._digest(settings), digest)

    def hashed(self, *, like: str | None = None, salt: bytes) -> str:
        """
        Make a hash to store.

        Args:
            like: The present hash of the same person, whose salt is kept; None if there is none.
            salt: The salt of a person's first hash, 16 bytes.

        Returns:
            A PHC string with the cost of the present profile.

        Raises:
            DigestNeeded: Compute first.
        """
        settings = digests.settings(self._cost, salt, like=like)
        return f"{settings}${self._digest(settings)}"

    def knows(self, settings: str) -> bool:
        """Whether the digest with *settings* is known already."""
        return self._found(settings) is not None

    def learn(self, settings: str, digest: str) -> None:
        """Remember what was computed."""
        self._known[settings] = digest
        self._recent.add(settings, self._fingerprint, digest)

    def _digest(self, settings: str) -> str:
        found = self._found(settings)
        if found is None:
            if not self._blocking and digests.takes_long(settings):
                raise DigestNeeded((PendingDigest(self, settings),))
            found = digests.computed(self.plain.reveal(), settings)
            self.learn(settings, found)
        return found

    def _found(self, settings: str) -> str | None:
        found = self._known.get(settings)
        if found is None:
            found = self._recent.find(settings, self._fingerprint)
            if found is not None:
                self._known[settings] = found
        return found


@dataclass(frozen=True, slots=True)
class Hasher:
    """Makes candidates whose hashes cost what *profile* says."""

    profile: Profile = Profile.OWASP
    recent: RecentDigests = field(default_factory=RecentDigests, repr=False, compare=False)

    def candidate(self, plain: Secret, *, blocking: bool = True) -> Candidate:
        """Make a candidate of *plain*."""
        return Candidate(plain, self.profile.cost, self.recent, blocking=blocking)


class RequestHasher:
    """
    Makes candidates that never block, and gives the same one for the same password again.

    So a retry knows what was computed for the attempt before.

    Args:
        hasher: Makes them.
    """

    __slots__ = ("_hasher", "_made")

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._made: dict[Secret, Candidate] = {}

    def candidate(self, plain: Secret) -> Candidate:
        """As `Hasher.candidate`, the first time."""
        found = self._made.get(plain)
        if found is None:
            found = self._made[plain] = self._hasher.candidate(plain, blocking=False)
        return found

    def compute_in_parallel(self, *candidates: Candidate, like: str) -> None:
        """
        Have the expensive digests of *candidates* computed at the same time.

        Args:
            like: The present hash of the person whose candidates they are.

        Raises:
            DigestNeeded: Compute first.
        """
        settings, _ = digests.parted(like)
        if digests.takes_long(settings):
            pending = [PendingDigest(one, settings) for one in candidates if not one.knows(settings)]
            if pending:
                raise DigestNeeded(pending)
