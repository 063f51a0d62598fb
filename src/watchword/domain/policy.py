"""
Password policies: which lengths and characters are required, and what a password lacks.

The facts are the same for every system. Each system decides which of them it reports first, and with which code.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from watchword.domain.hashing import Candidate


class CharacterClass(StrEnum):
    """A kind of character that a policy can require."""

    LOWER = "lower"
    UPPER = "upper"
    DIGIT = "digit"
    SYMBOL = "symbol"


class PolicyViolation(StrEnum):
    """One thing that is wrong with a password."""

    TOO_SHORT = "too short"
    TOO_LONG = "too long"
    NO_LOWER = "no lower-case letter"
    NO_UPPER = "no upper-case letter"
    NO_DIGIT = "no digit"
    NO_SYMBOL = "no symbol"


_MISSING = {
    CharacterClass.LOWER: PolicyViolation.NO_LOWER,
    CharacterClass.UPPER: PolicyViolation.NO_UPPER,
    CharacterClass.DIGIT: PolicyViolation.NO_DIGIT,
    CharacterClass.SYMBOL: PolicyViolation.NO_SYMBOL,
}


_NO_CLASS = frozenset({None})
_CACHED_CHARACTERS = 4096


def code_points(password: str) -> int:
    """Measure the length in Unicode code points."""
    return len(password)


def utf8_bytes(password: str) -> int:
    """Measure the length in bytes of UTF-8."""
    return len(password.encode())


@lru_cache(_CACHED_CHARACTERS)
def ascii_class(character: str) -> CharacterClass:
    """Classify *character* as ``a-z``, ``A-Z``, ``0-9`` or a symbol; letters like ä and spaces are symbols."""
    if "a" <= character <= "z":
        return CharacterClass.LOWER
    if "A" <= character <= "Z":
        return CharacterClass.UPPER
    if "0" <= character <= "9":
        return CharacterClass.DIGIT
    return CharacterClass.SYMBOL


@lru_cache(_CACHED_CHARACTERS)
def unicode_class(character: str) -> CharacterClass | None:
    """Classify *character* by Unicode: letters of any script by case; what is not alphanumeric is a symbol."""
    if character.islower():
        return CharacterClass.LOWER
    if character.isupper():
        return CharacterClass.UPPER
    if character.isdecimal():
        return CharacterClass.DIGIT
    return None if character.isalnum() else CharacterClass.SYMBOL


@dataclass(frozen=True, slots=True)
class Policy:
    """
    What a password must look like.

    Args:
        minimum: The least length, in units of *measure*.
        maximum: The greatest length; None for no limit.
        required: The classes of which a password needs at least one character.
        measure: Measures the length of a password.
        classify: Finds the class of a character.
    """

    minimum: int
    maximum: int | None = None
    required: frozenset[CharacterClass] = frozenset(CharacterClass)
    measure: Callable[[str], int] = code_points
    classify: Callable[[str], CharacterClass | None] = ascii_class

    def violations(self, password: str) -> tuple[PolicyViolation, ...]:
        """
        List everything that is wrong with *password*: lengths first, then lower, upper, digit, symbol.

        Returns:
            Empty if the password is acceptable; never the same violation twice.
        """
        return tuple(self._violations(password))

    def _violations(self, password: str) -> Iterator[PolicyViolation]:
        length = self.measure(password)
        if length < self.minimum:
            yield PolicyViolation.TOO_SHORT
        if self.maximum is not None and length > self.maximum:
            yield PolicyViolation.TOO_LONG
        if not self.required:
            return
        present = character_classes(password, self.classify)
        for wanted in CharacterClass:
            if wanted in self.required and wanted not in present:
                yield _MISSING[wanted]


def character_classes(
    password: str, classify: Callable[[str], CharacterClass | None] = ascii_class
) -> frozenset[CharacterClass]:
    """List the classes of the characters of *password*."""
    return frozenset(map(classify, password)) - _NO_CLASS  # type: ignore[return-value]  # None is removed


def is_reused(candidate: Candidate, former: Sequence[str], *, depth: int) -> bool:
    """
    Whether *candidate* is one of the last *depth* passwords.

    Args:
        former: Stored hashes, newest first, so the present one comes first; only the first *depth* are compared.
    """
    return any(candidate.matches(stored) for stored in former[:depth])
