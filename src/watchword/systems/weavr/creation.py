"""How a user gets the first password."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.rule import ASSUMED, OBSERVED, rule
from watchword.systems.weavr.errors import (
    InsufficientPermissions,
    PasswordAlreadyCreated,
    PasswordKeyAlreadyInUse,
    UnresolvedIdentity,
    UserNotFound,
)
from watchword.systems.weavr.records import Identity, Password, Programme, User
from watchword.systems.weavr.requirements import Requirements, check_form
from watchword.systems.weavr.users import say_who_is_missing


def _accept_any_programme(user: User | None, programme: Programme) -> User:  # noqa: ARG001  # as the rule's
    """Accept a user of another programme; for an unknown id there is no user who could get a password."""
    if user is None:
        raise UserNotFound
    return user


@rule(
    "weavr.create.user",
    OBSERVED,
    "Answers of the real service.",
    without=_accept_any_programme,
    compares=lambda user, programme: {
        "programme_of_the_user": user.programme_id if user else None,
        "programme_of_the_key": programme.id,
    },
    because=say_who_is_missing,
)
def require_user(user: User | None, programme: Programme) -> User:
    """Creating a password for a user who is not in the programme of the key is answered 404."""
    if user is None or user.programme_id != programme.id:
        raise UserNotFound
    return user


@rule(
    "weavr.create.inactive",
    OBSERVED,
    "Answers of the real service.",
    compares=lambda user: {"active": user.active},
)
def require_active_user(user: User) -> None:
    """Creating a password for an inactive user is answered 403."""
    if not user.active:
        raise InsufficientPermissions("The user is inactive.")


@rule(
    "weavr.create.identity",
    ASSUMED,
    "The page names the code and no cause; this is what it says.",
    compares=lambda identity: {"identity_found": identity is not None},
)
def require_identity(identity: Identity | None) -> None:
    """Creating a password for a user whose identity cannot be found is answered UNRESOLVED_IDENTITY."""
    if identity is None:
        raise UnresolvedIdentity("The identity of the user cannot be found.")


@rule(
    "weavr.create.once",
    OBSERVED,
    "Answers of the real service to a second call.",
    compares=lambda user: {"password_set": user.password is not None},
)
def require_no_password(user: User) -> None:
    """A password is created once; a second time is answered PASSWORD_ALREADY_CREATED."""
    if user.password is not None:
        raise PasswordAlreadyCreated("The user has a password: update it, or reset it with the lost-password calls.")


@rule(
    "weavr.create.login-key",
    ASSUMED,
    "The key of a password is what one logs in with; the page gives no cause.",
    compares=lambda user, holders, unique: {
        "others_with_the_address": sum(one.id != user.id for one in holders),
        "others_who_log_in_with_it": sum(_logs_in_beside(one, user) for one in holders),
        "unique_login_key": unique,
    },
)
def require_free_login(user: User, holders: Sequence[User], *, unique: bool) -> None:
    """
    Creating a password for a user with the e-mail address of another user who logs in with it
    is answered PASSWORD_KEY_ALREADY_IN_USE.

    Args:
        holders: The users of the programme with the address.
        unique: False: several users may log in with it.
    """
    if unique and any(_logs_in_beside(one, user) for one in holders):
        raise PasswordKeyAlreadyInUse("Another user of the programme logs in with the same e-mail address.")


def _logs_in_beside(other: User, user: User) -> bool:
    return other.id != user.id and other.password is not None


def create_password(
    user: User, candidate: Candidate, *, requirements: Requirements, salt: bytes, now: datetime
) -> User:
    """Give *user* the first password, if it has the right form."""
    check_form(candidate.plain, requirements)
    return replace(user, password=Password(candidate.make_hash(salt=salt), now))
