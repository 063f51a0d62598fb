"""Logging in with a password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.rule import DOCUMENTED, OBSERVED, rule
from watchword.systems.weavr.errors import AccountLocked, Forbidden
from watchword.systems.weavr.passwords import expired
from watchword.systems.weavr.records import Password, Scope, User
from watchword.systems.weavr.settings import ProgrammeSettings


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """Who logged in, with the failures forgotten, and what the new token shall be good for."""

    user: User
    scope: Scope


@dataclass(frozen=True, slots=True)
class Failed:
    """A wrong password: *user* is what has to be remembered of it."""

    user: User


@rule("weavr.login.refused", OBSERVED, "Answers of the real service.")
def account(users: Sequence[User], candidate: Candidate) -> tuple[User, Password]:
    """
    A log-in with an unknown address, a wrong password or none set, or of an inactive user is answered 403, empty.

    Returns:
        Who is logging in: of several with the address the one with that password, and the first if nobody has it.
    """
    found = [(user, user.password) for user in users if user.active and user.password is not None]
    if not found:
        raise Forbidden("No active user with a password has this e-mail address in the programme.")
    if len(found) > 1:
        return next((one for one in found if candidate.matches(one[1].hash)), found[0])
    return found[0]


@rule(
    "weavr.login.locked", DOCUMENTED, "Vendor page 'Login with password', 423: 30 minutes; after how many is assumed."
)
def open_for(user: User, *, now: datetime) -> None:
    """Too many wrong passwords in a row close log-in for 30 minutes: 423, for the right one too."""
    if user.locked_until is not None and now < user.locked_until:
        raise AccountLocked


def failed(user: User, *, now: datetime, lock_after: int, locked_for: timedelta) -> Failed:
    """Count a wrong password, and close log-in when there were *lock_after* in a row; that one is still a 403."""
    failures = user.failures + 1
    if failures < lock_after:
        return Failed(replace(user, failures=failures))
    return Failed(replace(user, failures=0, locked_until=now + locked_for))


@rule("weavr.login.expired", DOCUMENTED, "Vendor page 'Login with password', 409: a token for the update.")
def scope_of(password: Password, expires_after: timedelta | None, *, now: datetime) -> Scope:
    """A right password that has expired is answered 409 with a token that is good for the update alone."""
    return Scope.UPDATE_ONLY if expired(password, expires_after, now=now) else Scope.EVERYTHING


def log_in(
    users: Sequence[User], candidate: Candidate, *, settings: ProgrammeSettings, now: datetime
) -> LoggedIn | Failed:
    """
    Judge an attempt.

    Args:
        users: Everybody with the e-mail address.
        settings: Of their programme.

    Raises:
        Forbidden: There is nobody to log in.
        AccountLocked: Log-in is closed.
    """
    user, password = account(users, candidate)
    open_for(user, now=now)
    if not candidate.matches(password.hash):
        return failed(user, now=now, lock_after=settings.lock_after, locked_for=settings.locked_for)
    scope = scope_of(password, settings.profile(user.credential).expires_after, now=now)
    return LoggedIn(replace(user, failures=0, locked_until=None), scope)
