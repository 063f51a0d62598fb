"""
Proofs that a caller may set a password: a verification code, or the current password.

Source:
    Public source of the service, ``internal/command/user_human_password.go``, ``user_human.go`` and
    ``internal/crypto/code.go``, v2.65.3; counting, lock and delay: v4.6.0.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.policy import utf8_bytes
from watchword.domain.rule import OBSERVED, returns, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest, is_live, tell_end
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.records import ComplexityPolicy, User, UserState, VerificationCode
from watchword.systems.zitadel.settings import Profile

_COMMAND = "internal/command/user_human_password.go, v2.65.3"
_LOCKOUT = "internal/command/user_human_password.go, v4.6.0"


@dataclass(frozen=True, slots=True)
class EffectivePolicies:
    """
    The policies that apply to a user.

    Args:
        complexity: Of the user's organisation, or else of the instance.
        max_password_attempts: The same; 0 for no lock.
        hash_limit: The maximum length in bytes that the hash function takes; None for any length.
    """

    complexity: ComplexityPolicy
    max_password_attempts: int
    profile: Profile
    hash_limit: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedRefusal:
    """
    A refusal that changes the user: the change is committed although the request is refused.

    Args:
        user: As changed.
    """

    user: User
    refusal: errors.ZitadelRefusal


def check_code(outstanding: VerificationCode | None, given: Secret, *, now: datetime) -> None:
    """
    Check a verification code.

    Args:
        outstanding: None if no code was requested, or if it has been used.

    Raises:
        CodeNotVerifiable: See `refuse_external_code`.
        CodeNotFound, CodeExpired, CodeInvalid: See `compare_code`.
    """
    refuse_external_code(outstanding)
    compare_code(outstanding, given, now=now)


@rule(
    "zitadel.code.external",
    OBSERVED,
    "internal/command/user_human.go, v2.65.3",
    compares=lambda outstanding: {"external": outstanding is not None and outstanding.external},
)
def refuse_external_code(outstanding: VerificationCode | None) -> None:
    """
    A code that an external SMS provider made cannot be verified here.

    Raises:
        CodeNotVerifiable: The outstanding code is one of those.
    """
    if outstanding is not None and outstanding.external:
        raise errors.CodeNotVerifiable


@rule(
    "zitadel.code.order",
    OBSERVED,
    "internal/crypto/code.go, v2.65.3",
    compares=lambda outstanding, now: {
        "outstanding": outstanding is not None,
        "expires_at": outstanding.expires_at if outstanding else None,
        "now": now,
    },
    because=lambda outstanding, now, said: (
        f"The code {tell_end(outstanding.expires_at, now=now)}." if isinstance(said, errors.CodeExpired) else said.cause
    ),
)
def compare_code(outstanding: VerificationCode | None, given: Secret, *, now: datetime) -> None:
    """
    First a code must be outstanding, then it must not have expired, then the one that was sent is compared with
    it, case-sensitively.

    Wrong attempts are not counted, and the code stays valid after them.

    Raises:
        CodeNotFound, CodeExpired, CodeInvalid: In this order.
    """
    if outstanding is None:
        raise errors.CodeNotFound
    if not is_live(outstanding.expires_at, now=now):
        raise errors.CodeExpired
    if outstanding.digest != digest(given):
        raise errors.CodeInvalid


def check_current_password(
    user: User, current: Candidate, new: Candidate, policies: EffectivePolicies
) -> RecordedRefusal | None:
    """
    Check the current password of *user*.

    Returns:
        None if it is right; a refusal with the counted failure in profiles that count.

    Raises:
        ZitadelRefusal: See `verify_current_password`; nothing is counted.
    """
    refusal = verify_current_password(user, current, new, policies)
    if refusal is None:
        return None
    counted = count_wrong_current_password(user, policies)
    if counted == user:
        raise refusal
    if isinstance(refusal, errors.PasswordInvalid):
        refusal = report_failures(counted, policies.profile)
    return RecordedRefusal(counted, refusal)


def _say_why_not(current: Candidate, new: Candidate, policies: EffectivePolicies, said: errors.ZitadelRefusal) -> str:
    if isinstance(said, errors.PasswordInvalid):
        return "The current password is wrong."
    if not isinstance(said, errors.HashFailed):
        return said.cause
    if current.plain == new.plain:
        return "The new password is the current one, which cannot be hashed again."
    return f"The new password has {utf8_bytes(new.plain.revealed)} bytes, and bcrypt takes {policies.hash_limit}."


@rule(
    "zitadel.current.order",
    OBSERVED,
    f"{_COMMAND}; recorded answers of v2.65.3, v4.2.2 and v4.6.5",
    reports=True,
    compares=lambda user, current, new, policies: {
        "profile": policies.profile,
        "state": user.state,
        "has_password": user.password_hash is not None,
        "equal": current.plain == new.plain,
        "bytes": utf8_bytes(new.plain.revealed),
        "limit": policies.hash_limit,
    },
    because=_say_why_not,
)
def verify_current_password(
    user: User, current: Candidate, new: Candidate, policies: EffectivePolicies
) -> errors.ZitadelRefusal | None:
    """
    First the user must have a password, then the current and the new one must differ, then the current one is
    verified, and then the new one is hashed, before the policy is asked.

    In profile v4.6 a locked user is refused before, and equal passwords are an internal error.

    Returns:
        PasswordNotChanged, PasswordInvalid, HashFailed: In this order; they count as failures in v4.6.
        None if the current password is right.

    Raises:
        UserLocked, NoPasswordToCheck: In v4.6, in this order.
        PasswordNotSet: In the other profiles.
    """
    counting = policies.profile.counts_wrong_passwords
    if counting and user.state is UserState.LOCKED:
        raise errors.UserLocked(failed_attempts=user.failed_attempts)
    if user.password_hash is None:
        raise errors.NoPasswordToCheck if counting else errors.PasswordNotSet
    if current.plain == new.plain:
        return errors.HashFailed() if counting else errors.PasswordNotChanged()
    if not current.matches(user.password_hash):
        return errors.PasswordInvalid()
    return errors.HashFailed() if exceeds_hash_limit(new.plain, policies.hash_limit) else None


def exceeds_hash_limit(plain: Secret, limit: int | None) -> bool:
    """Whether the hash function refuses a password: it takes *limit* bytes of UTF-8, any length if that is None."""
    return limit is not None and utf8_bytes(plain.revealed) > limit


@rule(
    "zitadel.current.lockout",
    OBSERVED,
    _LOCKOUT,
    without=returns_argument("user"),
    compares=lambda user, policies: {
        "profile": policies.profile,
        "failures": user.failed_attempts,
        "maximum": policies.max_password_attempts,
    },
)
def count_wrong_current_password(user: User, policies: EffectivePolicies) -> User:
    """In v4.6 a wrong current password is counted, and the attempt that reaches the maximum locks the user."""
    return count_failure(user, policies.max_password_attempts) if policies.profile.counts_wrong_passwords else user


def count_failure(user: User, max_attempts: int) -> User:
    """
    Count a wrong password of *user*, and lock the user at the last attempt.

    Args:
        max_attempts: 0 for no lock.
    """
    failures = user.failed_attempts + 1
    locks = 0 < max_attempts <= failures and user.state is not UserState.LOCKED
    counted = replace(user, failed_attempts=failures, state=UserState.LOCKED if locks else user.state)
    return count_events(counted, 2 if locks else 1)


def report_failures(user: User, profile: Profile) -> errors.PasswordInvalid:
    """Refuse a wrong password of *user*, whose failure is counted, with the count and the delay of the profile."""
    return errors.PasswordInvalid(
        failed_attempts=user.failed_attempts if profile.reports_failed_attempts else None,
        delay=delay_after(user.failed_attempts, profile),
    )


@rule(
    "zitadel.current.tarpit",
    OBSERVED,
    f"{_LOCKOUT}; publicly measured: the tenth failure takes a second longer",
    without=returns(timedelta(0)),
    compares=lambda failures, profile: {"failures": failures, "profile": profile},
)
def delay_after(failures: int, profile: Profile) -> timedelta:
    """In v4.6 the answer is delayed by a second for every five failures after the fifth, by ten seconds at most."""
    if not profile.counts_wrong_passwords:
        return timedelta(0)
    return timedelta(seconds=min(10, max(0, failures - 5) // 5))
