"""How Entrust makes, changes and removes a user or an application."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from watchword.domain.digests import is_bcrypt
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.system.agenda import Event
from watchword.system.people import Change, ImpossiblePerson, MadePerson, MakesCandidates, People, Wish, derive_salt
from watchword.system.seed_data import Person
from watchword.systems.entrust import agenda, entries, judging, present, seed_data
from watchword.systems.entrust.records import Application, AuthToken, Password, User, UserType
from watchword.systems.entrust.situations import FORMER_PASSWORDS, SITUATIONS, Account

_NO_PASSWORD = "who is 'no-password' has none: leave it out, or choose other situations"  # noqa: S105  # a sentence


@dataclass(frozen=True)
class EntrustRoster:
    """The users and applications of an account."""

    @property
    def situations(self) -> tuple[str, ...]:
        """The words that are known here."""
        return SITUATIONS.words

    @property
    def accounts(self) -> tuple[type, ...]:
        """The types of the records of people."""
        return (User, Application)

    @property
    def groups(self) -> tuple[str, ...]:
        """There is one account, so nobody says where a person belongs."""
        return ()

    def plan(self, wish: Wish, people: People, hasher: MakesCandidates) -> MadePerson:
        """Decide how a person will be."""
        template, words = SITUATIONS.choose(entries.of_seed(people), wish)
        made = entries.make(template, words, wish, people)
        if entries.is_application(template):
            secret = None if wish.password is None else digest(wish.password)
            made = replace(made, password_hash=secret)
        else:
            made = self._plan_user(made, wish, people, hasher, has_former=bool(template.get("formerPasswords")))
        _settle(made, people)
        return made

    def write(self, made: MadePerson, people: People) -> None:
        """Write the records of a person."""
        entry = entries.of_made(made, people)
        people.tx.put(_settle(made, people).one)
        if entries.is_application(entry):
            people.tx.put(AuthToken(digest(entry["token"]), made.id))
        people.tx.put(made)

    def read(self, people: People) -> Sequence[Person]:
        """List everybody."""
        return present.list_people(people)

    def change(self, person: Person, change: Change, people: People, hasher: MakesCandidates) -> None:
        """Change a person."""
        account = _require_account(person, people)
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
            password = account.present_password
            if "with-history" in words and password is not None:
                salt = derive_salt(person.id)
                account = replace(account, former=_hash_former(hasher, password.stored, salt))
            account = SITUATIONS.settle(account, words)
        people.tx.put(account.one)

    def remove(self, person: Person, people: People) -> None:
        """Delete a user; or an application, with its tokens."""
        for token in people.tx.find(AuthToken):
            if token.application_id == person.id:
                people.tx.delete(AuthToken, token.digest)
        people.tx.delete(User, person.id)
        people.tx.delete(Application, person.id)
        people.tx.delete(MadePerson, MadePerson.key_of(person.system, person.name))

    def agenda(self, people: People) -> Sequence[Event]:
        """List what is going to happen by itself."""
        return agenda.list_events(people)

    def _plan_user(
        self, made: MadePerson, wish: Wish, people: People, hasher: MakesCandidates, *, has_former: bool
    ) -> MadePerson:
        salt, words = derive_salt(made.system, made.name), made.situations
        if wish.password is not None:
            if "no-password" in words:
                raise ImpossiblePerson("password", _NO_PASSWORD)
            user = seed_data.make_user(entries.of_made(made, people), people.seed_data)
            _judge(wish.password, replace(user, password=None, former=()), people, hasher)
            if "with-history" in words and wish.password.revealed in FORMER_PASSWORDS:
                raise ImpossiblePerson("password", "is one of the former ones that 'with-history' brings")
            made = replace(made, password_hash=hasher.candidate(wish.password).make_hash(salt=salt))
        if "with-history" in words and (made.password_hash or not has_former):
            made = replace(made, former=_hash_former(hasher, made.password_hash, salt))
        return made


def _hash_former(hasher: MakesCandidates, like: str | None, salt: bytes) -> tuple[str, ...]:
    shared = None if like is None or is_bcrypt(like) else like
    candidates = (hasher.candidate(Secret(plain)) for plain in FORMER_PASSWORDS)
    return tuple(one.make_hash(share_salt_with=shared, salt=salt) for one in candidates)


def _judge(plain: Secret, user: User, people: People, hasher: MakesCandidates) -> None:
    """
    Judge a new password by every check of the policy.

    Raises:
        ImpossiblePerson: It fails some.
    """
    if user.type is UserType.EXTERNAL:
        raise ImpossiblePerson("password", "another identity provider keeps the password of such a user")
    failures = judging.judge(hasher.candidate(plain), user=user, policy=people.settings.password).failures
    if failures:
        raise ImpossiblePerson("password", "; ".join(failures.values()))


def _settle(made: MadePerson, people: People) -> Account:
    """Make the account of *made*, with its password and in all its situations."""
    entry, lifetime = entries.of_made(made, people), present.lifetime_of(people)
    if entries.is_application(entry):
        application = seed_data.make_application(entry)
        if made.password_hash is not None:
            application = replace(application, secret=made.password_hash)
        return SITUATIONS.settle(Account(application, people.now, lifetime), made.situations)
    user = seed_data.make_user(entry, people.seed_data)
    if made.password_hash is not None:
        end = people.now + lifetime if lifetime else None
        password = replace(user.password or Password("", people.now, end), stored=made.password_hash)
        user = replace(user, password=password, former=made.former)
    account = Account(user, people.now, lifetime, user.password, former=made.former or user.former)
    return SITUATIONS.settle(account, made.situations)


def _require_account(person: Person, people: People) -> Account:
    found = present.find_account(person.id, people)
    assert found is not None  # noqa: S101  # who is listed is stored
    return found


def _with_login(account: Account, login: str, people: People) -> Account:
    if isinstance(account.one, Application):
        return replace(account, one=replace(account.one, name=login))
    entries.check_login(login, people, besides=account.one.id)
    return account.with_user(login=login)


def _with_password(account: Account, plain: Secret, people: People, hasher: MakesCandidates) -> Account:
    """Set a password as an administrator does, whatever the state of the user; or the secret of an application."""
    if isinstance(account.one, Application):
        return replace(account, one=replace(account.one, secret=digest(plain)))
    user = account.one
    _judge(plain, user, people, hasher)
    like = next((stored for stored in user.history if not is_bcrypt(stored)), None)
    stored = hasher.candidate(plain).make_hash(share_salt_with=like, salt=derive_salt(user.id))
    end = people.now + account.lifetime if account.lifetime else None
    former = user.history[: people.settings.password.password_history_size]
    return account.with_user(password=Password(stored, people.now, end), former=former)
