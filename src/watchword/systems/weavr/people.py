"""How both products make, change and remove a person."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchword.domain.secret import Secret
from watchword.system.agenda import Event
from watchword.system.people import Change, ImpossiblePerson, MadePerson, MakesCandidates, People, Wish, derive_salt
from watchword.system.seed_data import Person
from watchword.system.situations import Situations
from watchword.systems.weavr import agenda, creation, entries, passwords, present, requirements, seed_data
from watchword.systems.weavr.entries import Entry
from watchword.systems.weavr.errors import Conflict
from watchword.systems.weavr.records import CredentialType, Identity, Invitation, Nonce, Password, Session, User
from watchword.systems.weavr.requirements import Requirements
from watchword.systems.weavr.situations import FORMER_PASSWORDS, Account, words_of_programme

RaiseRequirements = Callable[[Any, User, Requirements], Requirements]
"""Finds what a product requires of a user's passwords beyond the profile, given the settings of the product."""
_NO_PASSWORD = "who is 'no-password' has none: leave it out, or choose other situations"  # noqa: S105  # a sentence


@dataclass(frozen=True)
class WeavrRoster:
    """
    The people of one product.

    Args:
        table: The situations of the product.
        makes_password_tokens: Whether the product tokenises.
    """

    table: Situations[Account]
    raise_requirements: RaiseRequirements
    makes_password_tokens: bool
    groups: tuple[str, ...] = ("programme",)

    @property
    def accounts(self) -> tuple[type, ...]:
        """The type of the records of people."""
        return (User,)

    @property
    def situations(self) -> tuple[str, ...]:
        """The words that the product knows."""
        return self.table.words

    def plan(self, wish: Wish, people: People, hasher: MakesCandidates) -> MadePerson:
        """Decide how a person will be."""
        template, words = self.table.choose(entries.of_seed(people), wish)
        made = entries.make(template, words, wish, people)
        if made.group["programme"] != template["programme"]:
            words = self._add_those_of_programme(made.group["programme"], template, words, people)
            made = replace(made, situations=words)
        salt = derive_salt(made.system, made.name)
        if wish.password is not None:
            if "no-password" in words:
                raise ImpossiblePerson("password", _NO_PASSWORD)
            account = _new_account(entries.of_made(made, people), people)
            self._judge(wish.password, account, people, words=words)
            made = replace(made, password_hash=hasher.candidate(wish.password).make_hash(salt=salt))
        if "with-history" in words and (made.password_hash or not template.get("formerPasswords")):
            made = replace(made, former=_hash_former(hasher, made.password_hash, salt))
        _settle(made, people, self.table)
        return made

    def _add_those_of_programme(
        self, name: str, template: Entry, words: Sequence[str], people: People
    ) -> tuple[str, ...]:
        """
        Add the situations of everybody in a programme.

        Raises:
            ImpossiblePerson: Nobody there can be in those of *words*.
        """
        brought = words_of_programme(people.settings.of(name), CredentialType(template["credential"]))
        implied = set(self.table.complete(brought)) - set(brought)
        try:
            self.table.check_together({*words, *implied})
        except ImpossiblePerson as error:
            told = " and ".join(repr(one) for one in sorted(implied))
            raise ImpossiblePerson("programme", f"everybody in {name} is {told}: {error.problem}") from None
        return tuple(sorted({*words, *brought, *implied}))

    def write(self, made: MadePerson, people: People) -> None:
        """Write the records of a person."""
        entry, account = entries.of_made(made, people), _settle(made, people, self.table)
        programme = entries.find_programme(people, entry["programme"])
        if programme is None:
            programme = entries.new_programme(people, entry["programme"])
            people.tx.put(programme)
        people.tx.put(account.user)
        if entry["identity"] is not None:
            people.tx.put(Identity(account.user.identity_id, programme.id, entry["identity"]))
        if account.invitation is not None:
            people.tx.put(account.invitation)
        if entry["token"] and account.user.password is not None:
            people.tx.put(seed_data.make_session(entry))
        people.tx.put(made)

    def read(self, people: People) -> Sequence[Person]:
        """List everybody."""
        return present.list_people(people, self.table)

    def change(self, person: Person, change: Change, people: People, hasher: MakesCandidates) -> None:
        """Change a person."""
        account = _require_account(person, people)
        words = None if change.situations is None else self.table.complete(change.situations)
        if change.login is not None:
            account = _with_login(account, change.login, people, words=words or ())
        if change.password is not None:
            if words is not None and "no-password" in words:
                raise ImpossiblePerson("password", _NO_PASSWORD)
            account = self._with_password(account, change.password, people, hasher)
        if words is not None:
            account = self._settle_again(account, person, words, hasher)
        _put(account, people)

    def remove(self, person: Person, people: People) -> None:
        """Delete a person, the sessions and codes, and an identity that nobody else acts for."""
        tx, user = people.tx, _require_account(person, people).user
        for session in tx.find(Session):
            if session.user_id == user.id:
                tx.delete(Session, session.digest)
        tx.delete(Nonce, user.id)
        tx.delete(Invitation, user.id)
        tx.delete(User, user.id)
        if not tx.find(User, identity_id=user.identity_id):
            tx.delete(Identity, user.identity_id)
        tx.delete(MadePerson, MadePerson.key_of(person.system, person.name))

    def agenda(self, people: People) -> Sequence[Event]:
        """List what is going to happen by itself."""
        return agenda.list_events(people, makes_password_tokens=self.makes_password_tokens)

    def _judge(self, plain: Secret, account: Account, people: People, *, words: Sequence[str]) -> None:
        try:
            requirements.check_form(plain, self._requirements(account, people))
        except Conflict as refusal:
            raise ImpossiblePerson("password", refusal.message) from None
        if "with-history" in words and plain.revealed in FORMER_PASSWORDS:
            raise ImpossiblePerson("password", "is one of the former ones that 'with-history' brings")

    def _requirements(self, account: Account, people: People) -> Requirements:
        profile = account.settings.profile(account.user.credential)
        return self.raise_requirements(people.settings, account.user, Requirements.of(account.settings, profile))

    def _with_password(self, account: Account, plain: Secret, people: People, hasher: MakesCandidates) -> Account:
        """Set a password as an update does, or the first one as its creation does."""
        user, now, new = account.user, people.now, hasher.candidate(plain)
        needed, salt = self._requirements(account, people), derive_salt(user.id)
        try:
            if user.password is None:
                changed = creation.create_password(user, new, requirements=needed, salt=salt, now=now)
            else:
                changed = passwords.change_password(user, user.password, new, requirements=needed, salt=salt, now=now)
        except Conflict as refusal:
            raise ImpossiblePerson("password", refusal.message) from None
        return replace(account, user=changed, invitation=None)

    def _settle_again(self, account: Account, person: Person, words: Sequence[str], hasher: MakesCandidates) -> Account:
        self.table.check_changeable(words, person.situations)
        shared = ("shared-email",) if account.others else ()
        self.table.check_together({*words, *shared})
        password = account.user.password
        if "with-history" in words and password is not None and not password.former:
            former = _hash_former(hasher, password.hash, derive_salt(account.user.id))
            account = replace(account, former=former)
        return self.table.settle(account, {*words, *shared})


