"""
What happens to a user's password.

The order of the decisions is assumed throughout: first whether the user can have a password here at all,
then whether the request agrees with itself, then the present password, and the new one last.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from watchword.domain.chance import Chance
from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import Candidate, RequestHasher
from watchword.domain.rule import ASSUMED, DOCUMENTED, Rule, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust import bcrypt_import, errors, validity
from watchword.systems.entrust.generation import generated
from watchword.systems.entrust.parms import PasswordFormat, UserPasswordParms
from watchword.systems.entrust.policy import Check, failures, in_history
from watchword.systems.entrust.records import Password, User, UserState, UserType
from watchword.systems.entrust.settings import PasswordSettings, Settings
from watchword.systems.entrust.strength import Strength, estimate

_PAGE = "vendor page 'Set a user password', Administration API"

LOCKED = Rule(
    "entrust.user.locked",
    ASSUMED,
    "unlocking is an operation of its own in the vendor's API",
    "A locked user can be given a password and stays locked.",
)
RETURNED = Rule(
    "entrust.password.returned",
    DOCUMENTED,
    f"{_PAGE}, returnPassword",
    "newPassword is answered only if the password was generated and returnPassword asked for it.",
)


@dataclass(frozen=True, slots=True)
class Change:
    """
    What became of a request to set a password.

    Args:
        new_password: The generated password in plain, for the answer and the mail; None if there is none.
        changed: Whether there is another password now, and not only other attributes.
    """

    user: User
    new_password: str | None = field(default=None, repr=False)
    changed: bool = True


@dataclass(frozen=True, slots=True)
class _New:
    stored: str = field(repr=False)
    plain_if_generated: str | None = field(default=None, repr=False)


def set_password(
    user: User | None,
    parms: UserPasswordParms,
    *,
    now: datetime,
    settings: Settings,
    chance: Chance,
    hasher: RequestHasher,
) -> Change:
    """
    Give *user* another password, or its password other attributes.

    Raises:
        EntrustRefusal: In the order of this module's head.
    """
    user = settable(known(user), settings)
    validity.future_expiry(parms, settings, now=now)
    if parms.password_format is PasswordFormat.BCRYPT:
        bcrypt_import.restrict_import(user, parms, settings)
        bcrypt_import.hash_to_import(parms)
    if parms.attributes_only:
        return Change(attributes(user, parms, settings), changed=False)
    prove_current_password(user, parms, settings, hasher)
    validity.old_enough(user, settings, now=now)
    user = cleared(user, parms)
    new = _new(user, parms, settings.password, chance, hasher)
    password = Password(
        stored=new.stored,
        changed_at=now,
        expires_at=validity.expiry(parms, settings.password, now=now),
        force_update=validity.forced(parms),
    )
    former = user.history[: settings.password.password_history_size]
    return Change(replace(user, password=password, former=former), new.plain_if_generated)


def _new(user: User, parms: UserPasswordParms, policy: PasswordSettings, chance: Chance, hasher: RequestHasher) -> _New:
    if parms.password_format is PasswordFormat.BCRYPT:
        return _New(bcrypt_import.imported(bcrypt_import.hash_to_import(parms)))
    plain = generated(policy, user=user, chance=chance) if parms.generate_password else parms.password or ""
    candidate = hasher.candidate(Secret(plain))
    wrong = judged(candidate, user=user, policy=policy).failures
    if wrong:
        raise errors.InvalidPassword(wrong)
    like = next((stored for stored in user.history if not is_bcrypt(stored)), None)
    stored = candidate.make_hash(share_salt_with=like, salt=chance.salt())
    return _New(stored, plain if parms.generate_password else None)


@rule("entrust.user.by-uuid", DOCUMENTED, f"{_PAGE}, userid")
def known(user: User | None) -> User:
    """A user is named by the UUID; 404 if there is none."""
    if user is None:
        raise errors.UserNotFound
    return user


@rule(
    "entrust.user.inactive",
    ASSUMED,
    "an INACTIVE user cannot authenticate, so a new password would be of no use",
)
def active(user: User, settings: Settings) -> None:
    """An INACTIVE user is not given a password, unless a setting allows it."""
    if settings.inactive_users_refused and user.state is UserState.INACTIVE:
        raise errors.UserInactive


@rule(
    "entrust.user.external",
    ASSUMED,
    "the password of an EXTERNAL user is checked by another identity provider",
)
def settable(user: User, settings: Settings) -> User:
    """An EXTERNAL user is not given a password, unless a setting allows it."""
    active(user, settings)
    if settings.external_users_refused and user.type is UserType.EXTERNAL:
        raise errors.PasswordManagedElsewhere(user.type)
    return user


@rule("entrust.password.attributes-only", ASSUMED, "every field of UserPasswordParms is optional")
def attributes(user: User, parms: UserPasswordParms, settings: Settings) -> User:
    """Without password and generatePassword only expiry, forced update and history change, if a setting allows it."""
    if not settings.attributes_without_password_accepted:
        raise errors.NewPasswordRequired
    user = cleared(user, parms)
    if user.password is None:
        raise errors.PasswordRequired
    force_update = user.password.force_update if parms.force_update is None else parms.force_update
    expires_at = parms.expiry_time or user.password.expires_at
    password = replace(user.password, force_update=force_update, expires_at=expires_at)
    return replace(user, password=password)


@rule("entrust.directory.current-password", ASSUMED, f"{_PAGE}, currentPassword; that it is demanded is assumed")
def prove_current_password(user: User, parms: UserPasswordParms, settings: Settings, hasher: RequestHasher) -> None:
    """
    A user of a directory changes a password only with the present one; for others it is not looked at.

    A setting allows to leave it out; a wrong one is refused all the same.
    """
    if user.type is not UserType.LDAP_AD or user.password is None:
        return
    if parms.current_password is None:
        if settings.directory_users_need_current_password:
            raise errors.CurrentPasswordRequired
        return
    if not hasher.candidate(Secret(parms.current_password)).matches(user.password.stored):
        raise errors.CurrentPasswordIncorrect


@rule("entrust.history.cleared-first", DOCUMENTED, f"{_PAGE}, clearPasswordHistory")
def cleared(user: User, parms: UserPasswordParms) -> User:
    """
    With clearPasswordHistory the history is emptied first, so that any password may come again, the present one too.

    That is so whether a new password is sent along, which is then judged, or only attributes.
    """
    if not parms.clear_password_history:
        return user
    present = user.password and replace(user.password, in_history=False)
    return replace(user, password=present, former=())


@rule("entrust.password.absent", DOCUMENTED, f"{_PAGE}, present")
def present(user: User) -> Password | None:
    """A user without a password is shown with present false and nothing else."""
    return user.password


@rule("entrust.removal.local-only", ASSUMED, "IDaaS cannot take away a password that it does not keep")
def removable(user: User, settings: Settings) -> None:
    """Only a local user's password is removed, unless a setting allows others."""
    if settings.removal_for_local_users_only and user.type is not UserType.MGMT_UI:
        raise errors.PasswordManagedElsewhere(user.type)


