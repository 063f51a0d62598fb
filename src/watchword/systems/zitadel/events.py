"""The events of a user, whose number is the sequence in an answer."""

from dataclasses import replace
from datetime import datetime

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


def note_state(before: User | None, after: User, *, now: datetime) -> User:
    """
    Note for readers that the state of a user has changed, if it has.

    Args:
        before: The user as stored.
        after: The user as changed, with the event of the change counted last.
    """
    if before is None or before.state is after.state:
        return after
    return replace(after, shown_sequence=after.sequence, shown_at=now)
