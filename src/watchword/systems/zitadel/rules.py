"""
Setting a password: what is asked, in which order.

Source:
    Public source of the service, ``internal/command/user_human_password.go`` and ``user_human.go``,
    v2.65.3 unless a profile says otherwise; ids and texts as there.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.policy import CharacterClass, Policy, PolicyViolation, utf8_bytes
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, Rule, rule
from watchword.domain.secret import Secret
from watchword.systems.zitadel import errors
from watchword.systems.zitadel.access import Caller, may_write_users, own_password_is_free
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal, check_code, check_current
from watchword.systems.zitadel.records import ComplexityPolicy, User, UserKind, UserState
from watchword.systems.zitadel.settings import Profile

_COMMAND = "internal/command/user_human_password.go, v2.65.3"
_WORDS: dict[PolicyViolation, type[errors.InvalidArgument]] = {
    PolicyViolation.TOO_SHORT: errors.TooShort,
    PolicyViolation.NO_LOWER: errors.NoLower,
    PolicyViolation.NO_UPPER: errors.NoUpper,
    PolicyViolation.NO_DIGIT: errors.NoNumber,
    PolicyViolation.NO_SYMBOL: errors.NoSymbol,
}

SEQUENCE = Rule(
    "zitadel.details.sequence",
    OBSERVED,
    "internal/eventstore, v2.65.3; vendor page 'Change password', response example",
    "The answer's sequence is the number of the event that the call made on the user; each event counts one"
    " further, and a message that is sent afterwards is an event too.",
)


@dataclass(frozen=True, slots=True)
class SetPassword:
    """
    What is asked for.

    Args:
        new: Of the empty text if none was sent.
        new_given: Whether a new password was sent.
        current: At most one of this and *code* is given.
    """

    new: Candidate
    new_given: bool = True
    change_required: bool = False
    current: Candidate | None = None
    code: str | None = field(default=None, repr=False)


def set_password(
    user: User | None, wish: SetPassword, *, caller: Caller, policies: EffectivePolicies, salt: bytes, now: datetime
) -> User | RecordedRefusal:
    """
    Give *user* another password, or say why not.

    Args:
        user: None if there is nobody of that id.
        salt: For a first hash.

    Returns:
        The user as changed.

    Raises:
        ZitadelRefusal: In the service's order: new password missing, user, proof, policy, hash.
    """
    new_password_present(wish, policies.profile)
    user = initialised(existing(user, policies.profile))
    failed = _prove(user, wish, caller, policies, now=now)
    if failed is not None:
        return failed
    if wish.new_given:
        judge(wish.new.plain, policies.complexity)
    hashable(wish.new.plain, policies.hash_limit)
    return changed(user, wish.new.make_hash(share_salt_with=user.password_hash, salt=salt), wish, now=now)


@rule("zitadel.new_password.present", OBSERVED, f"{_COMMAND}; profile documented: assumed, the page has no such 200")
def new_password_present(wish: SetPassword, profile: Profile) -> None:
    """
    A new password is needed, which is said before anything about the user.

    From v2.65 on nobody looks if there is no proof either: the empty password is then set.

    Raises:
        CodePasswordEmpty: It is missing beside a code.
        PasswordEmpty: It is missing otherwise.
    """
    if wish.new_given:
        return
    if wish.code is not None:
        raise errors.CodePasswordEmpty
    if wish.current is not None or not profile.empty_password_passes:
        raise errors.PasswordEmpty


@rule("zitadel.user.exists", DOCUMENTED, f"vendor page 'Change password': 404; id and 400: {_COMMAND}")
def existing(user: User | None, profile: Profile) -> User:
    """
    Only people have passwords: a machine, or an id of nobody, is 404 as documented and 400 in the releases.

    Raises:
        PasswordOfNobody, PasswordNotFound: By profile.
    """
    if user is None or user.kind is UserKind.MACHINE:
        raise errors.PasswordOfNobody if profile.unknown_user_is_missing else errors.PasswordNotFound
    return user


@rule("zitadel.user.initialised", OBSERVED, _COMMAND)
def initialised(user: User) -> User:
    """
    A user who has never signed in has no password to change; locked and deactivated ones have.

    Raises:
        NotInitialised: The user is new.
    """
    if user.state is UserState.INITIAL:
        raise errors.NotInitialised
    return user


def _prove(
    user: User, wish: SetPassword, caller: Caller, policies: EffectivePolicies, *, now: datetime
) -> RecordedRefusal | None:
    """Ask for what the caller brings: a code, the current password, or a permission."""
    if wish.code is not None:
        check_code(user.code, wish.code, now=now)
    elif wish.current is not None:
        return check_current(user, wish.current, wish.new, policies)
    elif not own_password_is_free(caller, user.id, policies.profile):
        may_write_users(caller.memberships, organisation=user.organisation)
    return None


@rule("zitadel.policy.order", OBSERVED, "internal/domain/policy_password_complexity.go, v2.65.3")
def judge(plain: Secret, complexity: ComplexityPolicy) -> None:
    """
    The policy of the user's organisation, else of the instance, is looked at last: bytes, lower, upper, number, symbol.

    Raises:
        TooShort, NoLower, NoUpper, NoNumber, NoSymbol: The first that fails.
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
    for violation in policy.violations(plain.reveal()):
        raise _WORDS[violation]


@rule("zitadel.hash.limit", ASSUMED, "derived from the default hash function, bcrypt of golang.org/x/crypto; not run")
def hashable(plain: Secret, limit: int | None) -> None:
    """
    The releases' default hash function takes 72 bytes at most; a longer password passes every check and then fails.

    Raises:
        HashFailed: It is longer.
    """
    if limit is not None and utf8_bytes(plain.reveal()) > limit:
        raise errors.HashFailed


@rule("zitadel.code.single_use", OBSERVED, _COMMAND)
def changed(user: User, password_hash: str, wish: SetPassword, *, now: datetime) -> User:
    """Any successful change clears the outstanding code and the count of failures, but unlocks nobody."""
    return replace(
        user,
        password_hash=password_hash,
        change_required=change_required(wish),
        changed_at=now,
        code=None,
        failed_attempts=0,
        sequence=user.sequence + 1,
    )


@rule("zitadel.change.required", DOCUMENTED, "proto/zitadel/user/v2/password.proto: change_required, since v2.51.1")
def change_required(wish: SetPassword) -> bool:
    """Whether the user has to choose another password next time is set anew by every change, with any proof."""
    return wish.change_required
