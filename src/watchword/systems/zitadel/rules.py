"""
Setting a password: the checks and their order.

Source:
    Public source of the service, ``internal/command/user_human_password.go`` and ``user_human.go``,
    v2.65.3 unless a profile says otherwise; ids and texts are the service's.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.policy import CharacterClass, Policy, PolicyViolation, utf8_bytes
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, returns_argument, rule
from watchword.domain.secret import Secret
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Action, Caller, require_permission
from watchword.systems.zitadel.events import count_events
from watchword.systems.zitadel.proofs import (
    EffectivePolicies,
    RecordedRefusal,
    check_code,
    check_current_password,
    exceeds_hash_limit,
)
from watchword.systems.zitadel.records import ComplexityPolicy, User, UserKind, UserState
from watchword.systems.zitadel.settings import Profile

_COMMAND = "internal/command/user_human_password.go, v2.65.3"
_NOBODY = "There is no user with this id."
_REFUSALS: dict[PolicyViolation, type[errors.InvalidArgument]] = {
    PolicyViolation.TOO_SHORT: errors.TooShort,
    PolicyViolation.NO_LOWER: errors.NoLower,
    PolicyViolation.NO_UPPER: errors.NoUpper,
    PolicyViolation.NO_DIGIT: errors.NoNumber,
    PolicyViolation.NO_SYMBOL: errors.NoSymbol,
}


@dataclass(frozen=True, slots=True)
class SetPassword:
    """
    The request to set a password.

    Args:
        new: Of the empty text if no new password was sent.
        new_given: Whether a new password was sent.
        change_required: Whether the user must choose another password at the next sign-in.
        current: At most one of this and *code* is sent.
    """

    new: Candidate
    new_given: bool = True
    change_required: bool = False
    current: Candidate | None = None
    code: Secret | None = None


def set_password(
    user: User | None, request: SetPassword, *, caller: Caller, policies: EffectivePolicies, salt: bytes, now: datetime
) -> User | RecordedRefusal:
    """
    Give *user* the new password, or refuse.

    Args:
        user: None if there is no user with that id.
        salt: For the user's first hash.

    Returns:
        The user as changed.

    Raises:
        ZitadelRefusal: In the service's order: new password missing, user, proof, policy, hash.
    """
    require_new_password(request, policies.profile)
    user = require_person(user, policies.profile)
    require_initialised(user)
    refusal = _check_proof(user, request, caller, policies, now=now)
    if refusal is not None:
        return refusal
    if request.new_given:
        check_complexity(request.new.plain, policies.complexity)
    check_hash_limit(request.new.plain, policies.hash_limit)
    changed = replace(
        user,
        password_hash=request.new.make_hash(share_salt_with=user.password_hash, salt=salt),
        change_required=decide_change_required(user, request),
        changed_at=now,
        password_number=user.password_number + 1,
    )
    return count_events(clear_code_and_failures(changed))


@rule(
    "zitadel.new_password.present",
    OBSERVED,
    f"{_COMMAND}; profile documented: assumed, the page has no such 200",
    compares=lambda request, profile: {
        "sent": request.new_given,
        "code": request.code is not None,
        "current": request.current is not None,
        "profile": profile,
    },
)
def require_new_password(request: SetPassword, profile: Profile) -> None:
    """
    A new password is required, which is checked before anything about the user.

    From v2.65 on it is not required without a proof: then the empty password is set.

    Raises:
        CodePasswordEmpty: It is missing in a request with a code.
        PasswordEmpty: It is missing in another request.
    """
    if request.new_given:
        return
    if request.code is not None:
        raise errors.CodePasswordEmpty
    if request.current is not None or not profile.empty_password_passes:
        raise errors.PasswordEmpty


def _accept_machine(user: User | None, profile: Profile) -> User:
    """Without the rule a machine may have a password; an unknown id is still refused, there is no user to change."""
    if user is None:
        raise _refuse_unknown_user(profile)
    return user


@rule(
    "zitadel.user.exists",
    DOCUMENTED,
    f"vendor page 'Change password': 404; id and 400: {_COMMAND}",
    without=_accept_machine,
    compares=lambda user, profile: {
        "known": user is not None,
        "kind": user.kind if user else None,
        "profile": profile,
    },
    because=lambda user: "The user is a machine, and machines have no password." if user else _NOBODY,
)
def require_person(user: User | None, profile: Profile) -> User:
    """
    Only people have passwords: a machine or an unknown id is 404 as documented, and 400 in the releases.

    Raises:
        UnknownUser, PasswordNotFound: By profile.
    """
    if user is None or user.kind is UserKind.MACHINE:
        raise _refuse_unknown_user(profile)
    return user


def _refuse_unknown_user(profile: Profile) -> errors.ZitadelRefusal:
    return errors.UnknownUser() if profile.unknown_user_is_missing else errors.PasswordNotFound()


@rule("zitadel.user.initialised", OBSERVED, _COMMAND, compares=lambda user: {"state": user.state})
def require_initialised(user: User) -> None:
    """
    A user who has never signed in has no password to change; locked and deactivated users have one.

    Raises:
        NotInitialised: The user has never signed in.
    """
    if user.state is UserState.INITIAL:
        raise errors.NotInitialised


def _check_proof(
    user: User, request: SetPassword, caller: Caller, policies: EffectivePolicies, *, now: datetime
) -> RecordedRefusal | None:
    """Check the one proof of the request: the code, the current password, or else the caller's permission."""
    if request.code is not None:
        check_code(user.code, request.code, now=now)
    elif request.current is not None:
        return check_current_password(user, request.current, request.new, policies)
    else:
        require_permission(caller, user, action=Action.SET, profile=policies.profile)
    return None


