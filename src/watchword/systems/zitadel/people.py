"""How ZITADEL makes, changes and removes a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system.agenda import Event
from watchword.system.people import Change, ImpossiblePerson, MadePerson, MakesCandidates, People, Wish, derive_salt
from watchword.system.seed_data import Person
from watchword.systems.zitadel import agenda, entries, present, seed_data
from watchword.systems.zitadel.context import effective_complexity
from watchword.systems.zitadel.errors import ZitadelRefusal
from watchword.systems.zitadel.events import count_events, note_state
from watchword.systems.zitadel.records import (
    AccessToken,
    ClientSecret,
    ComplexityPolicy,
    MachineKey,
    Organisation,
    Session,
    User,
    UserKind,
    UserState,
)
from watchword.systems.zitadel.rules import check_complexity, check_hash_limit, clear_code_and_failures
from watchword.systems.zitadel.situations import SITUATIONS, Account

_NO_PASSWORD = "who is 'no-password' has none: leave it out, or choose other situations"  # noqa: S105  # a sentence
_MACHINE = "a machine has none: it signs in with its credentials"


@dataclass(frozen=True)
class ZitadelRoster:
    """The people of an instance."""

    @property
    def situations(self) -> tuple[str, ...]:
        """The words that are known here."""
        return SITUATIONS.words

    @property
    def accounts(self) -> tuple[type, ...]:
        """The types of the records of people."""
        return (User,)

    @property
    def groups(self) -> tuple[str, ...]:
        """People belong to organisations."""
        return ("organisation",)

    def plan(self, wish: Wish, people: People, hasher: MakesCandidates) -> MadePerson:
        """Decide how a person will be."""
        template, words = SITUATIONS.choose(entries.of_seed(people), wish)
        made = entries.make(template, words, wish, people)
        organisation = entries.new_organisation(made, people) or people.tx.get(
            Organisation, made.group["organisation"]["id"]
        )
        if wish.password is not None:
            if "no-password" in words or "machine" in words:
                raise ImpossiblePerson("password", _MACHINE if "machine" in words else _NO_PASSWORD)
            _judge(wish.password, effective_complexity(organisation, people.settings), people)
            salt = derive_salt(made.system, made.name)
            made = replace(made, password_hash=hasher.candidate(wish.password).make_hash(salt=salt))
        elif template["password"] and "no-password" not in words:
            _judge_copied(template, effective_complexity(organisation, people.settings), people)
        _settle(made, people)
        return made

    def write(self, made: MadePerson, people: People) -> None:
        """Write the records of a person."""
        tx, entry = people.tx, entries.of_made(made, people)
        organisation = entries.new_organisation(made, people)
        if organisation is not None:
            tx.put(organisation)
        tx.put(_settle(made, people).user)
        tx.put(seed_data.make_token(entry, people.seed_data))
        if entries.is_machine(entry):
            machine = entries.machine_of(made, people)
            tx.put(ClientSecret(machine["clientId"], digest(machine["clientSecret"]), made.id))
            tx.put(MachineKey(machine["keyId"], made.id, machine["publicKey"]))
        tx.put(made)

    def read(self, people: People) -> Sequence[Person]:
        """List everybody."""
        return present.list_people(people)

    def change(self, person: Person, change: Change, people: People, hasher: MakesCandidates) -> None:
        """Change a person."""
        before = account = _require_account(person, people)
        words = None if change.situations is None else SITUATIONS.complete(change.situations)
        if change.login is not None:
            account = _with_login(account, change.login, people)
        if change.password is not None:
            if words is not None and "no-password" in words:
                raise ImpossiblePerson("password", _NO_PASSWORD)
            account = _with_password(account, change.password, people, hasher)
        if words is not None:
            SITUATIONS.check_changeable(words, person.situations)
            SITUATIONS.check_together({*words, *(one for one in person.situations if one in SITUATIONS.fixed)})
            account = SITUATIONS.settle(account, words)
        people.tx.put(note_state(before.user, account.user, now=people.now))

    def remove(self, person: Person, people: People) -> None:
        """Delete a person, with tokens, sessions and credentials; the organisation stays."""
        tx = people.tx
        sessions = {one.id for one in tx.find(Session) if one.user_id == person.id}
        for token in tx.find(AccessToken):
            if token.user_id == person.id or token.session_id in sessions:
                tx.delete(AccessToken, token.digest)
        for identifier in sessions:
            tx.delete(Session, identifier)
        for secret in tx.find(ClientSecret, user_id=person.id):
            tx.delete(ClientSecret, secret.client_id)
        for key in tx.find(MachineKey):
            if key.user_id == person.id:
                tx.delete(MachineKey, key.id)
        tx.delete(User, person.id)
        tx.delete(MadePerson, MadePerson.key_of(person.system, person.name))

    def agenda(self, people: People) -> Sequence[Event]:
        """List what is going to happen by itself."""
        return agenda.list_events(people)


def _judge(plain: Secret, complexity: ComplexityPolicy, people: People) -> None:
    """
    Judge a new password by the rules.

    Raises:
        ImpossiblePerson: It is refused.
    """
    try:
        check_complexity(plain, complexity)
        check_hash_limit(plain, people.settings.hash_limit)
    except ZitadelRefusal:
        kinds = {
            "a lower-case letter": complexity.lower,
            "an upper-case letter": complexity.upper,
            "a digit": complexity.number,
            "a symbol": complexity.symbol,
        }
        needed = ", ".join(kind for kind, wanted in kinds.items() if wanted)
        limit = people.settings.hash_limit
        longest = "" if limit is None else f" and {limit} at most"
        raise ImpossiblePerson(
            "password",
            f"the organisation wants {complexity.min_length} bytes at least{longest}, with {needed or 'anything'}",
        ) from None


def _judge_copied(template: entries.Entry, complexity: ComplexityPolicy, people: People) -> None:
    """
    Judge the password of the seed person who is copied, which nobody has sent.

    Raises:
        ImpossiblePerson: It is refused, so another one is needed.
    """
    try:
        _judge(Secret(template["password"]), complexity, people)
    except ImpossiblePerson as error:
        told = f"give one, because that of {template['name']} does not fit: {error.problem}"
        raise ImpossiblePerson("password", told) from None


def _settle(made: MadePerson, people: People) -> Account:
    """Make the account of *made*, with its password and in all its situations."""
    entry = entries.of_made(made, people)
    user = seed_data.make_user(entry, people.seed_data)
    if user.kind is UserKind.HUMAN:
        user = replace(user, given_name=made.name)
    if made.password_hash is not None:
        user = replace(user, password_hash=made.password_hash, changed_at=user.changed_at or people.now)
    account = Account(
        replace(user, created_at=people.now),
        people.now,
        people.settings.code_lifetime,
        user.password_hash,
        token_expired=bool(entry["tokenExpiredAgo"]),
    )
    return SITUATIONS.settle(account, made.situations)


def _require_account(person: Person, people: People) -> Account:
    token = person.headers["Authorization"].removeprefix("Bearer ")
    found = present.find_account(person.id, token, people)
    assert found is not None  # noqa: S101  # who is listed is stored
    return found


def _with_login(account: Account, login: str, people: People) -> Account:
    user, tx = account.user, people.tx
    entries.check_login(login, people, besides=user.id)
    for secret in tx.find(ClientSecret, user_id=user.id):
        tx.delete(ClientSecret, secret.client_id)
        tx.put(replace(secret, client_id=login.lower()))
    return account.with_user(login_name=login.lower())


def _with_password(account: Account, plain: Secret, people: People, hasher: MakesCandidates) -> Account:
    """Set a password as an owner of the organisation does."""
    user = account.user
    if user.kind is UserKind.MACHINE:
        raise ImpossiblePerson("password", _MACHINE)
    _judge(plain, effective_complexity(people.tx.get(Organisation, user.organisation), people.settings), people)
    new = hasher.candidate(plain).make_hash(share_salt_with=user.password_hash, salt=derive_salt(user.id))
    changed = replace(
        user, password_hash=new, change_required=False, changed_at=people.now, password_number=user.password_number + 1
    )
    if user.state is UserState.INITIAL:
        changed = replace(changed, state=UserState.ACTIVE)
    return replace(account, user=count_events(clear_code_and_failures(changed)))
