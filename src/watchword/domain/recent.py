"""Digests that were computed lately, so that who logs in again and again is hashed once."""

from collections import OrderedDict
from hashlib import blake2b
from threading import Lock

from watchword.domain.chance import Chance

REMEMBERED = 1024
"""Digests that are not computed again: of a test run's passwords about all, of an attack's next to none."""
_Place = tuple[str, bytes]
"""The settings of a hash, and the fingerprint of a password."""


class Recent:
    """
    Digests by settings and password, the latest.

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

    def find(self, settings: str, fingerprint: bytes) -> str | None:
        """Find a digest that was computed lately."""
        place = settings, fingerprint
        with self._lock:
            found = self._digests.get(place)
            if found is not None:
                self._digests.move_to_end(place)
            return found

    def add(self, settings: str, fingerprint: bytes, digest: str) -> None:
        """Remember a *digest*, and forget the one that was not asked for longest."""
        with self._lock:
            self._digests[settings, fingerprint] = digest
            if len(self._digests) > REMEMBERED:
                self._digests.popitem(last=False)
