"""
Chance that can be repeated.

With a random seed, identifiers, codes and salts come in the same order every time;
without one the seed comes from the operating system.
Neither protects anything real, and a stand-in does not need to.
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
        random_seed: Any integer for a repeatable sequence, None for another one every time.
    """

    def __init__(self, random_seed: int | None = None) -> None:
        start = secrets.randbits(256) if random_seed is None else random_seed
        self._source = random.Random(start)  # noqa: S311  # see above

    def copy(self) -> "Chance":
        """Make another source that continues as this one would."""
        other = Chance(0)
        other._source.setstate(self._source.getstate())
        return other

    def position(self) -> list[int]:
        """Tell where the sequence is, for `at`."""
        return list(self._source.getstate()[1])

    @classmethod
    def at(cls, position: Sequence[int]) -> "Chance":
        """Continue a sequence from where it was."""
        chance = cls(0)
        chance._source.setstate((random.Random.VERSION, tuple(position), None))
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

    def replayable(self) -> "ReplayableChance":
        """Make a source that draws from this one and records its draws."""
        return ReplayableChance(self._source)


class ReplayableChance(Chance):
    """
    Records its draws, so that a retry sees the same values.

    Args:
        source: Where new draws come from.
    """

    def __init__(self, source: Any) -> None:
        self._source: Any = _RecordedDraws(source)

    def replay(self) -> None:
        """Start a retry: draws since `confirm` are repeated as long as the same is asked for."""
        self._source.next = 0

    def confirm(self) -> None:
        """Keep the draws made so far: a retry starts after them."""
        self._source.draws.clear()
        self._source.next = 0


class _RecordedDraws:
    """The part of `random.Random` that `Chance` uses."""

    __slots__ = ("_source", "draws", "next")

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self.draws: list[tuple[object, Any]] = []
        self.next = 0

    def choice(self, options: Sequence[Any]) -> Any:
        return self._draw(("choice", options), lambda: self._source.choice(options))

    def sample(self, options: Sequence[Any], k: int) -> Any:
        return self._draw(("sample", options, k), lambda: self._source.sample(options, k))

    def choices(self, options: Sequence[Any], *, k: int) -> Any:
        return self._draw(("choices", options, k), lambda: self._source.choices(options, k=k))

    def getrandbits(self, k: int) -> Any:
        return self._draw(("bits", k), lambda: self._source.getrandbits(k))

    def randbytes(self, n: int) -> Any:
        return self._draw(("bytes", n), lambda: self._source.randbytes(n))

    def _draw(self, question: object, answer: Callable[[], Any]) -> Any:
        if self.next < len(self.draws) and self.draws[self.next][0] == question:
            drawn = self.draws[self.next][1]
        else:
            drawn = answer()
            self.draws[self.next :] = [(question, drawn)]
        self.next += 1
        return drawn
