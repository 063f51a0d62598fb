"""The chance of a sandbox: a sequence of its own for each system."""

from collections.abc import Mapping, Sequence
from copy import copy
from itertools import zip_longest
from operator import attrgetter

from watchword.domain.chance import Chance, new_random_seed

Positions = Sequence[int]
"""Of the sequences that had begun, in the order in which they began."""
_position = attrgetter("source.position")


class Chances:
    """
    The sequences of one sandbox; each begins when it is first needed.

    Two sandboxes, or two systems, never share a sequence: a client that uses the token of one in the other is noticed.

    Args:
        random_seed: Makes the sequences repeatable; None if they shall be others every time.
        sandbox: The name of the sandbox.

    Attributes:
        origin: The name of the sandbox that these sequences began in; a fork goes on with those of its original.
        seed: What they begin with: *random_seed*, or else a number of their own.
        pinned: Whether *seed* belongs to them, whatever the random seed of the server is.
    """

    def __init__(self, random_seed: int | None, sandbox: str) -> None:
        self.random_seed, self.origin = random_seed, sandbox
        self.seed = new_random_seed() if random_seed is None else random_seed
        self.pinned = False
        self._by_system: dict[str, Chance] = {}
        self._copied: dict[str, tuple[Chance, int]] = {}
        """The sequences that begin as a copy of another, with the position where that begins."""

    def of(self, system: str) -> Chance:
        """Give the sequence of *system*."""
        found = self._by_system.get(system)
        if found is None:
            found = self._begin(system)
            # Two threads may get here at the same time; both get the one that was put first.
            found = self._by_system.setdefault(system, found)
        return found

    def apart(self, *purpose: str) -> Chance:
        """
        Make a source for one purpose, for example one draw of a fault; no sequence of a system goes on by it.

        The same purpose always gets the same values.
        """
        return Chance(self.seed, self.origin, "", *purpose)

    def _begin(self, system: str) -> Chance:
        if system in self._copied:
            original, position = self._copied[system]
            return original.at(position)
        return Chance(self.seed, self.origin, system)

    def pin(self) -> None:
        """Keep the seed, which is persisted with the sequences: they go on in a server with another one, too."""
        self.random_seed, self.pinned = self.seed, True

    def positions(self) -> Positions:
        """Give the position of every sequence that has begun, in the order in which they began."""
        return tuple(map(_position, self._by_system.values()))

    def copy(self, positions: Positions | None = None) -> "Chances":
        """
        Copy the sequences, which draw on from where they are, or from earlier *positions*.

        Each is made when it is first needed. Those that had not begun begin as these did or would.
        """
        other = copy(self)
        stand = self.positions() if positions is None else positions
        begun = self._by_system.items()
        other._by_system = {}
        other._copied = self._copied | {
            system: (one, one.source.began_at if where is None else where)
            for (system, one), where in zip_longest(begun, stand[: len(begun)])
        }
        return other

    def draw_on_from(self, system: str, position: int) -> None:
        """Let the sequence of *system*, which was copied and has drawn nothing since, go on from another *position*."""
        if system in self._copied:
            self._copied[system] = (self._copied[system][0], position)

    def names(self) -> tuple[str, ...]:
        """List the systems whose sequences have begun, in the order of `positions`."""
        return tuple(self._by_system)

    def restore(self, by_system: Mapping[str, Chance]) -> None:
        """Continue sequences that were persisted."""
        self._by_system.update(by_system)
