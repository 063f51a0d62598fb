"""Logging in with a password."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.refusal import Refusal
from watchword.domain.rule import DOCUMENTED, OBSERVED, returns, rule
from watchword.domain.timestamps import write_utc
from watchword.domain.tokens import is_live, tell_end
from watchword.systems.weavr.errors import AccountLocked, LogInRefused, WrongPassword
from watchword.systems.weavr.passwords import find_end
from watchword.systems.weavr.records import Password, Scope, User
from watchword.systems.weavr.settings import ProgrammeSettings

_NOBODY = "No active user with a password has this e-mail address in the programme."


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """The user who logged in, with the count of failures reset, and the scope of the new token."""

    user: User
    scope: Scope


@dataclass(frozen=True, slots=True)
class Failed:
    """A wrong password: *user* with the failure counted."""

    user: User
    refusal: Refusal


def find_account(users: Sequence[User], candidate: Candidate) -> User | None:
    """
    Find the user who tries to log in.

    Args:
        users: All users with the e-mail address.

    Returns:
        One who can log in, if there is one; of several such users the one with that password, or else the first.
    """
    able = [user for user in users if user.active and user.password is not None]
    if len(able) > 1:
        return next((user for user in able if user.password and candidate.matches(user.password.hash)), able[0])
    return next(iter(able or users), None)


def _say_until_when(user: User | None, now: datetime) -> str:
    end = user.locked_until if user else None
    until = "" if end is None else f" until {write_utc(end, precision='seconds')}"
    return f"Too many wrong passwords have locked log-in{until}, and it was {write_utc(now, precision='seconds')}."


@rule(
    "weavr.login.locked",
    DOCUMENTED,
    "Vendor page 'Login with password', 423: 30 minutes; after how many is assumed.",
    compares=lambda user, now: {
        "failures": user.failures if user else 0,
        "locked_until": user.locked_until if user else None,
        "now": now,
    },
    because=_say_until_when,
)
def refuse_locked(user: User | None, *, now: datetime) -> None:
    """Too many wrong passwords in a row lock log-in for 30 minutes: 423, for the right one too."""
    # An inactive user is refused like an unknown one, locked or not.
    if user is not None and user.active and user.locked_until is not None and now < user.locked_until:
        raise AccountLocked


def _accept_any_password(user: User | None, candidate: Candidate) -> LogInRefused | None:  # noqa: ARG001  # as the rule's
    """Accept a wrong password, and an inactive user; without a password there is still no user to log in."""
    return LogInRefused(_NOBODY) if user is None or user.password is None else None


def _say_why_not(user: User | None) -> str:
    if user is None:
        return "No user of the programme has this e-mail address."
    if not user.active:
        return "The user is inactive."
    return "The user has no password yet." if user.password is None else "The password is wrong."


@rule(
    "weavr.login.refused",
    OBSERVED,
    "Answers of the real service.",
    without=_accept_any_password,
    compares=lambda user: {
        "user_found": user is not None,
        "active": user is not None and user.active,
        "password_set": user is not None and user.password is not None,
    },
    because=_say_why_not,
    reports=True,
)
def find_login_refusal(user: User | None, candidate: Candidate) -> LogInRefused | None:
    """A log-in with an unknown address, a wrong password or none set, or of an inactive user is answered 403."""
    if user is None or not user.active or user.password is None:
        return LogInRefused(_NOBODY)
    return None if candidate.matches(user.password.hash) else WrongPassword()


def count_failure(user: User, *, now: datetime, lock_after: int, locked_for: timedelta) -> User:
    """Count a wrong password, and lock log-in after *lock_after* in a row; the last of them is still a 403."""
    failures = user.failures + 1
    if failures < lock_after:
        return replace(user, failures=failures)
    return replace(user, failures=0, locked_until=now + locked_for)


@rule(
    "weavr.login.expired",
    DOCUMENTED,
    "Vendor page 'Login with password', 409: a token for the update.",
    without=returns(Scope.EVERYTHING),
    compares=lambda password, expires_after, now: {
        "changed_at": password.changed_at,
        "expires_at": password.expires_at,
        "expires_after": expires_after,
        "now": now,
    },
    because=lambda password, expires_after, now: (
        f"The password is right, but it {tell_end(find_end(password, expires_after), now=now)}."
    ),
)
def choose_scope(password: Password, expires_after: timedelta | None, *, now: datetime) -> Scope:
    """A right password that has expired is answered 409 with a token that can only update the password."""
    return Scope.EVERYTHING if is_live(find_end(password, expires_after), now=now) else Scope.UPDATE_ONLY


def log_in(
    users: Sequence[User], candidate: Candidate, *, settings: ProgrammeSettings, now: datetime
) -> LoggedIn | Failed:
    """
    Check an attempt to log in.

    Args:
        users: All users with the e-mail address.
        settings: Of their programme.

    Raises:
        AccountLocked: Log-in is locked.
        LogInRefused: There is no user who could log in.
    """
    user = find_account(users, candidate)
    refuse_locked(user, now=now)
    refusal = find_login_refusal(user, candidate)
    if refusal is not None and not isinstance(refusal, WrongPassword):
        raise refusal
    assert user is not None and user.password is not None  # noqa: S101, PT018  # or else it was refused
    if refusal is not None:
        failed = count_failure(user, now=now, lock_after=settings.lock_after, locked_for=settings.locked_for)
        return Failed(failed, refusal)
    scope = choose_scope(user.password, settings.profile(user.credential).expires_after, now=now)
    return LoggedIn(replace(user, failures=0, locked_until=None), scope)
