"""The records of Entrust Identity as a Service: users, administration applications, and their tokens."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer

from watchword.store import record


class UserType(StrEnum):
    """Where a user comes from."""

    MGMT_UI = "MGMT_UI"
    """Created in IDaaS: what the vendor calls a local user."""
    LDAP_AD = "LDAP_AD"
    """Synchronised from a directory."""
    EXTERNAL = "EXTERNAL"
    """From another identity provider."""


class UserState(StrEnum):
    """Whether a user can authenticate at all."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"


class Permission(StrEnum):
    """What the role of an administration application may allow."""

    VIEW = "USERPASSWORDS:VIEW"
    EDIT = "USERPASSWORDS:EDIT"
    REMOVE = "USERPASSWORDS:REMOVE"


Permissions = Annotated[frozenset[Permission], PlainSerializer(sorted, when_used="json")]
"""Stored in order, so that the same application is always the same document."""


@dataclass(frozen=True, slots=True)
class Password:
    """
    The current password of a user.

    Args:
        stored: A PHC string, or a bcrypt hash that was imported.
        expires_at: None if it never expires.
        force_update: The user must choose a new password at the next use.
        in_history: False once the history was cleared; the password may then be used again.
    """

    stored: str = field(repr=False)
    changed_at: datetime
    expires_at: datetime | None = None
    force_update: bool = False
    in_history: bool = True


@record("entrust_users", key="id", indexed=("login",))
@dataclass(frozen=True, slots=True)
class User:
    """
    A user.

    Args:
        id: The UUID in paths.
        login: What the vendor calls the user ID.
        former: Hashes of former passwords, newest first, without the current one.
    """

    id: str
    login: str
    first_name: str
    last_name: str
    email: str | None = None
    aliases: tuple[str, ...] = ()
    type: UserType = UserType.MGMT_UI
    state: UserState = UserState.ACTIVE
    locked: bool = False
    password: Password | None = None
    former: tuple[str, ...] = field(default=(), repr=False)

    @property
    def full_name(self) -> str:
        """First and last name with a blank between them."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def history(self) -> tuple[str, ...]:
        """The hashes of the passwords that may not be used again, newest first: the current one and the former ones."""
        if self.password is None or not self.password.in_history:
            return self.former
        return self.password.stored, *self.former


@record("entrust_applications", key="id")
@dataclass(frozen=True, slots=True)
class Application:
    """
    An administration application.

    Args:
        id: A UUID, lower case.
        secret: Digest of the shared secret.
        permissions: What its role allows.
    """

    id: str
    name: str
    secret: str = field(repr=False)
    permissions: Permissions = frozenset()
    disabled: bool = False


@record("entrust_tokens", key="digest")
@dataclass(frozen=True, slots=True)
class AuthToken:
    """A token of an application; *expires_at* is None for a seed token, which does not expire."""

    digest: str = field(repr=False)
    application_id: str
    expires_at: datetime | None = None
