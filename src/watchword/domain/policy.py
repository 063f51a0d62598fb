"""
What a password must look like, and which of it is missing.

The facts are everyone's; which fact comes first, and with which code, is each system's own affair.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from watchword.domain.hashing import Candidate


class CharacterClass(StrEnum):
    """A kind of character that a policy may ask for."""

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
_KNOWN_CHARACTERS = 4096


def code_points(password: str) -> int:
    """Measure in Unicode code points."""
    return len(password)


def utf8_bytes(password: str) -> int:
    """Measure in bytes of UTF-8."""
    return len(password.encode())


@lru_cache(_KNOWN_CHARACTERS)
def ascii_class(character: str) -> CharacterClass:
    """Sort *character* as ``a-z``, ``A-Z``, ``0-9``, or a symbol: letters like ä and blanks are symbols."""
    if "a" <= character <= "z":
        return CharacterClass.LOWER
    if "A" <= character <= "Z":
        return CharacterClass.UPPER
    if "0" <= character <= "9":
        return CharacterClass.DIGIT
    return CharacterClass.SYMBOL


@lru_cache(_KNOWN_CHARACTERS)
def unicode_class(character: str) -> CharacterClass | None:
    """Sort *character* by Unicode: letters of any script by their case, anything not alphanumeric is a symbol."""
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
        minimum: Least length, in units of *measure*.
        maximum: Greatest length, None for none.
        required: Classes of which at least one character must be there.
        measure: How long a password is.
        sort: Which class a character belongs to.
    """

    minimum: int
    maximum: int | None = None
    required: frozenset[CharacterClass] = frozenset(CharacterClass)
    measure: Callable[[str], int] = code_points
    sort: Callable[[str], CharacterClass | None] = ascii_class

    def violations(self, password: str) -> tuple[PolicyViolation, ...]:
        """
        List everything *password* does wrong: lengths first, then lower, upper, digit, symbol.

        Returns:
            Empty if acceptable; never the same violation twice.
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
        present = classes(password, self.sort)
        for wanted in CharacterClass:
            if wanted in self.required and wanted not in present:
                yield _MISSING[wanted]


def classes(password: str, sort: Callable[[str], CharacterClass | None] = ascii_class) -> frozenset[CharacterClass]:
    """Tell which classes of characters *password* has."""
    return frozenset(map(sort, password)) - _NO_CLASS  # type: ignore[return-value]  # None is taken out


def reused(candidate: Candidate, former: Sequence[str], *, depth: int) -> bool:
    """
    Whether *candidate* is one of the last *depth* passwords.

    Args:
        former: Stored hashes, newest (the present one) first; at most *depth* are looked at.
    """
    return any(candidate.matches(stored) for stored in former[:depth])
