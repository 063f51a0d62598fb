"""A random generator that knows how far it has come, and can be made anew as it was at an earlier place."""

import random
from array import array
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")

_WORD = 32
"""Bits: what Python's generator (MT19937) makes at a time."""
_BLOCK = 624
"""Words: how many it makes at a time; its state ends with how many of these were given out."""
_STRIDE = 8192
"""Words between two checkpoints: skipping so many takes a fifth of a millisecond, keeping a state 50 microseconds."""
_CHECKPOINTS = 128
"""Of 2.5 kB each. What is further back is reached from the beginning, which takes longer."""

PackedState = tuple[int, "array[int]"]
"""A position, and the generator's state there in 2.5 kB instead of 25."""


def restore(state: Iterable[int]) -> random.Random:
    """
    Make a generator with this *state*: 624 words, and how many of them were given out.

    Raises:
        ValueError, TypeError, OverflowError: That is not the state of a generator.
    """
    source = random.Random()  # noqa: S311  # nothing real is protected
    source.setstate((random.Random.VERSION, tuple(state), None))
    return source


class SeekableRandom:
    """
    The methods of `random.Random` that `Chance` calls, with the position that they have reached.

    Reading the whole state takes 50 microseconds, and every commit has to know where chance stood; the position is
    an attribute.

    Args:
        begin: Makes the generator, the same every time.
        position: Where that one stands, in words of 32 bits since the sequence began.

    Attributes:
        began_at: That position; nothing before it can be gone back to.
    """

    __slots__ = ("_begin", "_checkpoints", "_due", "_source", "began_at", "position")

    def __init__(self, begin: Callable[[], random.Random], position: int = 0) -> None:
        self._begin, self.began_at = begin, position
        self._source, self.position = begin(), position
        self._checkpoints: deque[PackedState] = deque(maxlen=_CHECKPOINTS)
        self._due = position + _STRIDE

    def getrandbits(self, k: int) -> int:
        """Draw *k* bits."""
        self._moved((k + _WORD - 1) // _WORD)
        return self._source.getrandbits(k)

    def randbytes(self, n: int) -> bytes:
        """Draw *n* bytes."""
        self._moved((8 * n + _WORD - 1) // _WORD)
        return self._source.randbytes(n)

    def choices(self, population: Sequence[T], *, k: int) -> list[T]:
        """Pick *k* times; each takes a random float, which is two words."""
        self._moved(2 * k)
        return self._source.choices(population, k=k)

    def choice(self, seq: Sequence[T]) -> T:
        """Pick one."""
        before = self._given_out()
        chosen = self._source.choice(seq)
        self._moved_since(before)
        return chosen

    def sample(self, population: Sequence[T], k: int) -> list[T]:
        """Pick *k* different ones; fewer than 200, so that the words drawn can be told from the state."""
        before = self._given_out()
        chosen = self._source.sample(population, k)
        self._moved_since(before)
        return chosen

    def getstate(self) -> tuple[Any, ...]:
        """Return the generator's whole state."""
        return self._source.getstate()

    def at(self, position: int) -> "SeekableRandom":
        """
        Make a generator that draws what this one drew from *position* on; a position still to come is skipped to.

        Args:
            position: Not before the one that this generator was made at.
        """
        kept = [one for one in self._checkpoints if one[0] <= position]
        if self.position <= position:
            kept.append(self._pack())
        start, source = (kept[-1][0], restore(kept[-1][1])) if kept else (self.began_at, self._begin())
        if position > start:
            source.getrandbits(_WORD * (position - start))
        state = source.getstate()[1]
        return SeekableRandom(lambda: restore(state), position)

    def _moved(self, words: int) -> None:
        if self.position >= self._due:
            self._checkpoints.append(self._pack())
            self._due = self.position + _STRIDE
        self.position += words

    def _given_out(self) -> int:
        return int(self._source.getstate()[1][-1])

    def _moved_since(self, before: int) -> None:
        # Rejected draws make the number of words vary; there are never as many as a block has.
        self.position += (self._given_out() - before) % _BLOCK

    def _pack(self) -> PackedState:
        return self.position, array("I", self._source.getstate()[1])
