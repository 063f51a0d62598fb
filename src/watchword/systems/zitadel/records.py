"""What ZITADEL keeps."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchword.store import record

INSTANCE = "269629023906488000"
"""The identifier of the one instance, which owns the sessions."""


class UserState(StrEnum):
    """Where a user stands."""

    ACTIVE = "active"
    INITIAL = "initial"
    """Created, never signed in."""
    LOCKED = "locked"
    INACTIVE = "inactive"


class UserKind(StrEnum):
    """Who a user is."""

    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Membership:
    """
    Roles that somebody holds.

    Args:
        organisation: Where; None for the whole instance.
        project: The one project that the roles are for; None for everything there.
    """

    roles: tuple[str, ...]
    organisation: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationCode:
    """
    The one outstanding code of a user.

    Args:
        digest: Of the code, which itself is not kept.
        external: Made by an SMS provider that cannot be asked.
    """

    digest: str
    expires_at: datetime
    external: bool = False


@record("zitadel_users", key="id", indexed=("login_name",))
@dataclass(frozen=True)
class User:
    """
    A person or a machine.

    Args:
        login_name: In lower case.
        password_hash: None if there is no password.
        failed_attempts: Wrong passwords since the last right one.
        sequence: Number of the user's last event.
    """

    id: str
    login_name: str
    organisation: str
    kind: UserKind = UserKind.HUMAN
    state: UserState = UserState.ACTIVE
    email: str | None = None
    phone: str | None = None
    password_hash: str | None = None
    change_required: bool = False
    changed_at: datetime | None = None
    code: VerificationCode | None = None
    failed_attempts: int = 0
    sequence: int = 1
    memberships: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class ComplexityPolicy:
    """What passwords of an organisation must look like; the length in bytes."""

    min_length: int
    lower: bool
    upper: bool
    number: bool
    symbol: bool


@record("zitadel_organisations", key="id")
@dataclass(frozen=True)
class Organisation:
    """
    An organisation.

    Args:
        complexity: Its own policy; None for the instance's.
        max_password_attempts: Its own lock; None for the instance's.
    """

    id: str
    name: str
    complexity: ComplexityPolicy | None = None
    max_password_attempts: int | None = None


@record("zitadel_access_tokens", key="digest")
@dataclass(frozen=True)
class AccessToken:
    """
    A bearer token.

    Args:
        expires_at: None for never.
        issued_at: When a session was given it; None for those of the seed.
        origins: Where it may be used from; None if it was not issued through an application.
    """

    digest: str
    user_id: str
    expires_at: datetime | None = None
    origins: tuple[str, ...] | None = None
    issued_at: datetime | None = None


@record("zitadel_client_secrets", key="client_id")
@dataclass(frozen=True)
class ClientSecret:
    """The secret of a machine, as a digest."""

    client_id: str
    digest: str
    user_id: str


@record("zitadel_machine_keys", key="id")
@dataclass(frozen=True)
class MachineKey:
    """
    The public half of a machine's key.

    Args:
        public_key: As PEM.
        expires_at: None for never.
    """

    id: str
    user_id: str
    public_key: str
    expires_at: datetime | None = None


@record("zitadel_sessions", key="id")
@dataclass(frozen=True)
class Session:
    """A session with the checks that succeeded."""

    id: str
    created_at: datetime
    user_id: str | None = None
    password_checked_at: datetime | None = None
    sequence: int = 2
