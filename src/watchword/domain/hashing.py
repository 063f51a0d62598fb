"""
Hash passwords, and compare one password with a whole history of hashes.

All hashes of one person, present and former, share a salt. So a password is hashed once per person, and the
digest is compared with every stored one. The price, acceptable in a stand-in: equal passwords of one person have equal
hashes. Every stored hash is a standard PHC string that any Argon2 library verifies.

A request never blocks the event loop with an expensive hash. A rule that needs an expensive digest is stopped by
`DigestNeeded`; the unit of work computes the digest in a thread and runs the rule again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hmac import compare_digest
from typing import NamedTuple

from argon2.profiles import RFC_9106_LOW_MEMORY

from watchword.domain import digests
from watchword.domain.digest_cache import DigestCache
from watchword.domain.digests import Cost
from watchword.domain.secret import Secret


class Profile(StrEnum):
    """
    How expensive new hashes are.

    ``owasp``: OWASP Password Storage Cheat Sheet, minimum for Argon2id: 19 MiB, 2 passes, 1 lane.
    ``rfc9106``: RFC 9106, section 4, second recommended option: 64 MiB, 3 passes, 4 lanes.
    ``fast``: 8 KiB, 1 pass, the least that Argon2 allows: no protection at all, right for tests and fuzzing.
    """

    OWASP = "owasp"
    RFC9106 = "rfc9106"
    FAST = "fast"

    @property
    def cost(self) -> Cost:
        """The cost of this profile."""
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
    """A digest that has to be computed with `digests.compute_digest` and given to `Candidate.learn`."""

    candidate: "Candidate"
    parameters: str


class DigestNeeded(Exception):
    """
    A rule needs expensive digests before it can go on.

    Args:
        pending: The digests to compute, in parallel, before the rule runs again.
    """

    def __init__(self, pending: Sequence[PendingDigest]) -> None:
        super().__init__(f"{len(pending)} digests")
        self.pending = pending


class Candidate:
    """
    A plain password and the digests of it that are known so far.

    Args:
        cost: The cost of a new hash of it.
        cache: Digests that were computed before.
        blocking: Compute expensive digests at once instead of raising `DigestNeeded`.
    """

    __slots__ = ("_blocking", "_cache", "_cost", "_fingerprint", "_known", "plain")

    def __init__(self, plain: Secret, cost: Cost, cache: DigestCache, *, blocking: bool = True) -> None:
        self.plain = plain
        self._cost, self._cache, self._blocking = cost, cache, blocking
        self._fingerprint = cache.fingerprint(plain)
        self._known: dict[str, str] = {}

    def __repr__(self) -> str:
        return "Candidate(***)"

    def matches(self, stored: str) -> bool:
        """
        Whether *stored* is a hash of this password.

        Args:
            stored: A PHC string of Argon2id, or a bcrypt hash.

        Raises:
            argon2.exceptions.InvalidHashError: The parameters of *stored* are not those of Argon2id or bcrypt.
            DigestNeeded: An expensive digest has to be computed first.
        """
        parameters, digest = digests.split_hash(stored)
        return compare_digest(self._digest(parameters), digest)

    def make_hash(self, *, share_salt_with: str | None = None, salt: bytes) -> str:
        """
        Make a hash to store.

        Args:
            share_salt_with: The present hash of the same person, None for a first hash.
            salt: The salt of a first hash, 16 bytes.

        Returns:
            A PHC string with the cost of the present profile.

        Raises:
            DigestNeeded: An expensive digest has to be computed first.
        """
        parameters = digests.argon2id_parameters(self._cost, salt, share_salt_with=share_salt_with)
        return f"{parameters}${self._digest(parameters)}"

    def knows(self, parameters: str) -> bool:
        """Whether the digest with these *parameters* is known already."""
        return self._find(parameters) is not None

    def learn(self, parameters: str, digest: str) -> None:
        """Add a *digest* that was computed with these *parameters*."""
        self._known[parameters] = digest
        self._cache.add(parameters, self._fingerprint, digest)

    def _digest(self, parameters: str) -> str:
        found = self._find(parameters)
        if found is None:
            if not self._blocking and digests.takes_long(parameters):
                raise DigestNeeded((PendingDigest(self, parameters),))
            found = digests.compute_digest(self.plain.revealed, parameters)
            self.learn(parameters, found)
        return found

    def _find(self, parameters: str) -> str | None:
        found = self._known.get(parameters)
        if found is None:
            found = self._cache.find(parameters, self._fingerprint)
            if found is not None:
                self._known[parameters] = found
        return found


@dataclass(frozen=True, slots=True)
class Hasher:
    """
    Makes candidates.

    Args:
        profile: The cost of new hashes.
        cache: Shared by all candidates.
    """

    profile: Profile = Profile.OWASP
    cache: DigestCache = field(default_factory=DigestCache, repr=False, compare=False)

    def candidate(self, plain: Secret, *, blocking: bool = True) -> Candidate:
        """Make a candidate of *plain*."""
        return Candidate(plain, self.profile.cost, self.cache, blocking=blocking)


class RequestHasher:
    """
    Makes the candidates of one request, which never block.

    The same password gives the same candidate, so that a retry knows the digests of the attempt before.
    """

    __slots__ = ("_candidates", "_hasher")

    def __init__(self, hasher: Hasher) -> None:
        self._hasher = hasher
        self._candidates: dict[str, Candidate] = {}

    def candidate(self, plain: Secret) -> Candidate:
        """Make a candidate of *plain*, or return the one that this request has already."""
        found = self._candidates.get(plain.revealed)
        if found is None:
            found = self._candidates[plain.revealed] = self._hasher.candidate(plain, blocking=False)
        return found

    def compute_in_parallel(self, *candidates: Candidate, stored: str) -> None:
        """
        Require the digests of all *candidates* at once, so that they are computed at the same time.

        Args:
            stored: The present hash of the person whose password is compared and changed.

        Raises:
            DigestNeeded: Expensive digests have to be computed first.
        """
        parameters, _ = digests.split_hash(stored)
        if digests.takes_long(parameters):
            pending = [PendingDigest(one, parameters) for one in candidates if not one.knows(parameters)]
            if pending:
                raise DigestNeeded(pending)
