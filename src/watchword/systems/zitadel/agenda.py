"""What is going to happen by itself to users, tokens and sessions."""

from collections.abc import Iterator

from watchword.domain.tokens import is_live
from watchword.system.agenda import Event, event
from watchword.system.people import People
from watchword.systems.zitadel.records import AccessToken, MachineKey, Session, User


def list_events(people: People) -> list[Event]:
    """List everything that ends after now."""
    return [one for one in _list(people) if is_live(one.at, now=people.now)]


def _list(people: People) -> Iterator[Event]:
    for user in people.tx.find(User):
        # A code that an SMS provider made cannot be verified, before its end or afterwards.
        if user.code is not None and not user.code.external:
            yield event("code-expires", user.code.expires_at, user.id)
    for token in people.tx.find(AccessToken):
        if token.expires_at is not None and token.for_api:
            yield event("token-expires", token.expires_at, token.user_id or None)
    for key in people.tx.find(MachineKey):
        if key.expires_at is not None:
            yield event("key-expires", key.expires_at, key.user_id)
    for session in people.tx.find(Session):
        if session.exists and session.expires_at is not None:
            yield event("session-expires", session.expires_at, session.user_id)
