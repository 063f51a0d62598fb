"""Everything that both products store, in the same tables: a programme belongs to one product."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watchword.store import Retention, record


class CredentialType(StrEnum):
    """Whether a user is the root of an identity (Payment Run: its administrator) or one of its further users."""

    ROOT = "ROOT"
    USER = "USER"


class Scope(StrEnum):
    """What a session is good for."""

    EVERYTHING = "everything"
    UPDATE_ONLY = "update only"
    """Handed out for an expired password: good for its update alone."""


@record("weavr_programmes", key="id", indexed=("key_digest", "public_key"))
@dataclass(frozen=True, slots=True)
class Programme:
    """
    The holder of an api-key.

    Args:
        product: The system whose key it has.
        name: As in the settings.
        key_digest: Of the secret ``api-key``.
        public_key: The ``programme-key`` of front ends, no secret.
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
    A password as it is kept.

    Args:
        hash: PHC string.
        former: Hashes of earlier ones, newest first.
    """

    hash: str
    changed_at: datetime
    former: tuple[str, ...] = ()


@record("weavr_users", key="id", indexed=("programme_id", "email"))
@dataclass(frozen=True, slots=True)
class User:
    """
    Somebody who logs in for an identity.

    Args:
        email: Lower case.
        end_user: False for those who act for neither a Consumer nor a Corporate, as a back office does.
        failures: Wrong passwords at log-in since the last right one.
        locked_until: Log-in is closed before that moment.
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
        expires_at: None for those of the seed, which stay good.
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
        sealed: The password, readable with the token alone.
    """

    digest: str
    sealed: str
    expires_at: datetime


RETENTION = (Retention(Session, expires="expires_at"), Retention(PasswordToken, expires="expires_at"))
