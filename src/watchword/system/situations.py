"""Situations of people: which go together, and which seed person is the nearest to those that are wished for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from watchword.domain.alike import put_nearest_first
from watchword.system.people import ImpossiblePerson, Wish

A = TypeVar("A")
Entry = Mapping[str, Any]
"""A seed person as the fixtures have it."""


@dataclass(frozen=True, slots=True)
class Situation(Generic[A]):
    """
    A situation that a person can get into and out of.

    Args:
        holds: Whether a person is in it.
        enter: Puts a person into it; raises `ImpossiblePerson` if that cannot be.
        leave: Takes a person out of it.
    """

    holds: Callable[[A], bool]
    enter: Callable[[A], A]
    leave: Callable[[A], A]


@dataclass(frozen=True)
class Situations(Generic[A]):
    """
    The situations of one system.

    Args:
        changing: Those that can change, in the order in which they are entered.
        fixed: Words that are decided when a person is made.
        plain: Those of *fixed* that a person may have without being asked for.
        exclusive: Groups of words of which a person has one at most, each with the reason.
        implied: Words that are true of everybody who is in a situation, by the word of that; a word of *fixed* that
            excludes one of them takes its place.
        usual: Whether a seed person is one that others are made after if nothing else decides.
    """

    changing: Mapping[str, Situation[A]]
    fixed: tuple[str, ...]
    plain: frozenset[str] = frozenset()
    exclusive: tuple[tuple[frozenset[str], str], ...] = ()
    implied: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Callable[[Entry], bool] = field(default=lambda _entry: True)

    @property
    def words(self) -> tuple[str, ...]:
        """All words, in alphabetical order."""
        return tuple(sorted({*self.changing, *self.fixed}))

    def choose(self, entries: Sequence[Entry], wish: Wish) -> tuple[Entry, tuple[str, ...]]:
        """
        Choose the seed person to make another one after, and all situations of the new one.

        Raises:
            ImpossiblePerson: There is no seed person of that name, or nobody can be in all these situations.
        """
        self.check_known(wish.situations)
        wished = self.complete(wish.situations)
        entry = self._find_nearest(entries, wished) if wish.like is None else self._find_copied(entries, wish)
        copied = entry["situations"] if wish.like is not None else self._fixed_of(entry)
        words = self.complete({*copied, *wished})
        self.check_together(words)
        return entry, words

    def complete(self, words: Iterable[str]) -> tuple[str, ...]:
        """Add to *words* those that they imply; in alphabetical order."""
        given = set(words)
        implied = given.union(*(self.implied.get(one, ()) for one in given)) - given
        fixed = given.intersection(self.fixed)
        replaced = set[str]().union(*(group for group, _ in self.exclusive if group & fixed))
        return tuple(sorted(given | (implied - replaced)))

    def check_known(self, words: Iterable[str]) -> None:
        """
        Refuse words of other systems, with those of this one, the nearest first.

        Raises:
            ImpossiblePerson: One is not known here.
        """
        for word in words:
            if word not in self.words:
                words = ", ".join(put_nearest_first(word, self.words))
                raise ImpossiblePerson("situations", f"nobody is {word!r} in this system; there are: {words}")

    def check_together(self, words: Iterable[str]) -> None:
        """
        Refuse words that exclude each other.

        Raises:
            ImpossiblePerson: Two of them do.
        """
        wanted = set(words)
        for group, reason in self.exclusive:
            if len(both := sorted(group & wanted)) > 1:
                raise ImpossiblePerson(
                    "situations", f"{' and '.join(both)} cannot be together: {reason}; choose one of them"
                )

    def check_changeable(self, words: Iterable[str], present: Iterable[str]) -> None:
        """
        Refuse to change a word that is decided when a person is made.

        Raises:
            ImpossiblePerson: A word of *words* is one of those and not true at *present*.
        """
        self.check_known(words)
        for word in words:
            if word in self.fixed and word not in set(present):
                raise ImpossiblePerson(
                    "situations",
                    f"{word!r} is decided when a person is made; what can change: {', '.join(sorted(self.changing))}",
                )

    def settle(self, one: A, words: Iterable[str]) -> A:
        """
        Put a person into exactly those situations of *words* that can change.

        Raises:
            ImpossiblePerson: The person cannot be in one of them.
        """
        wanted = set(words)
        for word, situation in self.changing.items():
            if word not in wanted and situation.holds(one):
                one = self._leave(one, word, wanted)
        for word, situation in self.changing.items():
            if word in wanted and not situation.holds(one):
                one = situation.enter(one)
        for word, situation in self.changing.items():
            if situation.holds(one) is not (word in wanted):
                is_not = "is not" if word in wanted else "is"
                raise ImpossiblePerson(
                    "situations",
                    f"such a person {is_not} {word!r} with the settings of this sandbox;"
                    f" possible: {', '.join(sorted(self.now(one, ()))) or 'none of these words'}",
                )
        return one

    def _leave(self, one: A, word: str, wanted: set[str]) -> A:
        try:
            return self.changing[word].leave(one)
        except ImpossiblePerson as error:
            # Where a wanted word excludes this one, to keep it is no advice.
            others = (sorted(group & wanted) for group, _ in self.exclusive if word in group)
            other = next((names[0] for names in others if names), None)
            if other is None:
                raise
            told = f"who is {word!r} cannot be {other!r}: give a {error.field} too"
            raise ImpossiblePerson(error.field, told) from None

    def now(self, one: A, before: Sequence[str]) -> tuple[str, ...]:
        """
        List the words that are true now.

        Args:
            before: The words that were true when the person was made; their order is kept.
        """
        holding = [word for word, situation in self.changing.items() if situation.holds(one)]
        kept = [word for word in before if word in holding or word not in self.changing]
        return (*(word for word in holding if word not in kept), *kept)

    def _find_copied(self, entries: Sequence[Entry], wish: Wish) -> Entry:
        found = next((one for one in entries if one["name"] == wish.like), None)
        if found is None:
            names = ", ".join(one["name"] for one in entries)
            raise ImpossiblePerson("like", f"there is no seed person of this name; there are: {names}")
        for word in wish.situations:
            if word in self.fixed and word not in found["situations"]:
                others = [one["name"] for one in entries if word in one["situations"]]
                raise ImpossiblePerson("situations", f"{found['name']} is not {word!r}; like: {', '.join(others)}")
        return found

    def _fixed_of(self, entry: Entry) -> set[str]:
        return {one for one in entry["situations"] if one in self.fixed}

    def _find_nearest(self, entries: Sequence[Entry], wished: Iterable[str]) -> Entry:
        """Choose the seed person with the wished words that are fixed, and the fewest differences in the others."""
        fixed = {one for one in wished if one in self.fixed}
        changing = set(wished) - fixed
        found = [one for one in entries if (has := self._fixed_of(one)) - self.plain <= fixed <= has]
        if not found:
            sets = sorted({" and ".join(sorted(self._fixed_of(one))) for one in entries} - {""})
            raise ImpossiblePerson(
                "situations", f"nobody is {' and '.join(sorted(fixed))}; people are: {', '.join(sets)}"
            )

        def distance(one: Entry) -> tuple[bool, bool, int]:
            has = self._changing_of(one)
            # Nobody knows a password for who has none.
            return not self.usual(one), "no-password" in has - changing, len(has ^ changing)

        return min(found, key=distance)

    def _changing_of(self, entry: Entry) -> set[str]:
        return {one for one in entry["situations"] if one in self.changing}
