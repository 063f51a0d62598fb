"""People as they are now."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.domain.tokens import digest, is_live
from watchword.system.people import MadePerson, People
from watchword.system.person_state import HeldToken, OutstandingCode, PersonState
from watchword.system.seed_data import Person
from watchword.systems.zitadel import entries
from watchword.systems.zitadel.entries import Entry
from watchword.systems.zitadel.records import AccessToken, Organisation, Session, User, UserKind, UserState
from watchword.systems.zitadel.seed_data import find_credentials, show_credentials
from watchword.systems.zitadel.situations import SITUATIONS, Account


def list_people(people: People) -> list[Person]:
    """List everybody who is stored: the seed data's first, then those who were made."""
    held = _find_tokens(people)
    names = {one.id: one.name for one in people.tx.find(Organisation)}
    listed: list[tuple[Entry, MadePerson | None]] = [(one, None) for one in entries.of_seed(people)]
    listed += ((entries.of_made(one, people), one) for one in people.made())
    return [
        Person(
            system=people.seed_data.system,
            name=entry["name"] if made is None else made.name,
            why=entry["why"],
            id=entry["id"],
            login=account.user.login_name if entry["login"].lower() != account.user.login_name else entry["login"],
            password=_public_password(entry, made, account.user, people),
            headers={"Authorization": f"Bearer {entry['token']}"},
            situations=SITUATIONS.now(account, tuple(entry["situations"])),
            credentials=_credentials(entry, made, account.user, people),
            group={"organisation": names.get(account.user.organisation, account.user.organisation)},
            made=made is not None,
            state=_state(account, people, held.get(entry["id"], ())),
        )
        for entry, made in listed
        if (account := find_account(entry["id"], entry["token"], people)) is not None
    ]


def find_account(identifier: str, token: str, people: People) -> Account | None:
    """
    Find the account with an id; None if it is not stored.

    Args:
        token: That the person was given.
    """
    user = people.tx.get(User, identifier)
    if user is None:
        return None
    given = people.tx.get(AccessToken, digest(token))
    expired = given is not None and not is_live(given.expires_at, now=people.now)
    return Account(user, people.now, people.settings.code_lifetime, token_expired=expired)


def max_attempts(user: User, people: People) -> int:
    """Find how many wrong passwords lock *user*; 0 if none do."""
    organisation = people.tx.get(Organisation, user.organisation)
    own = None if organisation is None else organisation.max_password_attempts
    return int(people.settings.lockout.max_password_attempts if own is None else own)


def _public_password(entry: Entry, made: MadePerson | None, user: User, people: People) -> str | None:
    """Find the password of *user* if it is still the public one of the seed data."""
    password = entry["password"]
    if password is None or (made is not None and made.password_hash is not None):
        return None
    return password if people.seed_data.is_hash_of(user.password_hash, entry["name"], [password]) else None


def _credentials(entry: Entry, made: MadePerson | None, user: User, people: People) -> Mapping[str, Any]:
    if not entries.is_machine(entry):
        return {}
    if made is None:
        found = find_credentials(entry, people.seed_data)
    else:
        found = show_credentials(entries.machine_of(made, people), made.id)
    return {**found, "clientId": user.login_name} if found else {}


def _find_tokens(people: People) -> dict[str, list[HeldToken]]:
    """Find the tokens that are valid now, by the id of their users."""
    found: dict[str, list[HeldToken]] = {}
    for token in people.tx.find(AccessToken):
        if token.session_id is None and is_live(token.expires_at, now=people.now):
            found.setdefault(token.user_id, []).append(HeldToken("token", token.expires_at))
    for session in people.tx.find(Session):
        if session.exists and session.user_id and is_live(session.expires_at, now=people.now):
            found.setdefault(session.user_id, []).append(HeldToken("session", session.expires_at))
    return found


def _state(account: Account, people: People, tokens: Sequence[HeldToken]) -> PersonState:
    user, attempts = account.user, max_attempts(account.user, people)
    locked = user.state is UserState.LOCKED
    counted = attempts and user.kind is UserKind.HUMAN
    code = user.code
    return PersonState(
        active=user.state not in (UserState.INACTIVE, UserState.INITIAL),
        locked=locked,
        tries_left=(0 if locked else max(1, attempts - user.failed_attempts)) if counted else None,
        password_set=user.password_hash is not None,
        password_changed_at=user.changed_at,
        must_change_password=user.change_required,
        codes=()
        if code is None
        else (
            OutstandingCode(
                "verification",
                code.expires_at,
                expired=not is_live(code.expires_at, now=people.now),
                code=people.find_code(code.digest, to=user.email) or people.find_code(code.digest, to=user.phone),
            ),
        ),
        tokens=tuple(tokens),
    )
