"""The situations that a user of both products can be in, as changes of records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from watchword.domain.tokens import digest, is_live
from watchword.system.people import ImpossiblePerson
from watchword.system.situations import Situation, Situations
from watchword.systems.weavr.nonces import SANDBOX_CODE
from watchword.systems.weavr.passwords import find_end
from watchword.systems.weavr.records import CredentialType, Invitation, Password, User
from watchword.systems.weavr.settings import ProgrammeSettings

_CHANGED_AGO, _EXPIRED_AGO = timedelta(days=100), timedelta(days=10)
_INVITED_AGO, _FORGOTTEN_AGO = timedelta(hours=1), timedelta(days=30)
FORMER_PASSWORDS = ("Harbour-6-lamp", "Harbour-5-lamp", "Harbour-4-lamp", "Harbour-3-lamp", "Harbour-2-lamp")
"""The former passwords of people who get some, newest first: those of the seed data's ``with-history``."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    A user and what decides the situation.

    Args:
        settings: Of the programme.
        password: What the user gets who has none and shall have one; None if none is known.
        former: The same for former passwords: hashes, newest first.
        others: How many other users of the programme have the same e-mail address.
        deactivated: Whether the settings say so.
    """

    user: User
    invitation: Invitation | None
    settings: ProgrammeSettings
    now: datetime
    password: Password | None = None
    former: tuple[str, ...] = ()
    others: int = 0
    deactivated: bool = False

    def with_user(self, **changes: Any) -> "Account":
        """Change fields of the user."""
        return replace(self, user=replace(self.user, **changes))

    def require_password(self, word: str) -> Password:
        """
        Find the present password.

        Raises:
            ImpossiblePerson: There is none.
        """
        if self.user.password is None:
            raise ImpossiblePerson("situations", f"only who has a password can be {word!r}")
        return self.user.password


def _give_password(one: Account) -> Account:
    if one.password is None:
        raise ImpossiblePerson("password", "this person has none yet: give one, or name the situation 'no-password'")
    return replace(one.with_user(password=one.password), invitation=None)


def _remember(one: Account) -> Account:
    return one.with_user(password=replace(one.require_password("with-history"), former=one.former))


def _forget(one: Account) -> Account:
    return one.with_user(password=replace(one.require_password("with-history"), former=()))


def _has_expired(one: Account) -> bool:
    after = one.settings.profile(one.user.credential).expires_after
    return one.user.password is not None and not is_live(find_end(one.user.password, after), now=one.now)


def _expire(one: Account) -> Account:
    password = one.require_password("expired")
    aged = replace(password, changed_at=one.now - _CHANGED_AGO, expires_at=one.now - _EXPIRED_AGO)
    return one.with_user(password=aged)


def _renew(one: Account) -> Account:
    return one.with_user(password=replace(one.require_password("expired"), changed_at=one.now, expires_at=None))


def _lock(one: Account) -> Account:
    one.require_password("locked")
    return one.with_user(failures=0, locked_until=one.now + one.settings.locked_for)


def _invite(one: Account, ago: timedelta) -> Account:
    if one.user.credential is CredentialType.ROOT:
        raise ImpossiblePerson(
            "situations", "root users are never invited, only users that another user has made; like mira or mabel"
        )
    end = one.now - ago + one.settings.invite_lifetime
    return replace(one, invitation=Invitation(one.user.id, digest(SANDBOX_CODE), end))


def _is_open(one: Account) -> bool:
    """Whether another user has made this one, and there is no password yet."""
    return one.user.credential is CredentialType.USER and one.user.end_user and one.user.password is None


def _is_invited(one: Account, *, live: bool) -> bool:
    found = one.invitation
    return found is not None and one.user.password is None and is_live(found.expires_at, now=one.now) is live


def _withdraw(one: Account) -> Account:
    return replace(one, invitation=None)


def _refuse_not_invited(one: Account) -> Account:
    if one.user.credential is CredentialType.ROOT or not one.user.end_user:
        raise ImpossiblePerson("situations", "only users that another user has made wait for invitations")
    return one


def _refuse_alone(_one: Account) -> Account:
    raise ImpossiblePerson("login", "nobody else of the programme has it, so there is no one to share it with")


def _refuse_shared(_one: Account) -> Account:
    raise ImpossiblePerson(
        "login", "somebody logs in with it already: choose another, or name the situation 'shared-email' too"
    )


CHANGING: Mapping[str, Situation[Account]] = {
    "no-password": Situation(
        lambda one: one.user.password is None,
        lambda one: one.with_user(password=None, failures=0, locked_until=None),
        _give_password,
    ),
    "with-history": Situation(
        lambda one: one.user.password is not None and bool(one.user.password.former), _remember, _forget
    ),
    "expired": Situation(_has_expired, _expire, _renew),
    "inactive": Situation(
        lambda one: one.deactivated or not one.user.active,
        lambda one: one.with_user(active=False),
        lambda one: one.with_user(active=True),
    ),
    "locked": Situation(
        lambda one: one.user.locked_until is not None and one.now < one.user.locked_until,
        _lock,
        lambda one: one.with_user(failures=0, locked_until=None),
    ),
    "invited": Situation(lambda one: _is_invited(one, live=True), lambda one: _invite(one, _INVITED_AGO), _withdraw),
    "invitation-expired": Situation(
        lambda one: _is_invited(one, live=False), lambda one: _invite(one, _FORGOTTEN_AGO), _withdraw
    ),
    "not-invited": Situation(
        lambda one: _is_open(one) and one.invitation is None, _refuse_not_invited, lambda one: one
    ),
    "shared-email": Situation(lambda one: one.others > 0, _refuse_alone, _refuse_shared),
}
_INVITATIONS = frozenset(("invited", "invitation-expired", "not-invited"))
_PROGRAMMES = frozenset(("tokenised", "no-profile", "no-permission"))
EXCLUSIVE = (
    *(
        (frozenset(("no-password", one)), "only who has a password can be so")
        for one in ("with-history", "expired", "locked")
    ),
    (_INVITATIONS, "a user has one invitation at most"),
    (_PROGRAMMES, "each belongs to a programme of its own"),
)
IMPLIED = {**dict.fromkeys((*_INVITATIONS, "no-profile"), ("no-password",))}


def words_of_programme(settings: ProgrammeSettings, credential: CredentialType) -> tuple[str, ...]:
    """List the situations of everybody in a programme who has a type of credential."""
    holding = {
        "no-permission": settings.suspended,
        "no-profile": not settings.profile(credential).configured,
        "tokenised": settings.tokenised,
    }
    return tuple(word for word, holds in holding.items() if holds)


def situations(*fixed: str) -> Situations[Account]:
    """
    Give the situations of one product.

    Args:
        fixed: The product's own words for kinds of users.
    """
    kinds = tuple(
        frozenset(one) for one in (("consumer", "corporate"), ("consumer", "back-office"), ("corporate", "back-office"))
    )
    return Situations(
        CHANGING,
        fixed=(*sorted(_PROGRAMMES), *fixed),
        plain=frozenset(fixed) - {"back-office"},
        exclusive=(*EXCLUSIVE, *((one, "they are kinds of users") for one in kinds)),
        implied=IMPLIED,
        usual=lambda entry: entry["programme"] == "main" and "identity cannot be found" not in entry["why"],
    )
