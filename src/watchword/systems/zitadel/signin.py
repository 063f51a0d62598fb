"""
Sessions: checking a user and a password.

Source:
    Public source of the service, ``internal/api/grpc/session/v2/session.go`` and ``internal/command/session.go``;
    the lock since "respect lockout policy" (2024-06), the count in the detail since 2025-01, hence from v4.2 on.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.rule import DOCUMENTED, OBSERVED, returns, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal, count_failure, report_failures
from watchword.systems.zitadel.records import AccessToken, Session, User, UserKind, UserState

_SESSION = "internal/api/grpc/session/v2/session.go, v2.65.3"


@dataclass(frozen=True, slots=True)
class SignIn:
    """
    The request for a session.

    Args:
        names_user: Whether the request names a user.
        password: None to check the user alone.
    """

    names_user: bool
    password: Candidate | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """
    A new session.

    Args:
        user: As the check of the password changed the user; None for a session without a user.
    """

    session: Session
    user: User | None


def sign_in(
    user: User | None, request: SignIn, *, policies: EffectivePolicies | None, session_id: str, now: datetime
) -> SignedIn | RecordedRefusal:
    """
    Start a session, or refuse.

    Args:
        user: None if there is no user with that id or login name.
        policies: Those of the user; None without a user.

    Raises:
        UserToCheckNotFound, UserNotActive: See `require_active_user`.
        UserIdMissing, UserIsMachine, NoPasswordToCheck: See `require_password`.
    """
    if request.names_user:
        user = require_active_user(user)
    session = Session(session_id, created_at=now, user_id=user.id if user else None, sequence=3 if user else 2)
    if request.password is None:
        return SignedIn(session, user)
    require_password(user)
    if user is None or policies is None:
        # While the rule above is switched off: without a user there is nothing to compare the password with.
        return SignedIn(session, None)
    right = user.password_hash is not None and request.password.matches(user.password_hash)
    counted = count_sign_in(user, right=right, policies=policies)
    if isinstance(counted, RecordedRefusal):
        return counted
    return SignedIn(
        replace(session, password_checked_at=now, sequence=session.sequence + 1),
        count_events(counted),
    )


@rule(
    "zitadel.session.user",
    OBSERVED,
    _SESSION,
    without=returns_argument("user"),
    compares=lambda user: {"known": user is not None, "state": user.state if user else None},
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
    "zitadel.session.password",
    OBSERVED,
    "internal/command/session.go CheckPassword, v2.65.3",
    compares=lambda user: {
        "user": user is not None,
        "kind": user.kind if user else None,
        "has_password": user is not None and user.password_hash is not None,
    },
)
def require_password(user: User | None) -> None:
    """
    A password needs a user in the same request who is a person and has a password.

    Raises:
        UserIdMissing, UserIsMachine, NoPasswordToCheck: In this order.
    """
    if user is None:
        raise errors.UserIdMissing
    if user.kind is UserKind.MACHINE:
        raise errors.UserIsMachine
    if user.password_hash is None:
        raise errors.NoPasswordToCheck


def _count_nothing(user: User, *, right: bool, policies: EffectivePolicies) -> User | RecordedRefusal:  # noqa: ARG001
    """Without the rule a wrong password is refused, and neither counted nor forgotten."""
    return user if right else RecordedRefusal(user, errors.PasswordInvalid())


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


@rule(
    "zitadel.session.token",
    DOCUMENTED,
    "vendor page 'Create Session': the session token can be used as access token",
    without=returns(None),
    compares=lambda user, lifetime: {"user": user is not None, "lifetime": lifetime},
)
def make_access_token(
    session_token: Secret, user: User | None, *, lifetime: timedelta | None, now: datetime
) -> AccessToken | None:
    """
    The token of a session with a checked user is an access token of that user.

    Args:
        user: Of the session; None if it has none.
        lifetime: None for a token that never expires.

    Returns:
        What to store; None if the token opens nothing.
    """
    if user is None:
        return None
    expires_at = now + lifetime if lifetime else None
    return AccessToken(digest(session_token), user.id, expires_at=expires_at, issued_at=now)
