"""How much a difference matters, and to whom it goes."""

from enum import StrEnum


class Level(StrEnum):
    """How much a difference matters to clients that work today."""

    BREAKING = "breaking"
    """A client that keeps to BASE is refused, or gets what BASE did not allow."""
    RISKY = "risky"
    """Some clients notice, and the documents do not say which."""
    HARMLESS = "harmless"
    """A client that keeps to BASE goes on to work."""

    @property
    def rank(self) -> int:
        """0 for the level that matters most."""
        return list(Level).index(self)


class Way(StrEnum):
    """Which way a value goes."""

    REQUEST = "request"
    """A client sends it: fewer allowed values break clients, more break nobody."""
    RESPONSE = "response"
    """A client gets it: more possible values break clients, fewer break nobody."""
