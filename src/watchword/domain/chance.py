"""
Chance that can be repeated.

With a seed every identifier, code and salt comes in the same order again;
without one the seed comes from the operating system.
Neither is fit to protect anything, which is not what a stand-in is for.
"""

import random
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

T = TypeVar("T")


class Chance:
    """
    A source of identifiers, codes and salts.

    Args:
        seed: Any integer for a repeatable sequence, None for another one every time.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._source = random.Random(secrets.randbits(256) if seed is None else seed)  # noqa: S311  # see above

    def copy(self) -> "Chance":
        """Make another source that goes on as this one would."""
        other = Chance(0)
        other._source.setstate(self._source.getstate())
        return other

    def state(self) -> list[int]:
        """Tell where the sequence stands."""
        return list(self._source.getstate()[1])

    @classmethod
    def at(cls, state: Sequence[int]) -> "Chance":
        """Go on where a sequence stood."""
        chance = cls(0)
        chance._source.setstate((random.Random.VERSION, tuple(state), None))
        return chance

    def choice(self, options: Sequence[T]) -> T:
        """Pick one of *options*."""
        return self._source.choice(options)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return *options* in another order."""
        return self._source.sample(options, len(options))

    def text(self, length: int, alphabet: str = ALPHANUMERIC) -> str:
        """Make *length* characters out of *alphabet*."""
        return "".join(self._source.choices(alphabet, k=length))

    def digits(self, length: int) -> str:
        """Make *length* decimal digits; leading zeros stay."""
        return self.text(length, "0123456789")

    def numeric_id(self, length: int = 18) -> str:
        """Make an identifier of *length* digits that does not start with zero."""
        return self.text(1, "123456789") + self.digits(length - 1)

    def hexadecimal(self, length: int) -> str:
        """Make *length* hexadecimal digits in lower case."""
        return f"{self._source.getrandbits(4 * length):0{length}x}"

    def token(self) -> str:
        """Make an opaque bearer secret of 43 URL-safe characters (256 bits)."""
        return urlsafe_b64encode(self._source.randbytes(32)).decode().rstrip("=")

    def salt(self, size: int = 16) -> bytes:
        """Make *size* random bytes."""
        return self._source.randbytes(size)

    def uuid(self) -> str:
        """Make a random (version 4) UUID in its usual form."""
        return str(UUID(bytes=self._source.randbytes(16), version=4))

    def retold(self) -> "Retold":
        """Make a source that takes from this one, and can tell the same again."""
        return Retold(self._source)


class Retold(Chance):
    """
    Chance for something that may have to begin again, and shall then meet with the same.

    Args:
        source: Where what was not told yet comes from.
    """

    def __init__(self, source: Any) -> None:
        self._source: Any = _Telling(source)

    def rewind(self) -> None:
        """Begin again: what was told since `settle` comes once more, as long as the same is asked for."""
        self._source.next = 0

    def settle(self) -> None:
        """Go on: what was told so far does not come again."""
        self._source.told.clear()
        self._source.next = 0


class _Telling:
    """As much of `random.Random` as `Chance` takes from."""

    __slots__ = ("_source", "next", "told")

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self.told: list[tuple[object, Any]] = []
        self.next = 0

    def choice(self, options: Sequence[Any]) -> Any:
        return self._tell(("choice", options), lambda: self._source.choice(options))

    def sample(self, options: Sequence[Any], k: int) -> Any:
        return self._tell(("sample", options, k), lambda: self._source.sample(options, k))

    def choices(self, options: Sequence[Any], *, k: int) -> Any:
        return self._tell(("choices", options, k), lambda: self._source.choices(options, k=k))

    def getrandbits(self, k: int) -> Any:
        return self._tell(("bits", k), lambda: self._source.getrandbits(k))

    def randbytes(self, n: int) -> Any:
        return self._tell(("bytes", n), lambda: self._source.randbytes(n))

    def _tell(self, question: object, answer: Callable[[], Any]) -> Any:
        if self.next < len(self.told) and self.told[self.next][0] == question:
            told = self.told[self.next][1]
        else:
            told = answer()
            self.told[self.next :] = [(question, told)]
        self.next += 1
        return told
