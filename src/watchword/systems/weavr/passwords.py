"""How a password is updated: the old one, the last ones, and when the new one expires."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from watchword.domain.hashing import Candidate
from watchword.domain.policy import is_reused
from watchword.domain.rule import DOCUMENTED, returns, rule
from watchword.systems.weavr.errors import PasswordAlreadyUsed, PasswordIncorrect
from watchword.systems.weavr.records import Password, User
from watchword.systems.weavr.requirements import Requirements, check_form
from watchword.systems.weavr.settings import LONGEST_HISTORY

_NEVER = 0


@rule(
    "weavr.update.old-password",
    DOCUMENTED,
    "Vendor page 'Update a password', 409: PASSWORD_INCORRECT.",
    without=lambda user, old: user.password,  # noqa: ARG005  # as the rule's
    compares=lambda user: {"password_set": user.password is not None},
    because=lambda user: "The user has no password." if user.password is None else "The old password is wrong.",
)
def require_old_password(user: User, old: Candidate) -> Password | None:
    """
    An update with a wrong old password is answered PASSWORD_INCORRECT, before the new one is looked at.

    Returns:
        The present password of *user*; None only without this rule.
    """
    if user.password is None or not old.matches(user.password.hash):
        raise PasswordIncorrect("The old password is wrong.")
    return user.password


@rule(
    "weavr.password.history",
    DOCUMENTED,
    "Vendor page 'Update a password': 'different from any of the 5 last'; that the present one counts is assumed.",
    compares=lambda last, requirements: {
        "passwords_stored": len(last),
        "history": requirements.history,
        "present_counts": requirements.present_counts,
    },
)
def check_history(candidate: Candidate, last: Sequence[str], requirements: Requirements) -> None:
    """
    A new password differs from the last five, the present one included; the sixth last may come back.

    Args:
        last: Hashes of the present password and those before it, newest first.
    """
    if is_reused(candidate, last if requirements.present_counts else last[1:], depth=requirements.history):
        raise PasswordAlreadyUsed(f"The new password is one of the last {requirements.history} passwords.")


def change_password(
    user: User, password: Password | None, new: Candidate, *, requirements: Requirements, salt: bytes, now: datetime
) -> User:
    """
    Replace *password*, the present one of *user*, by *new*: length, complexity, history, in this order.

    Args:
        password: None if the user has none, which only a rule that is switched off lets pass.

    Returns:
        The user with the new password; the present one is remembered.
    """
    check_form(new.plain, requirements)
    last = () if password is None else (password.hash, *password.former)
    check_history(new, last, requirements)
    like = None if password is None else password.hash
    return replace(user, password=Password(new.make_hash(share_salt_with=like, salt=salt), now, last[:LONGEST_HISTORY]))


@rule(
    "weavr.password.expiry",
    DOCUMENTED,
    "Vendor page 'Create a password': expiryDate, 'If 0 … will not expire'.",
    without=returns(_NEVER),
    compares=lambda password, expires_after: {
        "changed_at": password.changed_at,
        "expires_at": password.expires_at,
        "expires_after": expires_after,
    },
)
def compute_expiry_date(password: Password, expires_after: timedelta | None) -> int:
    """The answer has the moment when the password expires, in milliseconds since 1970, or 0 if it never expires."""
    end = find_end(password, expires_after)
    return _NEVER if end is None else max(1, round(end.timestamp() * 1000))


def find_end(password: Password, expires_after: timedelta | None) -> datetime | None:
    """Find the moment at which *password* expires: its own, or *expires_after* its change; None: never."""
    if password.expires_at is not None or expires_after is None:
        return password.expires_at
    return password.changed_at + expires_after
