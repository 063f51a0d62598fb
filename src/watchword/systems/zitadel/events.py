"""The events of a user, whose number is the sequence in an answer."""

from dataclasses import replace

from watchword.domain.rule import OBSERVED, returns_argument, rule
from watchword.systems.zitadel.records import User


@rule(
    "zitadel.details.sequence",
    OBSERVED,
    "internal/eventstore, v2.65.3; vendor page 'Change password', response example",
    without=returns_argument("user"),
    compares=lambda user, events: {"sequence": user.sequence, "events": events},
)
def count_events(user: User, events: int = 1) -> User:
    """
    The sequence in the answer is the number of the user's event that the call made; every event adds one, and
    a message that is sent afterwards is an event too.

    Args:
        events: How many happened.
    """
    return replace(user, sequence=user.sequence + events)
