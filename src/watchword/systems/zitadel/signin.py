"""
Sessions: the checks that a session is started or changed with.

Source:
    Public source of the service, ``internal/api/grpc/session/v2/session.go`` and ``internal/command/session.go``;
    the lock since "respect lockout policy" (2024-06), the count in the detail since 2025-01, hence from v4.2 on.
    Recorded answers of v2.65.3, v4.2.2 and v4.6.5.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.rule import OBSERVED, returns_argument, rule
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal, count_failure, report_failures
from watchword.systems.zitadel.records import Session, User, UserKind, UserState
from watchword.systems.zitadel.settings import Profile

_SESSION = "internal/api/grpc/session/v2/session.go, v2.65.3"
_COMMAND = "internal/command/session.go, v2.65.3"
_RECORDED = "recorded answers of v2.65.3, v4.2.2 and v4.6.5"


@dataclass(frozen=True, slots=True)
class Checks:
    """
    What a request wants to be checked.

    Args:
        user: The user whom the request names; None if it names none.
        password: None to leave the password unchecked.
        intent: Whether a sign-in at another provider is to be checked.
        totp: Whether a one-time password is to be checked.
    """

    user: User | None = None
    password: Candidate | None = None
    intent: bool = False
    totp: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """
    A session whose checks succeeded.

    Args:
        user: Of the session, as the check of the password changed the user; None for a session without a user.
    """

    session: Session
    user: User | None


def run_checks(
    session: Session, user: User | None, checks: Checks, *, policies: EffectivePolicies | None, now: datetime
) -> Checked | RecordedRefusal:
    """
    Check what a request wants in the service's order: user, password, other provider, one-time password.

    Args:
        session: As it is before.
        user: Whom the session has before, or whom the request names; None if there is none.
        policies: Those of *user*; None without one.

    Raises:
        UserChangeImpossible: See `keep_user`.
        UserIdMissing, UserIsMachine, NoPasswordToCheck: See `require_password`.
        IntentTokenInvalid, TotpNotReady: See `refuse_intent` and `refuse_totp`.
    """
    if checks.user is not None:
        keep_user(session.user_id, checks.user.id)
        named = replace(session, user_id=checks.user.id, organisation=checks.user.organisation, user_checked_at=now)
        session = _add_event(named)
    if checks.password is not None:
        checked = _check_password(session, user, checks.password, policies, now=now)
        if isinstance(checked, RecordedRefusal):
            return checked
        session, user = checked.session, checked.user
    if checks.intent:
        refuse_intent(session.user_id)
    if checks.totp:
        refuse_totp(session.user_id)
    return Checked(session, user)


def _check_password(
    session: Session, user: User | None, password: Candidate, policies: EffectivePolicies | None, *, now: datetime
) -> Checked | RecordedRefusal:
    require_password(session.user_id, user)
    if user is None or policies is None:
        # While the rule above is switched off: without a user there is nothing to compare the password with.
        return Checked(session, None)
    refuse_locked(user, policies.profile)
    right = user.password_hash is not None and password.matches(user.password_hash)
    counted = count_sign_in(user, right=right, policies=policies)
    if isinstance(counted, RecordedRefusal):
        return counted
    checked = replace(session, password_checked_at=now, password_number=user.password_number)
    return Checked(_add_event(checked), count_events(counted))


def _add_event(session: Session) -> Session:
    return replace(session, sequence=session.sequence + 1)


@rule(
    "zitadel.session.search",
    OBSERVED,
    _RECORDED,
    compares=lambda check: {"by_id": "userId" in check, "by_login_name": "loginName" in check},
)
def read_user_check(check: Mapping[str, str]) -> None:
    """
    A user who is checked is named by id or by login name.

    In v4.6 the message is not valid otherwise, which is found before.

    Raises:
        UserSearchMissing: Neither is given.
    """
    if "userId" not in check and "loginName" not in check:
        raise errors.UserSearchMissing


@rule(
    "zitadel.session.user",
    OBSERVED,
    _SESSION,
    without=returns_argument("user"),
    compares=lambda user: {"known": user is not None, "state": user.state if user else None},
    because=lambda user, said: f"The user is {user.state}." if user else said.cause,
)
def require_active_user(user: User | None) -> User:
    """
    A user is found by id or by login name, case-insensitively, and is neither locked nor deactivated.

    Raises:
        UserToCheckNotFound, UserNotActive: In this order.
    """
    if user is None:
        raise errors.UserToCheckNotFound
    if user.state not in (UserState.ACTIVE, UserState.INITIAL):
        raise errors.UserNotActive
    return user


@rule(
    "zitadel.session.same_user",
    OBSERVED,
    f"{_COMMAND}; {_RECORDED}",
    compares=lambda current, named: {"has_user": current is not None, "same": current == named},
)
def keep_user(current: str | None, named: str) -> None:
    """
    A session keeps its user; the same one may be checked again.

    Args:
        current: The id of the session's user; None without one.
        named: The id of the user whom the request names.

    Raises:
        UserChangeImpossible: The request names another one.
    """
    if current is not None and current != named:
        raise errors.UserChangeImpossible


@rule(
    "zitadel.session.password",
    OBSERVED,
    "internal/command/session.go CheckPassword, v2.65.3",
    compares=lambda user_id, user: {
        "user": user_id is not None,
        "kind": user.kind if user else None,
        "has_password": user is not None and user.password_hash is not None,
    },
    because=lambda user, said: (
        "The user of the session has been deleted."
        if user is None and isinstance(said, errors.UserIsMachine)
        else said.cause
    ),
)
def require_password(user_id: str | None, user: User | None) -> None:
    """
    A password needs a user in the session who is a person and has a password.

    Args:
        user_id: Of the session's user; None without one.
        user: None if the session has no user, or one who has been deleted.

    Raises:
        UserIdMissing, UserIsMachine, NoPasswordToCheck: In this order.
    """
    if user_id is None:
        raise errors.UserIdMissing
    if user is None or user.kind is UserKind.MACHINE:
        raise errors.UserIsMachine
    if user.password_hash is None:
        raise errors.NoPasswordToCheck


@rule(
    "zitadel.session.locked",
    OBSERVED,
    _RECORDED,
    compares=lambda user, profile: {"state": user.state, "failures": user.failed_attempts, "profile": profile},
)
def refuse_locked(user: User, profile: Profile) -> None:
    """
    The password of a locked user is not compared; a deactivated user passes if the session had the user before.

    Raises:
        UserLocked: The user is locked; with the number of failures in the profiles that report it.
    """
    if user.state is UserState.LOCKED:
        raise errors.UserLocked(failed_attempts=user.failed_attempts if profile.reports_failed_attempts else None)


@rule("zitadel.session.intent", OBSERVED, _RECORDED, compares=lambda user_id: {"user": user_id is not None})
def refuse_intent(user_id: str | None) -> None:
    """
    There is no other provider to sign in at, so no token of such a sign-in is valid.

    Raises:
        UserIdMissing, IntentTokenInvalid: In this order.
    """
    raise errors.UserIdMissing if user_id is None else errors.IntentTokenInvalid


@rule("zitadel.session.totp", OBSERVED, _RECORDED, compares=lambda user_id: {"user": user_id is not None})
def refuse_totp(user_id: str | None) -> None:
    """
    Nobody has set one-time passwords up.

    Raises:
        UserIdMissing, TotpNotReady: In this order.
    """
    raise errors.UserIdMissing if user_id is None else errors.TotpNotReady


def _count_nothing(user: User, *, right: bool, policies: EffectivePolicies) -> User | RecordedRefusal:  # noqa: ARG001
    """Without the rule a wrong password is refused, and neither counted nor forgotten."""
    return user if right else RecordedRefusal(user, errors.PasswordInvalid())


def _say_how_many(user: User, right: bool, policies: EffectivePolicies) -> str:  # noqa: FBT001  # the rule's argument
    if right:
        return "The password is right."
    failures, maximum = user.failed_attempts + 1, policies.max_password_attempts
    lock = f", and {maximum} lock the user" if maximum else ""
    return f"The password is wrong; that makes {failures} in a row{lock}."


@rule(
    "zitadel.session.lockout",
    OBSERVED,
    "internal/command/user_human_password.go checkPassword; session API respects the lockout policy since 2024-06",
    without=_count_nothing,
    compares=lambda user, right, policies: {
        "right": right,
        "failures": user.failed_attempts,
        "maximum": policies.max_password_attempts,
    },
    because=_say_how_many,
)
def count_sign_in(user: User, *, right: bool, policies: EffectivePolicies) -> User | RecordedRefusal:
    """
    In every profile a wrong password counts towards the lock, and a right one resets the count to zero.

    Args:
        right: Whether the password is the user's.
    """
    if right:
        return replace(user, failed_attempts=0)
    counted = count_failure(user, policies.max_password_attempts)
    return RecordedRefusal(counted, report_failures(counted, policies.profile))
