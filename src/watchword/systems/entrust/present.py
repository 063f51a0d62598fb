"""Users and applications as they are now."""

from datetime import timedelta

from watchword.domain.tokens import digest, is_live
from watchword.system.people import MadePerson, People
from watchword.system.person_state import HeldToken, PersonState
from watchword.system.seed_data import Person
from watchword.systems.entrust import entries
from watchword.systems.entrust.entries import Entry
from watchword.systems.entrust.records import Application, AuthToken, User, UserState
from watchword.systems.entrust.seed_data import passwords_of
from watchword.systems.entrust.situations import SITUATIONS, Account


def list_people(people: People) -> list[Person]:
    """
    List applications and users who are stored: the seed data's first, then those who were made.

    A user's headers are those of the seed application with every permission.
    """
    tokens = _find_tokens(people)
    console = people.seed_data.fixture("applications")[0]["token"]
    listed: list[tuple[Entry, MadePerson | None]] = [(one, None) for one in entries.of_seed(people)]
    listed += ((entries.of_made(one, people), one) for one in people.made())
    return [
        Person(
            system=people.seed_data.system,
            name=entry["name"] if made is None else made.name,
            why=entry["why"],
            id=entry["id"],
            login=account.one.login if isinstance(account.one, User) else account.one.name,
            password=_public_password(entry, made, account, people),
            headers={"Authorization": f"Bearer {entry.get('token', console)}"},
            situations=SITUATIONS.now(account, tuple(entry["situations"])),
            made=made is not None,
            state=_state(account, tuple(tokens.get(entry["id"], ()))),
        )
        for entry, made in listed
        if (account := find_account(entry["id"], people)) is not None
    ]


def find_account(identifier: str, people: People) -> Account | None:
    """Find the account with an id; None if it is not stored."""
    found = people.tx.get(User, identifier) or people.tx.get(Application, identifier)
    return None if found is None else Account(found, people.now, lifetime_of(people))


def lifetime_of(people: People) -> timedelta:
    """Find how long passwords are valid; zero for ever."""
    return timedelta(days=people.settings.password.lifetime_days)


def _public_password(entry: Entry, made: MadePerson | None, account: Account, people: People) -> str | None:
    """Find the password of a user, or the secret of an application, if it is still the public one."""
    if isinstance(account.one, Application):
        secret: str = entry["sharedSecret"]
        return secret if account.one.secret == digest(secret) else None
    passwords, password = passwords_of(entry), account.one.password
    if password is None or not passwords or (made is not None and made.password_hash is not None):
        return None
    return passwords[0] if people.seed_data.is_hash_of(password.stored, entry["name"], passwords) else None


def _find_tokens(people: People) -> dict[str, list[HeldToken]]:
    """Find the tokens that are valid now, by the id of their applications."""
    found: dict[str, list[HeldToken]] = {}
    for token in people.tx.find(AuthToken):
        if is_live(token.expires_at, now=people.now):
            found.setdefault(token.application_id, []).append(HeldToken("token", token.expires_at))
    return found


def _state(account: Account, tokens: tuple[HeldToken, ...]) -> PersonState:
    if isinstance(account.one, Application):
        return PersonState(active=not account.one.disabled, password_set=True, tokens=tokens)
    user, password = account.one, account.one.password
    return PersonState(
        active=user.state is UserState.ACTIVE,
        locked=user.locked,
        password_set=password is not None,
        password_changed_at=password.changed_at if password else None,
        password_expires_at=password.expires_at if password else None,
        must_change_password=password is not None and password.force_update,
        tokens=tokens,
    )
