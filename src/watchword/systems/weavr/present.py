"""People of both products as they are now."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from watchword.domain.tokens import digest, is_live
from watchword.system.people import MadePerson, People
from watchword.system.person_state import HeldToken, OutstandingCode, PersonState
from watchword.system.seed_data import Person
from watchword.system.situations import Situations
from watchword.systems.weavr import entries
from watchword.systems.weavr.entries import Entry
from watchword.systems.weavr.nonces import SANDBOX_CODE
from watchword.systems.weavr.passwords import find_end
from watchword.systems.weavr.records import Invitation, Nonce, Programme, Scope, Session, User
from watchword.systems.weavr.seed_data import passwords_of
from watchword.systems.weavr.situations import Account

_KINDS: Mapping[Scope, str] = {Scope.EVERYTHING: "token", Scope.UPDATE_ONLY: "update-only"}


def list_people(people: People, table: Situations[Account]) -> list[Person]:
    """List everybody who is stored: the seed data's first, then those who were made."""
    sessions: dict[str, list[Session]] = {}
    for one in people.tx.find(Session):
        sessions.setdefault(one.user_id, []).append(one)
    made = people.made()
    listed: list[tuple[Entry, MadePerson | None]] = [(one, None) for one in entries.of_seed(people)]
    listed += ((entries.of_made(one, people), one) for one in made)
    return [
        _person(
            entry,
            one,
            account,
            people,
            situations=table.now(account, tuple(entry["situations"])),
            sessions=sessions.get(entry["id"], ()),
        )
        for entry, one in listed
        if (account := find_account(entry["id"], people)) is not None
    ]


def find_account(identifier: str, people: People) -> Account | None:
    """Find the account with an id; None if it is not stored."""
    user = people.tx.get(User, identifier)
    if user is None:
        return None
    programme = people.tx.get(Programme, user.programme_id)
    return Account(
        user,
        people.tx.get(Invitation, user.id),
        people.settings.of(programme.name if programme else ""),
        people.now,
        others=count_others(user, people),
        deactivated=user.id in people.settings.deactivated,
    )


def count_others(user: User, people: People) -> int:
    """Count the other users of the programme with the same e-mail address."""
    found = people.tx.find(User, programme_id=user.programme_id, email=user.email)
    return sum(one.id != user.id for one in found)


def _person(
    entry: Entry,
    made: MadePerson | None,
    account: Account,
    people: People,
    *,
    situations: tuple[str, ...],
    sessions: Sequence[Session],
) -> Person:
    token = {"Authorization": f"Bearer {entry['token']}"} if entry["token"] else {}
    return Person(
        system=people.seed_data.system,
        name=entry["name"] if made is None else made.name,
        why=entry["why"],
        id=entry["id"],
        login=account.user.email,
        password=_public_password(entry, made, account.user, people),
        headers={"api-key": entries.api_key(people, entry["programme"]), **token},
        situations=situations,
        group={"programme": entry["programme"]},
        made=made is not None,
        state=_state(account, people, sessions),
    )


def _public_password(entry: Entry, made: MadePerson | None, user: User, people: People) -> str | None:
    """Find the password of *user* if it is still the public one of the seed data."""
    passwords = passwords_of(entry)
    if user.password is None or not passwords or (made is not None and made.password_hash is not None):
        return None
    return passwords[0] if people.seed_data.is_hash_of(user.password.hash, entry["name"], passwords) else None


def _state(account: Account, people: People, sessions: Sequence[Session]) -> PersonState:
    user, now, settings = account.user, people.now, account.settings
    locked = user.locked_until is not None and now < user.locked_until
    return PersonState(
        active=user.active and not account.deactivated,
        locked=locked,
        locked_until=user.locked_until if locked else None,
        tries_left=0 if locked else max(1, settings.lock_after - user.failures),
        password_set=user.password is not None,
        password_changed_at=user.password.changed_at if user.password else None,
        password_expires_at=find_end(user.password, settings.profile(user.credential).expires_after)
        if user.password
        else None,
        codes=_codes(account, people),
        tokens=tuple(
            HeldToken(_KINDS[one.scope], one.expires_at) for one in sessions if is_live(one.expires_at, now=now)
        ),
    )


def _code_without_mail(kind: str, code_digest: str) -> str | None:
    """Give the code of a person who was made as invited, to whom no mail was sent; None if it is another one."""
    return SANDBOX_CODE if kind == "invitation" and code_digest == digest(SANDBOX_CODE) else None


def _codes(account: Account, people: People) -> tuple[OutstandingCode, ...]:
    user, nonce = account.user, people.tx.get(Nonce, account.user.id)
    found: list[tuple[str, datetime | None, str]] = []
    if nonce is not None:
        found.append(("lost-password", nonce.expires_at, nonce.code_digest))
    if account.invitation is not None and user.password is None:
        found.append(("invitation", account.invitation.expires_at, account.invitation.code_digest))
    return tuple(
        OutstandingCode(
            kind,
            end,
            expired=not is_live(end, now=people.now),
            code=people.find_code(code_digest, to=user.email) or _code_without_mail(kind, code_digest),
        )
        for kind, end, code_digest in found
    )
