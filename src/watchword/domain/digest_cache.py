"""A cache of password digests, so that repeated sign-ins with the same password compute its digest once."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from watchword.domain.chance import Chance
from watchword.domain.secret import Secret

CAPACITY = 1024
"""In digests: enough for a test run, too few to help an attacker."""
_CacheKey = tuple[str, bytes]
"""The parameters of a hash, and the fingerprint of a password."""


class DigestCache:
    """
    The most recently used digests, by hash parameters and password.

    It stores no password, only a keyed fingerprint of it; the key is random and lost when the process ends.
    Thread-safe.
    """

    def __init__(self) -> None:
        self._fingerprint_key = Chance().salt(32)
        self._digests: OrderedDict[_CacheKey, str] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._digests)

    def fingerprint(self, plain: Secret) -> bytes:
        """Compute what stands for a password in this cache: 16 bytes."""
        return blake2b(
            plain.reveal().encode("utf-8", "surrogatepass"), key=self._fingerprint_key, digest_size=16
        ).digest()

    def find(self, parameters: str, fingerprint: bytes) -> str | None:
        """Find a digest; None if it is not in the cache."""
        key = parameters, fingerprint
        with self._lock:
            found = self._digests.get(key)
            if found is not None:
                self._digests.move_to_end(key)
            return found

    def add(self, parameters: str, fingerprint: bytes, digest: str) -> None:
        """Add a *digest*; if the cache is full, drop the least recently used one."""
        with self._lock:
            self._digests[parameters, fingerprint] = digest
            if len(self._digests) > CAPACITY:
                self._digests.popitem(last=False)