@rule("entrust.password.nothing-to-remove", ASSUMED, "the vendor declares 404 for the removal")
def removed(user: User | None, settings: Settings) -> User:
    """A password that is not there cannot be removed: 404."""
    user = known(user)
    removable(user, settings)
    if user.password is None:
        raise errors.PasswordNotFound
    return remembered(user)


@rule("entrust.removal.history", ASSUMED, "a history that a removal emptied would be no history")
def remembered(user: User) -> User:
    """A removed password stays in the history, unless it was cleared out of it."""
    return replace(user, password=None, former=user.history)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong with a password, and how strong it is."""

    failures: Mapping[Check, str]
    strength: Strength


@rule("entrust.validation.always-200", DOCUMENTED, "published description, 'Validate a password'")
def judged(candidate: Candidate, *, user: User, policy: PasswordSettings, ignore_history: bool = False) -> Judgement:
    """A password is held against every check; the history is left out with ignorePasswordHistory."""
    strength = estimate(candidate.plain.reveal(), user=user)
    wrong = failures(candidate.plain.reveal(), user=user, policy=policy, strength=strength)
    reuse = None if ignore_history else in_history(candidate, user, policy)
    return Judgement({**wrong, Check.PASSWORD_HISTORY: reuse} if reuse else wrong, strength)
