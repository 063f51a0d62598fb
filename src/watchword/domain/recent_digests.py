"""Digests that were computed lately, so that repeated log-ins with one password hash it once."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from watchword.domain.chance import Chance
from watchword.domain.secret import Secret

REMEMBERED = 1024
"""Enough for a test run, too few to help an attacker."""
_Place = tuple[str, bytes]
"""The settings of a hash, and the fingerprint of a password."""


class RecentDigests:
    """
    The latest digests, by settings and password.

    A password is remembered as a keyed fingerprint only; the key is random and ends with the process.
    Thread-safe.
    """

    def __init__(self) -> None:
        self._key = Chance().salt(32)
        self._digests: OrderedDict[_Place, str] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._digests)

    def fingerprint(self, plain: Secret) -> bytes:
        """Tell passwords apart without storing them."""
        return blake2b(plain.reveal().encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def find(self, settings: str, fingerprint: bytes) -> str | None:
        """Find a digest; None if it is not among the latest."""
        place = settings, fingerprint
        with self._lock:
            found = self._digests.get(place)
            if found is not None:
                self._digests.move_to_end(place)
            return found

    def add(self, settings: str, fingerprint: bytes, digest: str) -> None:
        """Remember a *digest*, and forget the least recently used one."""
        with self._lock:
            self._digests[settings, fingerprint] = digest
            if len(self._digests) > REMEMBERED:
                self._digests.popitem(last=False)
