"""
The operations on a user's password: each asks its rules one after another.

The order is assumed throughout: first whether the user can have a password here at all, then whether the
request agrees with itself, then the current password, and the new one last. ``order.py`` lists it.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from watchword.domain.chance import Chance
from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import RequestHasher
from watchword.domain.secret import Secret
from watchword.systems.entrust import bcrypt_import, current_password, history, judging, users, validity
from watchword.systems.entrust.generation import choose_password
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import Password, User
from watchword.systems.entrust.settings import PasswordSettings, Settings


@dataclass(frozen=True, slots=True)
class Change:
    """
    What a request to set a password changed.

    Args:
        new_password: The new password, sent or generated; None if a hash was imported or nothing was set.
        changed: Whether there is a new password, and not only new attributes.
    """

    user: User
    new_password: Secret | None = None
    changed: bool = True


@dataclass(frozen=True, slots=True)
class _New:
    """A password to store, and its text if that is known."""

    stored: str = field(repr=False)
    plain: Secret | None = None


def set_password(
    user: User, parms: UserPasswordParms, *, now: datetime, settings: Settings, chance: Chance, hasher: RequestHasher
) -> Change:
    """
    Give *user* a new password, or the current password new attributes.

    Raises:
        EntrustRefusal: In the order of this module's head.
        DigestNeeded: Compute first.
    """
    users.require_active(user, settings)
    users.refuse_external(user, settings)
    validity.require_future_expiry(parms, settings, now=now)
    if parms.imports_hash:
        mailed = bcrypt_import.asks_for_mail(parms, settings)
        bcrypt_import.restrict_import(user, parms, mailed=mailed)
        bcrypt_import.require_hash(parms)
    if parms.attributes_only:
        user = history.clear_history(user, parms)
        return Change(current_password.change_attributes(user, parms, settings), changed=False)
    current_password.prove_current_password(user, parms, settings, hasher)
    validity.require_minimum_age(user, settings, now=now)
    user = history.clear_history(user, parms)
    new = _new_password(user, parms, settings.password, chance, hasher)
    password = Password(
        stored=new.stored,
        changed_at=now,
        expires_at=validity.compute_expiry(parms, settings.password, now=now),
        force_update=validity.force_update(parms),
    )
    former = user.history[: settings.password.password_history_size]
    locked = users.keep_lock(user)
    return Change(replace(user, password=password, former=former, locked=locked), new.plain)


def _new_password(
    user: User, parms: UserPasswordParms, policy: PasswordSettings, chance: Chance, hasher: RequestHasher
) -> _New:
    if parms.imports_hash:
        return _New(bcrypt_import.require_bcrypt(parms.password or Secret("")))
    plain = choose_password(parms, policy, user=user, chance=chance.of(user.id))
    candidate = hasher.candidate(plain)
    judging.refuse_failures(judging.judge(candidate, user=user, policy=policy))
    # All hashes of a person that are not imported share a salt: domain/hashing.py.
    like = next((stored for stored in user.history if not is_bcrypt(stored)), None)
    return _New(candidate.make_hash(share_salt_with=like, salt=chance.salt()), plain)


def remove_password(user: User, settings: Settings) -> User:
    """
    Take the password away from *user*.

    Raises:
        EntrustRefusal: The user is not a local one, or has no password.
    """
    users.require_local_user(user, settings)
    current_password.require_password(user)
    return replace(user, password=None, former=history.remember_removed(user))


def validate_password(
    user: User, password: Secret, *, ignore_history: bool, settings: Settings, hasher: RequestHasher
) -> judging.Judgement:
    """
    Run every check on *password*, and set nothing.

    Raises:
        DigestNeeded: Compute first.
    """
    candidate = hasher.candidate(password)
    judgement = judging.judge(candidate, user=user, policy=settings.password, ignore_history=ignore_history)
    return judging.report_judgement(judgement)