@rule(
    "zitadel.policy.order",
    OBSERVED,
    "internal/domain/policy_password_complexity.go, v2.65.3",
    compares=lambda plain, complexity: {
        "bytes": utf8_bytes(plain.revealed),
        "minimum": complexity.min_length,
        "lower": complexity.lower,
        "upper": complexity.upper,
        "number": complexity.number,
        "symbol": complexity.symbol,
    },
    because=lambda plain, complexity, said: (
        f"The password has {utf8_bytes(plain.revealed)} bytes, and the policy asks for {complexity.min_length}."
        if isinstance(said, errors.TooShort)
        else said.cause
    ),
)
def check_complexity(plain: Secret, complexity: ComplexityPolicy) -> None:
    """
    The policy of the user's organisation, else of the instance, is checked last: bytes, lower, upper, number, symbol.

    Raises:
        TooShort, NoLower, NoUpper, NoNumber, NoSymbol: The first violation, in this order.
    """
    required = {
        CharacterClass.LOWER: complexity.lower,
        CharacterClass.UPPER: complexity.upper,
        CharacterClass.DIGIT: complexity.number,
        CharacterClass.SYMBOL: complexity.symbol,
    }
    policy = Policy(
        complexity.min_length,
        required=frozenset(kind for kind, wanted in required.items() if wanted),
        measure=utf8_bytes,
    )
    for violation in policy.violations(plain.revealed):
        raise _REFUSALS[violation]


@rule(
    "zitadel.hash.limit",
    ASSUMED,
    "derived from the default hash function, bcrypt of golang.org/x/crypto; not run",
    compares=lambda plain, limit: {"bytes": utf8_bytes(plain.revealed), "maximum": limit},
    because=lambda plain, limit: f"The password has {utf8_bytes(plain.revealed)} bytes, and bcrypt takes {limit}.",
)
def check_hash_limit(plain: Secret, limit: int | None) -> None:
    """
    The releases' default hash function takes 72 bytes at most; a longer password passes every check and then fails.

    Args:
        limit: In bytes of UTF-8; None for no limit.

    Raises:
        HashFailed: The password is longer.
    """
    if exceeds_hash_limit(plain, limit):
        raise errors.HashFailed


def _leave_change_required(user: User, request: SetPassword) -> bool:  # noqa: ARG001  # the rule's arguments
    return user.change_required


@rule(
    "zitadel.change.required",
    DOCUMENTED,
    "proto/zitadel/user/v2/password.proto: change_required, since v2.51.1",
    without=_leave_change_required,
    compares=lambda user, request: {"before": user.change_required, "requested": request.change_required},
)
def decide_change_required(user: User, request: SetPassword) -> bool:  # noqa: ARG001  # what holds without the rule
    """Every change, with any proof, sets anew whether the user must choose another password at the next sign-in."""
    return request.change_required


@rule(
    "zitadel.code.single_use",
    OBSERVED,
    _COMMAND,
    without=returns_argument("user"),
    compares=lambda user: {"outstanding": user.code is not None, "failures": user.failed_attempts},
)
def clear_code_and_failures(user: User) -> User:
    """Every successful change clears the outstanding code and the number of failures, but does not unlock the user."""
    if user.code is None and not user.failed_attempts:
        return user
    return replace(user, code=None, failed_attempts=0)
