"""
Sessions: checking a user and a password.

Source:
    Public source of the service, ``internal/api/grpc/session/v2/session.go`` and ``internal/command/session.go``;
    the lock since "respect lockout policy" (2024-06), the count in the detail since 2025-01, hence from v4.2 on.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.rule import DOCUMENTED, OBSERVED, Rule, rule
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal, wrong_password
from watchword.systems.zitadel.records import Session, User, UserKind, UserState

_SESSION = "internal/api/grpc/session/v2/session.go, v2.65.3"

TOKEN = Rule(
    "zitadel.session.token",
    DOCUMENTED,
    "vendor page 'Create Session': the session token can be used as access token",
    "The token of a session with a checked user is an access token of that user.",
)
LOCKOUT = Rule(
    "zitadel.session.lockout",
    OBSERVED,
    "internal/command/user_human_password.go checkPassword; session API respects the lockout policy since 2024-06",
    "In every profile a wrong password counts towards the lock, a right one takes the count back to zero.",
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """
    What is asked for.

    Args:
        names_user: Whether a user is named at all.
        password: None to check the user alone.
    """

    names_user: bool
    password: Candidate | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session, and its user as the check left it."""

    session: Session
    user: User | None


@rule("zitadel.session.user", OBSERVED, _SESSION)
def checked_user(user: User | None) -> User:
    """
    The user is found by id or login name, without regard to case, and is neither locked nor deactivated.

    Raises:
        NobodyToCheck, UserNotActive: In this order.
    """
    if user is None:
        raise errors.NobodyToCheck
    if user.state not in (UserState.ACTIVE, UserState.INITIAL):
        raise errors.UserNotActive
    return user


@rule("zitadel.session.password", OBSERVED, "internal/command/session.go CheckPassword, v2.65.3")
def sign_in(
    user: User | None, wish: SignIn, *, policies: EffectivePolicies | None, session_id: str, now: datetime
) -> SignedIn | RecordedRefusal:
    """
    A password needs a user in the same request, who is a person and has one.

    Args:
        user: None if there is nobody of that id or name.
        policies: What holds where the user lives; None without a user.

    Raises:
        NobodyToCheck, UserNotActive: About the user.
        UserIdMissing, NoPerson, NothingToCheck: About the password, in this order.
    """
    if wish.names_user:
        user = checked_user(user)
    session = Session(session_id, created_at=now, user_id=user.id if user else None, sequence=3 if user else 2)
    if wish.password is None:
        return SignedIn(session, user)
    if user is None or policies is None:
        raise errors.UserIdMissing
    if user.kind is UserKind.MACHINE:
        raise errors.NoPerson
    if user.password_hash is None:
        raise errors.NothingToCheck
    if not wish.password.matches(user.password_hash):
        return wrong_password(user, policies)
    return SignedIn(
        replace(session, password_checked_at=now, sequence=session.sequence + 1),
        replace(user, failed_attempts=0, sequence=user.sequence + 1),
    )
