"""What is going to happen by itself to passwords and tokens."""

from collections.abc import Iterator

from watchword.domain.tokens import is_live
from watchword.system.agenda import Event, event
from watchword.system.people import People
from watchword.systems.entrust.records import AuthToken, User
from watchword.systems.entrust.settings import Settings
from watchword.systems.entrust.validity import compute_notification, find_earliest_change


def list_events(people: People) -> list[Event]:
    """List everything that happens after now."""
    return [one for one in _list(people) if is_live(one.at, now=people.now)]


def _list(people: People) -> Iterator[Event]:
    for user in people.tx.find(User):
        yield from _of_user(user, people)
    for token in people.tx.find(AuthToken):
        if token.expires_at is not None:
            yield event("token-expires", token.expires_at, token.application_id)


def _of_user(user: User, people: People) -> Iterator[Event]:
    settings: Settings = people.settings
    if user.password is None:
        return
    if user.password.expires_at is not None:
        yield event("password-expires", user.password.expires_at, user.id)
    notification = compute_notification(user.password, settings, now=people.now)
    if notification is not None:
        yield event("notice-passes", notification, user.id)
    earliest = find_earliest_change(user, settings)
    if earliest is not None:
        yield event("password-may-change", earliest, user.id)
