"""
Random identifiers, codes and salts in a repeatable order.

With a random seed they come in the same order every time. Without one, the seed comes from the operating system.
Neither is secure enough for real secrets, and a stand-in has none.
"""

import random
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property, partial
from hashlib import sha256
from math import exp
from statistics import NormalDist
from typing import Any, Self, TypeVar
from uuid import UUID

from watchword.domain.seekable_random import SeekableRandom, restore

_NORMAL = NormalDist()
ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_SEED_BITS = 53
MOST_RANDOM_SEED = 2**_SEED_BITS - 1
"""The greatest that is drawn, because it is the greatest that every reader of JSON reads exactly."""

T = TypeVar("T")


def new_random_seed() -> int:
    """Draw a random seed from the operating system, up to `MOST_RANDOM_SEED`."""
    return secrets.randbits(_SEED_BITS)


class Chance:
    """
    A source of identifiers, codes and salts.

    Args:
        random_seed: Any integer for a repeatable sequence; None for a different sequence every time.
        purpose: Names; each combination of them gets another sequence from the same *random_seed*.

    Attributes:
        source: Where they are drawn; its position grows with every draw.
    """

    def __init__(self, random_seed: int | None = None, *purpose: str) -> None:
        start = secrets.randbits(256) if random_seed is None else random_seed
        if purpose:
            start = int.from_bytes(sha256("\0".join((str(start), *purpose)).encode()).digest())
        self.source = SeekableRandom(partial(random.Random, start))

    def at(self, position: int) -> Self:
        """Make a source that draws what this one drew from an earlier *position* on, and leaves this one alone."""
        other = copy(self)
        other.source = self.source.at(position)
        return other

    def export_state(self) -> list[int]:
        """Export the state of the generator, for `from_state`."""
        return list(self.source.getstate()[1])

    @classmethod
    def from_state(cls, state: Sequence[int]) -> Self:
        """Continue the sequence whose *state* was exported."""
        chance = cls(0)
        chance.source = SeekableRandom(partial(restore, tuple(state)))
        return chance

    def of(self, owner: str) -> "Chance":
        """
        Make a source for what belongs to *owner*, for example a token.

        Owners get different values even from the same place of the sequence, for example each in a fresh sandbox.
        """
        return _OwnersChance(self.source.getrandbits(256), owner)

    def choice(self, options: Sequence[T]) -> T:
        """Pick one of *options*."""
        return self.source.choice(options)

    def fraction(self) -> float:
        """Draw a number between 0 and 1, both excluded, each as likely as any other."""
        return (float(self.source.getrandbits(52)) + 0.5) / 2**52

    def lognormal(self, median: float, sigma: float) -> float:
        """
        Draw a positive number whose logarithm is normally distributed.

        Args:
            median: Half of the numbers are smaller.
            sigma: The standard deviation of the logarithm; 0 gives the median.
        """
        return median * exp(sigma * _NORMAL.inv_cdf(self.fraction()))

    def shuffle(self, options: Sequence[T]) -> list[T]:
        """Return *options* in random order, as a new list."""
        return self.source.sample(options, len(options))

    def text(self, length: int, alphabet: str = ALPHANUMERIC) -> str:
        """Make a text of *length* characters of *alphabet*."""
        return "".join(self.source.choices(alphabet, k=length))

    def digits(self, length: int) -> str:
        """Make *length* decimal digits, possibly with leading zeros."""
        return self.text(length, "0123456789")

    def numeric_id(self, length: int = 18) -> str:
        """Make an identifier of *length* digits that does not start with zero."""
        return self.text(1, "123456789") + self.digits(length - 1)

    def hexadecimal(self, length: int) -> str:
        """Make *length* hexadecimal digits in lower case."""
        return f"{self.source.getrandbits(4 * length):0{length}x}"

    def token(self) -> str:
        """Make an opaque bearer secret of 43 URL-safe characters (256 bits)."""
        return urlsafe_b64encode(self.source.randbytes(32)).decode().rstrip("=")

    def salt(self, size: int = 16) -> bytes:
        """Make *size* random bytes."""
        return self.source.randbytes(size)

    def uuid(self) -> str:
        """Make a random (version 4) UUID in its usual form."""
        return str(UUID(bytes=self.source.randbytes(16), version=4))

    def replayable(self) -> "ReplayableChance":
        """Make a source that draws from this one and records the draws."""
        return ReplayableChance(self.source)


class _OwnersChance(Chance):
    """
    The source of one owner, who most often needs one token: a generator is made only for more than that.

    Args:
        drawn: 256 random bits.
    """

    def __init__(self, drawn: int, owner: str) -> None:
        self._digest = sha256(f"{drawn}\0{owner}".encode()).digest()
        self._first = True

    @cached_property
    def source(self) -> Any:  # type: ignore[override]  # made when it is needed
        return random.Random(int.from_bytes(self._digest))  # noqa: S311  # nothing real is protected

    def token(self) -> str:
        """Make an opaque bearer secret, as every source does."""
        if not self._first:
            return super().token()
        self._first = False
        return urlsafe_b64encode(sha256(self._digest).digest()).decode().rstrip("=")


class ReplayableChance(Chance):
    """
    Records its draws, so that a retry sees the same values.

    Args:
        source: Where new draws come from.
    """

    def __init__(self, source: Any) -> None:
        self.source: Any = RecordingSource(source)

    def replay(self) -> None:
        """Start a retry: repeat the draws since `confirm`, as long as the retry asks for the same things."""
        self.source.next = 0

    def confirm(self) -> None:
        """Confirm the draws made so far: a retry starts after them."""
        self.source.draws.clear()
        self.source.next = 0


class RecordingSource:
    """
    Has the methods of `SeekableRandom` that `Chance` calls, and records what they return.

    Attributes:
        began_at: The position of *source* before the first draw since this was set to None.
    """

    __slots__ = ("_source", "began_at", "draws", "next")

    def __init__(self, source: SeekableRandom) -> None:
        self._source = source
        self.began_at: int | None = None
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

    def _draw(self, question: object, draw: Callable[[], Any]) -> Any:
        if self.next < len(self.draws) and self.draws[self.next][0] == question:
            drawn = self.draws[self.next][1]
        else:
            if self.began_at is None:
                self.began_at = self._source.position
            drawn = draw()
            # The retry asks for something else, so what was recorded from here on is of no use.
            self.draws[self.next :] = [(question, drawn)]
        self.next += 1
        return drawn
