"""What is going to happen by itself to the users of one product."""

from collections.abc import Iterator

from watchword.domain.tokens import is_live
from watchword.system.agenda import Event, event
from watchword.system.people import People
from watchword.systems.weavr.passwords import find_end
from watchword.systems.weavr.records import (
    IdempotentRequest,
    Invitation,
    Nonce,
    PasswordToken,
    Programme,
    Session,
    User,
)
from watchword.systems.weavr.settings import ProgrammeSettings


def list_events(people: People, *, makes_password_tokens: bool) -> list[Event]:
    """
    List everything that ends after now.

    Args:
        makes_password_tokens: Whether the product tokenises; its tokens name no programme. The other product
            remembers answers to references, which name none either.
    """
    tx = people.tx
    programmes = {one.id: one.name for one in tx.find(Programme) if one.product == people.seed_data.system}
    users = {one.id: one for one in tx.find(User) if one.programme_id in programmes}
    found = [
        one
        for user in users.values()
        for one in _of_user(user, people.settings.of(programmes[user.programme_id]), people)
    ]
    found += (
        event("token-idles-out", one.expires_at, one.user_id)
        for one in tx.find(Session)
        if one.user_id in users and one.expires_at is not None
    )
    found += (event("code-expires", one.expires_at, one.user_id) for one in tx.find(Nonce) if one.user_id in users)
    found += (
        event("invitation-expires", one.expires_at, one.user_id)
        for one in tx.find(Invitation)
        if one.user_id in users and one.expires_at is not None and users[one.user_id].password is None
    )
    found += _of_nobody(people, makes_password_tokens=makes_password_tokens)
    return [one for one in found if is_live(one.at, now=people.now)]


def _of_user(user: User, settings: ProgrammeSettings, people: People) -> Iterator[Event]:
    """List what happens to log-in; that of an inactive user is refused before and afterwards."""
    if not user.active or user.id in people.settings.deactivated:
        return
    if user.locked_until is not None:
        yield event("lock-ends", user.locked_until, user.id)
    end = None if user.password is None else find_end(user.password, settings.profile(user.credential).expires_after)
    if end is not None:
        yield event("password-expires", end, user.id)


def _of_nobody(people: People, *, makes_password_tokens: bool) -> Iterator[Event]:
    if makes_password_tokens:
        for token in people.tx.find(PasswordToken):
            if token.expires_at is not None:
                yield event("password-token-expires", token.expires_at)
        return
    for request in people.tx.find(IdempotentRequest):
        yield event("reference-forgotten", request.expires_at)
