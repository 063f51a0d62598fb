"""Which users have a password here and may be given another one."""

from watchword.domain.rule import ASSUMED, DOCUMENTED, returns, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.records import User, UserState, UserType
from watchword.systems.entrust.settings import Settings

_NOBODY = User("", login="", first_name="", last_name="")


@rule(
    "entrust.user.by-uuid",
    DOCUMENTED,
    "vendor page 'Set a user password', Administration API, userid",
    without=lambda user: user or _NOBODY,
    compares=lambda user: {"known": user is not None},
)
def require_user(user: User | None) -> User:
    """
    The path names a user by UUID; an unknown UUID is answered 404.

    Without this rule an unknown UUID is answered as for a user without a password.
    """
    if user is None:
        raise errors.UserNotFound
    return user


@rule(
    "entrust.user.inactive",
    ASSUMED,
    "an INACTIVE user cannot authenticate, so a new password would be of no use",
    compares=lambda user, settings: {"state": user.state, "refused": settings.inactive_users_refused},
)
def require_active(user: User, settings: Settings) -> None:
    """An INACTIVE user cannot be given a password, unless a setting allows it."""
    if settings.inactive_users_refused and user.state is UserState.INACTIVE:
        raise errors.UserInactive


@rule(
    "entrust.user.external",
    ASSUMED,
    "the password of an EXTERNAL user is checked by another identity provider",
    compares=lambda user, settings: {"type": user.type, "refused": settings.external_users_refused},
)
def refuse_external(user: User, settings: Settings) -> None:
    """An EXTERNAL user cannot be given a password, unless a setting allows it."""
    if settings.external_users_refused and user.type is UserType.EXTERNAL:
        raise errors.PasswordManagedElsewhere(user.type)


@rule(
    "entrust.removal.local-only",
    ASSUMED,
    "IDaaS cannot take away a password that it does not keep",
    compares=lambda user, settings: {"type": user.type, "others_refused": settings.removal_for_local_users_only},
)
def require_local_user(user: User, settings: Settings) -> None:
    """Only the password of a local user can be removed, unless a setting allows others."""
    if settings.removal_for_local_users_only and user.type is not UserType.MGMT_UI:
        raise errors.PasswordManagedElsewhere(user.type)


@rule(
    "entrust.user.locked",
    ASSUMED,
    "unlocking is an operation of its own in the vendor's API",
    without=returns(value=False),
    compares=lambda user: {"locked": user.locked},
)
def keep_lock(user: User) -> bool:
    """
    A locked user can be given a password and stays locked.

    Returns:
        Whether the user is locked once the password is set.
    """
    return user.locked
