"""The users that others have made: who may see them, and the pages of their list."""

from collections.abc import Sequence
from typing import NamedTuple

from watchword.domain.rule import OBSERVED, rule
from watchword.systems.weavr.errors import InsufficientPermissions, NoSuchUser
from watchword.systems.weavr.records import CredentialType, Identity, Programme, User


def _accept_root_users(user: User | None, programme: Programme) -> User:
    """Accept root users too; for an unknown id there is still nobody to show or invite."""
    if user is None or user.programme_id != programme.id:
        raise NoSuchUser
    return user


def say_who_is_missing(user: User | None) -> str:
    """Say why the programme of a key has no such user, given the user whom another one may have."""
    if user is None:
        return "There is no user with this user_id."
    return "The user belongs to another programme than the api-key."


def _say_who_is_hidden(user: User | None, programme: Programme) -> str:
    if user is None or user.programme_id != programme.id:
        return say_who_is_missing(user)
    return "This is the root user of an identity; these calls are about the users that others have made."


@rule(
    "weavr.users.found",
    OBSERVED,
    "Answers of the real service for unknown users and for root users.",
    without=_accept_root_users,
    compares=lambda user, programme: {
        "credential": user.credential if user else None,
        "programme_of_the_user": user.programme_id if user else None,
        "programme_of_the_key": programme.id,
    },
    because=_say_who_is_hidden,
)
def require_authorised_user(user: User | None, programme: Programme) -> User:
    """A user who is not in the programme of the key, or who is the root user of an identity, is answered 404."""
    if user is None or user.programme_id != programme.id:
        raise NoSuchUser
    if user.credential is CredentialType.ROOT:
        raise NoSuchUser("This is the root user of an identity; these calls are about the users that others have made.")
    return user


@rule(
    "weavr.users.identity",
    OBSERVED,
    "Answers of the real service to users of other identities.",
    compares=lambda user, own, other: {
        "identity_of_the_user": user.identity_id,
        "own_type": own.type if own else None,
        "other_type": other.type if other else None,
    },
    because=lambda own, other: (
        "The user belongs to another identity than the caller"
        + ("." if own and other and own.type == other.type else ", of another type.")
    ),
)
def require_own_identity(user: User, own_id: str, *, own: Identity | None, other: Identity | None) -> None:
    """
    A user of another identity is answered 403, and 404 if that identity has another type, as a Consumer and a
    Corporate have.

    Args:
        own_id: The id of the caller's identity.
        own: The caller's identity.
        other: The identity of *user*.
    """
    if user.identity_id == own_id:
        return
    if own is None or other is None or own.type != other.type:
        raise NoSuchUser
    raise InsufficientPermissions("The user belongs to another identity than the caller.")


PAGE = 10
"""How many users a list shows if the request does not say."""


class Wanted(NamedTuple):
    """
    Which users a list shows.

    Args:
        offset: How many are left out before the first one.
        limit: How many are shown at most.
        email: Only the user with this address; None for all, as in the other two.
    """

    offset: int
    limit: int
    email: str | None = None
    active: bool | None = None
    tag: str | None = None

    def includes(self, user: User) -> bool:
        """Whether *user* is in the list, on whatever page."""
        return (
            (self.email is None or user.email == self.email.lower())
            and (self.active is None or user.active == self.active)
            and (self.tag is None or user.details.tag == self.tag)
        )


class Page(NamedTuple):
    """One page of a list, and the number of users on all pages."""

    users: Sequence[User]
    total: int


@rule(
    "weavr.users.listed",
    OBSERVED,
    "Answers of the real service to lists with and without filters.",
    without=lambda users, wanted: Page(users, len(users)),  # noqa: ARG005  # as the rule's
    compares=lambda users, wanted: {"users": len(users), "offset": wanted.offset, "limit": wanted.limit},
)
def find_page(users: Sequence[User], wanted: Wanted) -> Page:
    """
    The list has the users of the caller's identity without its root user, oldest first, and counts those on all pages.

    Args:
        users: All users of the identity.
    """
    found = [one for one in users if one.credential is not CredentialType.ROOT and wanted.includes(one)]
    found.sort(key=lambda user: (len(user.id), user.id))  # ids grow with time
    return Page(found[wanted.offset : wanted.offset + wanted.limit], len(found))
