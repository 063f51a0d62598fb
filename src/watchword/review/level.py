"""How much a difference matters, and to whom it goes."""

from enum import StrEnum
from typing import Self


class Ranked(StrEnum):
    """Words in an order: what matters most comes first."""

    @property
    def rank(self) -> int:
        """0 for what matters most."""
        return list(type(self)).index(self)

    def reaches(self, other: Self) -> bool:
        """Whether it matters as much as *other*, or more."""
        return self.rank <= other.rank


class Level(Ranked):
    """How much a difference matters to clients that work today."""

    BREAKING = "breaking"
    """A client that keeps to BASE is refused, or gets what BASE did not allow."""
    RISKY = "risky"
    """Some clients notice, and the documents do not say which."""
    HARMLESS = "harmless"
    """A client that keeps to BASE goes on to work."""


class Way(StrEnum):
    """Which way a value goes."""

    REQUEST = "request"
    """A client sends it: fewer allowed values break clients, more break nobody."""
    RESPONSE = "response"
    """A client gets it: more possible values break clients, fewer break nobody."""
