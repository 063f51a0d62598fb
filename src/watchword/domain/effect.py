"""What an operation leaves behind, as data: a test compares it with what requests do."""

from collections.abc import Mapping
from enum import StrEnum


class Effect(StrEnum):
    """What an operation can leave behind."""

    SAVES = "saves"
    """An accepted request changes state."""
    SENDS = "sends"
    """An accepted request sends a message."""
    MARKS = "marks"
    """A refused request changes state: it is counted, say."""


Effects = Mapping[str, frozenset[Effect]]
"""By operation: the part of its id after the dot."""

SAVES = frozenset({Effect.SAVES})
SENDS = SAVES | {Effect.SENDS}
MARKS = SAVES | {Effect.MARKS}
