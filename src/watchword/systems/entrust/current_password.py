"""Rules about the current password of a user: when it is needed, and how its attributes change."""

from dataclasses import replace

from watchword.domain.hashing import RequestHasher
from watchword.domain.rule import ASSUMED, returns_argument, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import User, UserType
from watchword.systems.entrust.settings import Settings


@rule(
    "entrust.directory.current-password",
    ASSUMED,
    "vendor page 'Set a user password', Administration API, currentPassword; that it is demanded is assumed",
    compares=lambda user, parms, settings: {
        "type": user.type,
        "present": user.password is not None,
        "sent": parms.current_password is not None,
        "needed": settings.directory_users_need_current_password,
    },
)
def prove_current_password(user: User, parms: UserPasswordParms, settings: Settings, hasher: RequestHasher) -> None:
    """
    The password of a directory user changes only with the right currentPassword; for other users the field is ignored.

    A setting makes it optional; a wrong one is refused all the same.

    Raises:
        EntrustRefusal: It is missing or wrong.
        DigestNeeded: Compute first.
    """
    if user.type is not UserType.LDAP_AD or user.password is None:
        return
    if parms.current_password is None:
        if settings.directory_users_need_current_password:
            raise errors.CurrentPasswordRequired
        return
    if not hasher.candidate(parms.current_password).matches(user.password.stored):
        raise errors.CurrentPasswordIncorrect


@rule(
    "entrust.password.attributes-only",
    ASSUMED,
    "every field of UserPasswordParms is optional",
    without=returns_argument("user"),
    compares=lambda user, settings: {
        "present": user.password is not None,
        "accepted": settings.attributes_without_password_accepted,
    },
)
def change_attributes(user: User, parms: UserPasswordParms, settings: Settings) -> User:
    """
    Without password and generatePassword only the expiry, the forced update and the history change.

    Raises:
        EntrustRefusal: A setting requires a new password, or the user has none.
    """
    if not settings.attributes_without_password_accepted:
        raise errors.NewPasswordRequired
    if user.password is None:
        raise errors.PasswordRequired
    force_update = user.password.force_update if parms.force_update is None else parms.force_update
    expires_at = parms.expiry_time or user.password.expires_at
    return replace(user, password=replace(user.password, force_update=force_update, expires_at=expires_at))


@rule(
    "entrust.password.nothing-to-remove",
    ASSUMED,
    "the vendor declares 404 for the removal",
    compares=lambda user: {"present": user.password is not None},
)
def require_password(user: User) -> None:
    """Removing the password of a user who has none is answered 404."""
    if user.password is None:
        raise errors.PasswordNotFound
