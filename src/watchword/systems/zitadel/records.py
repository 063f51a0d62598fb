"""The records that ZITADEL's state consists of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from watchword.store import record

INSTANCE = "269629023906488000"
"""The identifier of the one instance, which owns the sessions."""
_LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
"""When what earlier releases stored was created; they did not note it."""


class UserState(StrEnum):
    """The state of a user, as the service names it."""

    ACTIVE = "active"
    INITIAL = "initial"
    """Created, and has never signed in."""
    LOCKED = "locked"
    INACTIVE = "inactive"


class UserKind(StrEnum):
    """Whether a user is a person or a machine."""

    HUMAN = "human"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Membership:
    """
    Roles of one user.

    Args:
        organisation: Where the roles apply; None for the whole instance.
        project: The one project that the roles apply to; None for all of them.
    """

    roles: tuple[str, ...]
    organisation: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationCode:
    """
    The one outstanding code of a user.

    Args:
        digest: Of the code; the code itself is not stored.
        external: Whether an SMS provider made the code, so that only the provider could verify it.
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
        password_hash: None without a password.
        change_required: Whether the user must choose another password at the next sign-in.
        changed_at: When the password was last changed.
        code: The outstanding verification code.
        failed_attempts: Wrong passwords since the last right one.
        sequence: Number of the user's last event.
        given_name: Of a machine, its name.
        shown_sequence: Number of the last event that answers to readers count: the creation, or a change of the state.
        shown_at: When that was; None for the creation.
        password_number: How many passwords the user has had before; a session's check is good for one of them.
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
    given_name: str = ""
    family_name: str = ""
    created_at: datetime = _LONG_AGO
    shown_sequence: int = 1
    shown_at: datetime | None = None
    password_number: int = 0

    @property
    def display_name(self) -> str:
        """The name that people see."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class ComplexityPolicy:
    """What a password must contain; the length is in bytes of UTF-8."""

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
        complexity: The organisation's own policy; None for the instance's.
        max_password_attempts: The organisation's own lockout policy; None for the instance's, 0 for no lock.
    """

    id: str
    name: str
    complexity: ComplexityPolicy | None = None
    max_password_attempts: int | None = None
    created_at: datetime = _LONG_AGO


@record("zitadel_access_tokens", key="digest")
@dataclass(frozen=True)
class AccessToken:
    """
    A bearer token.

    Args:
        user_id: Empty for the token of a session, which says whose it is.
        expires_at: None for never; a session has its own end.
        origins: The origins that may use the token; None if no application issued it.
        issued_at: None for the tokens of the seed data.
        session_id: Of the session that the token was made for; None for a token of a user.
        for_api: Whether the API accepts it; tokens of the token endpoint may be for something else.
    """

    digest: str
    user_id: str
    expires_at: datetime | None = None
    origins: tuple[str, ...] | None = None
    issued_at: datetime | None = None
    session_id: str | None = None
    for_api: bool = True


@record("zitadel_client_secrets", key="client_id", indexed=("user_id",))
@dataclass(frozen=True)
class ClientSecret:
    """The digest of a machine's client secret."""

    client_id: str
    digest: str
    user_id: str


@record("zitadel_machine_keys", key="id")
@dataclass(frozen=True)
class MachineKey:
    """
    The public half of a machine's key.

    Args:
        public_key: PEM.
        expires_at: None for never.
    """

    id: str
    user_id: str
    public_key: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UserAgent:
    """
    What a session says of the program that its user sits at; None for what was not said.

    Args:
        header: Names and their values.
    """

    fingerprint_id: str | None = None
    ip: str | None = None
    description: str | None = None
    header: tuple[tuple[str, tuple[str, ...]], ...] = ()


@record("zitadel_sessions", key="id", indexed=("creator",))
@dataclass(frozen=True)
class Session:
    """
    A session with the checks that succeeded.

    Args:
        creator: The user who started it.
        organisation: Of the user of the session; empty without one.
        user_checked_at: When the user was named.
        password_number: Which of the user's passwords was checked.
        token: The digest of its newest token.
        expires_at: None for never.
        metadata: Names, and values in base64.
        exists: False once it has ended, and for one that nobody started.
        sequence: Number of its last event.
    """

    id: str
    created_at: datetime
    user_id: str | None = None
    password_checked_at: datetime | None = None
    sequence: int = 2
    creator: str = ""
    organisation: str = ""
    user_checked_at: datetime | None = None
    password_number: int = 0
    token: str = ""
    changed_at: datetime | None = None
    expires_at: datetime | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    user_agent: UserAgent | None = None
    exists: bool = True
