"""The situations that users and applications of Entrust can be in, as changes of records."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from watchword.domain.tokens import is_live
from watchword.system.people import ImpossiblePerson
from watchword.system.situations import Situation, Situations
from watchword.systems.entrust.records import Application, Password, User, UserState, UserType

_EXPIRED_AGO = timedelta(days=10)
FORMER_PASSWORDS = ("Quiet.River.8820", "Tin_Whistle_6093")
"""The former passwords of people who get some, newest first: those of the seed data's ``with-history``."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    A user, or an application, and what decides the situation.

    Args:
        lifetime: Of passwords; zero for ever.
        password: What the user gets who has none and shall have one; None if none is known.
        former: The same for former passwords: hashes, newest first.
    """

    one: User | Application
    now: datetime
    lifetime: timedelta
    password: Password | None = None
    former: tuple[str, ...] = ()

    def with_user(self, **changes: Any) -> "Account":
        """Change fields of the user."""
        return replace(self, one=replace(self.require_user(), **changes))

    def require_user(self) -> User:
        """
        Find the user.

        Raises:
            ImpossiblePerson: It is an application.
        """
        if isinstance(self.one, Application):
            raise ImpossiblePerson("situations", "an application can be 'inactive', and nothing else about it changes")
        return self.one

    def require_password(self, word: str) -> Password:
        """
        Find the present password.

        Raises:
            ImpossiblePerson: There is none, or it is an application.
        """
        found = self.require_user().password
        if found is None:
            raise ImpossiblePerson("situations", f"only who has a password can be {word!r}")
        return found

    @property
    def present_password(self) -> Password | None:
        """The password of a user; None without one, and of an application."""
        return self.one.password if isinstance(self.one, User) else None


def _give_password(account: Account) -> Account:
    if account.password is None:
        raise ImpossiblePerson("password", "this person has none yet: give one, or name the situation 'no-password'")
    if account.require_user().type is UserType.EXTERNAL:
        raise ImpossiblePerson("password", "another identity provider keeps the password of such a user")
    return account.with_user(password=account.password)


def _expire(account: Account) -> Account:
    password = account.require_password("expired")
    end = account.now - _EXPIRED_AGO
    changed_at = min(password.changed_at, end - account.lifetime)
    return account.with_user(password=replace(password, changed_at=changed_at, expires_at=end))


def _renew(account: Account) -> Account:
    end = account.now + account.lifetime if account.lifetime else None
    password = replace(account.require_password("expired"), changed_at=account.now, expires_at=end)
    return account.with_user(password=password)


def _force(account: Account, *, forced: bool) -> Account:
    return account.with_user(password=replace(account.require_password("force-change"), force_update=forced))


def _remember(account: Account) -> Account:
    account.require_password("with-history")
    return account.with_user(former=account.former)


def _set_active(account: Account, *, active: bool) -> Account:
    if isinstance(account.one, Application):
        return replace(account, one=replace(account.one, disabled=not active))
    return account.with_user(state=UserState.ACTIVE if active else UserState.INACTIVE)


def _is_inactive(account: Account) -> bool:
    one = account.one
    return one.disabled if isinstance(one, Application) else one.state is UserState.INACTIVE


def _has_expired(account: Account) -> bool:
    password = account.present_password
    return password is not None and not is_live(password.expires_at, now=account.now)


CHANGING: Mapping[str, Situation[Account]] = {
    "no-password": Situation(
        lambda account: isinstance(account.one, User) and account.one.password is None,
        lambda account: account.with_user(password=None),
        _give_password,
    ),
    "with-history": Situation(
        lambda account: isinstance(account.one, User) and bool(account.one.former),
        _remember,
        lambda account: account.with_user(former=()),
    ),
    "expired": Situation(_has_expired, _expire, _renew),
    "force-change": Situation(
        lambda account: account.present_password is not None and account.present_password.force_update,
        lambda account: _force(account, forced=True),
        lambda account: _force(account, forced=False),
    ),
    "inactive": Situation(
        _is_inactive,
        lambda account: _set_active(account, active=False),
        lambda account: _set_active(account, active=True),
    ),
    "locked": Situation(
        lambda account: isinstance(account.one, User) and account.one.locked,
        lambda account: account.with_user(locked=True),
        lambda account: account.with_user(locked=False),
    ),
}
_OF_USERS = ("no-password", "with-history", "expired", "force-change", "locked", "directory", "no-profile")

SITUATIONS = Situations(
    CHANGING,
    fixed=("administrator", "directory", "machine", "no-permission", "no-profile"),
    implied={"administrator": ("machine",), "no-permission": ("machine",)},
    plain=frozenset(("administrator",)),
    exclusive=(
        *((frozenset(("machine", one)), "an application is no user") for one in _OF_USERS),
        *(
            (frozenset(("no-password", one)), "only who has a password can be so")
            for one in ("expired", "force-change")
        ),
        (frozenset(("administrator", "no-permission")), "they say what a role allows"),
    ),
)
