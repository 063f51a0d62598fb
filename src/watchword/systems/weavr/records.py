"""What both products store, in the same tables: every programme belongs to one product."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchword.store import Retention, record


class CredentialType(StrEnum):
    """Whether a user is the root user of an identity (Payment Run: its administrator) or a further user."""

    ROOT = "ROOT"
    USER = "USER"


class Scope(StrEnum):
    """What a session can be used for."""

    EVERYTHING = "everything"
    UPDATE_ONLY = "update only"
    """The scope of the token for an expired password, which can only update it."""


@record("weavr_programmes", key="id", indexed=("key_digest", "public_key"))
@dataclass(frozen=True, slots=True)
class Programme:
    """
    The holder of an api-key.

    Args:
        product: The name of the system that accepts its key.
        name: As in the settings.
        key_digest: Of the secret ``api-key``.
        public_key: The ``programme-key`` of front ends, which is not secret.
    """

    id: str
    product: str
    name: str
    key_digest: str
    public_key: str


@record("weavr_identities", key="id")
@dataclass(frozen=True, slots=True)
class Identity:
    """A Consumer, a Corporate or a Buyer."""

    id: str
    programme_id: str
    type: str


@dataclass(frozen=True, slots=True)
class Password:
    """
    A password as it is stored.

    Args:
        hash: PHC string.
        former: Hashes of earlier ones, newest first.
        expires_at: It expires at this moment, whatever the profile says; None: as the profile says.
    """

    hash: str
    changed_at: datetime
    former: tuple[str, ...] = ()
    expires_at: datetime | None = None


@record("weavr_users", key="id", indexed=("programme_id", "email"))
@dataclass(frozen=True, slots=True)
class User:
    """
    An account that logs in for an identity.

    Args:
        email: Lower case.
        end_user: False for a user who is neither a Consumer nor a Corporate, such as one of a back office.
        failures: The number of wrong passwords at log-in since the last right one.
        locked_until: Log-in is locked until this moment.
    """

    id: str
    programme_id: str
    identity_id: str
    credential: CredentialType
    email: str
    end_user: bool = True
    active: bool = True
    password: Password | None = None
    failures: int = 0
    locked_until: datetime | None = None


@record("weavr_sessions", key="digest")
@dataclass(frozen=True, slots=True)
class Session:
    """
    One login.

    Args:
        digest: Of the Bearer token.
        expires_at: None: never, as for the tokens of the seed people.
    """

    digest: str
    user_id: str
    scope: Scope
    expires_at: datetime | None


@record("weavr_nonces", key="user_id")
@dataclass(frozen=True, slots=True)
class Nonce:
    """The six digits of a lost password; a user has one at most."""

    user_id: str
    code_digest: str
    expires_at: datetime


@record("weavr_password_tokens", key="digest")
@dataclass(frozen=True, slots=True)
class PasswordToken:
    """
    A token that stands for a password.

    Args:
        digest: Of the token.
        sealed: The password, which can only be read with the token (`sealing`).
        expires_at: None: never.
    """

    digest: str
    sealed: str
    expires_at: datetime | None


RETENTION = (Retention(Session, expires="expires_at"), Retention(PasswordToken, expires="expires_at"))
