"""A lost password: who gets the mail, and a new password for its nonce."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from watchword.domain.hashing import Candidate
from watchword.domain.refusal import Refusal
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, returns, returns_argument, rule
from watchword.systems.weavr.errors import (
    AccountNotFound,
    Conflict,
    Forbidden,
    MultipleAccountsFound,
    PasswordNotSet,
)
from watchword.systems.weavr.nonces import spends_nonce
from watchword.systems.weavr.passwords import change_password
from watchword.systems.weavr.records import Password, User
from watchword.systems.weavr.requirements import Requirements


@rule(
    "weavr.lost.silent",
    ASSUMED,
    "The seen answer tells strangers who has an account; integrations may want to try the other one.",
    without=returns(False),  # noqa: FBT003  # the rule's answer
)
def hides_accounts(*, silent: bool) -> bool:
    """A programme can be set to answer a lost password of an unknown address 204, without a mail."""
    return silent


@rule(
    "weavr.lost.account",
    OBSERVED,
    "Answers of the real service; the page names the code.",
    without=returns_argument("users"),
    compares=lambda users, silent: {
        "users": len(users),
        "active_users": sum(user.active for user in users),
        "silent": silent,
    },
    because=lambda users: (
        "The user with this e-mail address is inactive."
        if users
        else "No user of the programme has this e-mail address."
    ),
)
def find_active_accounts(users: Sequence[User], *, silent: bool) -> Sequence[User]:
    """
    A lost password of an address that no active user has is answered ACCOUNT_NOT_FOUND.

    Args:
        users: All users with the e-mail address.
        silent: The programme is set to hide whether there is an account.

    Returns:
        The active ones; empty only if the programme hides that there is none.
    """
    found = [user for user in users if user.active]
    if not found and not hides_accounts(silent=silent):
        raise AccountNotFound("No active user of the programme has this e-mail address.")
    return found


def _choose_oldest(users: Sequence[User], *, unique: bool = False) -> User | None:  # noqa: ARG001  # as the rule's
    """Choose the oldest account: ids grow with time."""
    return min(users, key=lambda user: int(user.id), default=None)


@rule(
    "weavr.lost.multiple",
    ASSUMED,
    "The page names the code and no cause; this is what it says.",
    without=_choose_oldest,
    compares=lambda users, unique: {"active_users": len(users), "multiple_accounts_found": unique},
)
def choose_account(users: Sequence[User], *, unique: bool) -> User | None:
    """
    A lost password of an address that several active users have is answered MULTIPLE_ACCOUNTS_FOUND.

    Args:
        unique: False: the oldest account gets the mail.

    Returns:
        None if there is no user.
    """
    if unique and len(users) > 1:
        raise MultipleAccountsFound(f"{len(users)} active users of the programme have this e-mail address.")
    return _choose_oldest(users)


@rule(
    "weavr.lost.link",
    DOCUMENTED,
    "Vendor page 'Initiate lost password': the URL has all that the resume needs.",
    without=returns_argument("portal"),
)
def build_link(portal: str, code: str, email: str) -> str:
    """The mail's link leads to `<portal>/set-password/<nonce>/<email>`, with the same two as query parameters."""
    place = f"{portal.rstrip('/')}/set-password/{quote(code, safe='')}/{quote(email, safe='@')}"
    return f"{place}?nonce={quote(code, safe='')}&email={quote(email, safe='@')}"


@rule(
    "weavr.lost.inactive",
    OBSERVED,
    "Answers of the real service.",
    compares=lambda user: {"active": user.active},
)
def require_active_user(user: User) -> None:
    """A user who was deactivated after the mail was sent is answered 403."""
    if not user.active:
        raise Forbidden("The user is inactive.")


@rule(
    "weavr.lost.not-set",
    OBSERVED,
    "Answers of the real service; the page names the code.",
    without=lambda user: user.password,
    compares=lambda user: {"password_set": user.password is not None},
)
def require_password(user: User) -> Password | None:
    """
    A user who never had a password can request the mail, but setting one with it is answered PASSWORD_NOT_SET.

    Returns:
        The present password of *user*; None only without this rule.
    """
    if user.password is None:
        raise PasswordNotSet("The user has no password yet: create one.")
    return user.password


@rule(
    "weavr.lost.lock",
    ASSUMED,
    "The page of log-in names 30 minutes and nothing that would shorten them.",
    without=returns_argument("user"),
    compares=lambda user, unlocks: {"locked_until": user.locked_until, "reset_unlocks": unlocks},
)
def unlock(user: User, *, unlocks: bool) -> User:
    """Resetting a password leaves a locked log-in locked, unless the programme is set to unlock it."""
    return replace(user, failures=0, locked_until=None) if unlocks else user


@dataclass(frozen=True, slots=True)
class Reset:
    """
    What became of a new password.

    Args:
        user: With the new password, unless it was refused.
        refusal: Returned and not raised, because a refused password could use up the nonce.
        spends_nonce: The nonce is used up.
    """

    user: User
    refusal: Refusal | None
    spends_nonce: bool


def reset_password(
    user: User, password: Password | None, new: Candidate, *, requirements: Requirements, salt: bytes, now: datetime
) -> Reset:
    """Set the new password of a user whose nonce was redeemed; arguments as of `change_password`."""
    try:
        changed = change_password(user, password, new, requirements=requirements, salt=salt, now=now)
    except Conflict as refusal:
        return Reset(user, refusal, spends_nonce(refused=True))
    return Reset(changed, None, spends_nonce(refused=False))