def _hash_former(hasher: MakesCandidates, like: str | None, salt: bytes) -> tuple[str, ...]:
    candidates = (hasher.candidate(Secret(plain)) for plain in FORMER_PASSWORDS)
    return tuple(one.make_hash(share_salt_with=like, salt=salt) for one in candidates)


def _new_account(entry: Entry, people: People) -> Account:
    """Make the account of a person who is not stored, as the seed person that is copied is."""
    programme = entries.find_programme(people, entry["programme"]) or entries.new_programme(people, entry["programme"])
    user = seed_data.make_user(people.seed_data, entry, programme.id)
    invitation = seed_data.make_invitation(people.seed_data, entry) if "invitedAgo" in entry else None
    others, settings = present.count_others(user, people), people.settings.of(programme.name)
    deactivated = user.id in people.settings.deactivated
    return Account(user, invitation, settings, people.now, user.password, others=others, deactivated=deactivated)


def _settle(made: MadePerson, people: People, table: Situations[Account]) -> Account:
    """Make the account of *made*, with its password and in all its situations."""
    account = _new_account(entries.of_made(made, people), people)
    if made.password_hash is not None:
        password = replace(account.password or Password("", people.now), hash=made.password_hash, former=())
        account = replace(account.with_user(password=password), password=password)
    former = made.former or (account.password.former if account.password else ())
    return table.settle(replace(account, former=former), made.situations)


def _require_account(person: Person, people: People) -> Account:
    found = present.find_account(person.id, people)
    assert found is not None  # noqa: S101  # who is listed is stored
    return found


def _with_login(account: Account, login: str, people: People, *, words: Sequence[str]) -> Account:
    changed = account.with_user(email=entries.read_login(login))
    others = present.count_others(changed.user, people)
    if others and "shared-email" not in words:
        raise ImpossiblePerson(
            "login", "somebody logs in with it already: choose another, or name the situation 'shared-email' too"
        )
    return replace(changed, others=others)


def _put(account: Account, people: People) -> None:
    people.tx.put(account.user)
    if account.invitation is None:
        people.tx.delete(Invitation, account.user.id)
    else:
        people.tx.put(account.invitation)
