"""
Proofs that a caller may set a password: a code, or the current password with what wrong ones do.

Source:
    Public source of the service, ``internal/command/user_human_password.go``, ``user_human.go`` and
    ``internal/crypto/code.go``, v2.65.3; counting, lock and delay: v4.6.0.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.rule import OBSERVED, rule
from watchword.domain.tokens import digest, is_live
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.records import ComplexityPolicy, User, UserState, VerificationCode
from watchword.systems.zitadel.settings import Profile

_COMMAND = "internal/command/user_human_password.go, v2.65.3"
_LOCKOUT = "internal/command/user_human_password.go, v4.6.0"


@dataclass(frozen=True, slots=True)
class EffectivePolicies:
    """
    What holds where the user lives.

    Args:
        complexity: Of the user's organisation, else of the instance.
        max_password_attempts: The same; 0 for no lock.
        hash_limit: The most bytes that the hash function takes; None for any number.
    """

    complexity: ComplexityPolicy
    max_password_attempts: int
    profile: Profile
    hash_limit: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedRefusal:
    """A refusal that leaves a mark on *user*, which has to be kept."""

    user: User
    refusal: errors.ZitadelRefusal


@rule("zitadel.code.order", OBSERVED, "internal/crypto/code.go, v2.65.3")
def check_code(outstanding: VerificationCode | None, given: str, *, now: datetime) -> None:
    """
    A code is looked for, then its age is asked, then it is compared, case and all.

    Wrong tries do not use it up and are not counted.

    Raises:
        CodeNotFound, CodeNotVerifiable, CodeExpired, CodeInvalid: In this order.
    """
    if outstanding is None:
        raise errors.CodeNotFound
    external_code(outstanding)
    if not is_live(outstanding.expires_at, now=now):
        raise errors.CodeExpired
    if outstanding.digest != digest(given):
        raise errors.CodeInvalid


@rule("zitadel.code.external", OBSERVED, "internal/command/user_human.go, v2.65.3")
def external_code(outstanding: VerificationCode) -> None:
    """
    A code that an external SMS provider made cannot be verified here.

    Raises:
        CodeNotVerifiable: It is such a code.
    """
    if outstanding.external:
        raise errors.CodeNotVerifiable


@rule("zitadel.current.order", OBSERVED, f"{_COMMAND}; v4.6 by reading, no test of theirs shows it")
def check_current(
    user: User, current: Candidate, new: Candidate, policies: EffectivePolicies
) -> RecordedRefusal | None:
    """
    A user needs to have a password; then current and new must differ; only then is the current one verified.

    In profile v4.6 a lock comes first, and equal passwords are an internal error that counts as a failure.

    Raises:
        PasswordNotSet, PasswordNotChanged, PasswordInvalid: Up to v4.2.
        UserLocked, NothingToCheck: In v4.6, where the rest is marked.
    """
    counting = policies.profile.counts_wrong_passwords
    if counting and user.state is UserState.LOCKED:
        raise errors.UserLocked
    if user.password_hash is None:
        raise errors.NothingToCheck if counting else errors.PasswordNotSet
    if current.plain == new.plain:
        if not counting:
            raise errors.PasswordNotChanged
        return RecordedRefusal(failure(user, policies.max_password_attempts), errors.HashFailed())
    if current.matches(user.password_hash):
        return None
    if not counting:
        raise errors.PasswordInvalid
    return wrong_password(user, policies)


def wrong_password(user: User, policies: EffectivePolicies) -> RecordedRefusal:
    """Count a wrong password of *user*, and refuse it as the profile does."""
    marked = failure(user, policies.max_password_attempts)
    counting = policies.profile.counts_wrong_passwords
    return RecordedRefusal(
        marked,
        errors.PasswordInvalid(
            failed_attempts=marked.failed_attempts if policies.profile.tells_failed_attempts else None,
            delay=tarpit(marked.failed_attempts) if counting else timedelta(0),
        ),
    )


@rule("zitadel.current.lockout", OBSERVED, _LOCKOUT)
def failure(user: User, max_attempts: int) -> User:
    """In v4.6 a wrong password counts, and the one that reaches the greatest number locks the user."""
    count = user.failed_attempts + 1
    locks = 0 < max_attempts <= count and user.state is not UserState.LOCKED
    return replace(
        user,
        failed_attempts=count,
        state=UserState.LOCKED if locks else user.state,
        sequence=user.sequence + (2 if locks else 1),
    )


@rule("zitadel.current.tarpit", OBSERVED, f"{_LOCKOUT}; publicly measured: the tenth failure takes a second longer")
def tarpit(failures: int) -> timedelta:
    """In v4.6 the answer to the fifth failure and later ones waits a second per five more, ten at most."""
    return timedelta(seconds=min(10, max(0, failures - 5) // 5))
