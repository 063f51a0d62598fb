"""How a person is now, in words that all systems share."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OutstandingCode:
    """
    A code that was sent and not used.

    Args:
        kind: ``lost-password``, ``invitation`` or ``verification``.
        expires_at: None for never.
        expired: Whether it is valid no longer.
        code: As a message of the sandbox shows it; None if none does.
    """

    kind: str
    expires_at: datetime | None
    expired: bool
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class HeldToken:
    """
    A token that is valid; the token itself is not stored.

    Args:
        kind: ``token``, ``session``, or ``update-only`` for one that can only update the password.
        expires_at: None for never.
    """

    kind: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonState:
    """
    How a person is now.

    Args:
        locked_until: None if the person is not locked, or is for ever.
        tries_left: How many wrong passwords lock the person; None if none does, or if nobody counts.
        password_expires_at: None for never, or without a password.
        must_change_password: Whether another password has to be chosen at the next use.
        codes: Those that are outstanding, expired ones included.
        tokens: Those that are valid now.
    """

    active: bool = True
    locked: bool = False
    locked_until: datetime | None = None
    tries_left: int | None = None
    password_set: bool = False
    password_changed_at: datetime | None = None
    password_expires_at: datetime | None = None
    must_change_password: bool = False
    codes: tuple[OutstandingCode, ...] = ()
    tokens: tuple[HeldToken, ...] = ()
