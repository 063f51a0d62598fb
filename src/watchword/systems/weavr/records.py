"""What both products store, in the same tables: every programme belongs to one product."""

from dataclasses import dataclass
from datetime import date, datetime
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


@dataclass(frozen=True, slots=True)
class Mobile:
    """A mobile number; *country_code* begins with a plus."""

    country_code: str
    number: str


@dataclass(frozen=True, slots=True)
class Details:
    """
    What is known of a user beside the account; each product shows a part of it.

    Args:
        country_of_residence: Two letters, ISO 3166.
        added_by: The id of the user who made this one.
    """

    name: str = ""
    surname: str = ""
    mobile: Mobile | None = None
    date_of_birth: date | None = None
    tag: str | None = None
    country_of_residence: str | None = None
    locale: str | None = None
    brand: str | None = None
    roles: tuple[str, ...] = ()
    added_by: str | None = None


@record("weavr_users", key="id", indexed=("programme_id", "email", "identity_id"))
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
    details: Details = Details()


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


@record("weavr_invitations", key="user_id")
@dataclass(frozen=True, slots=True)
class Invitation:
    """
    The six digits that let a user that another has made set the first password; a user has one at most.

    Args:
        expires_at: None: never.
    """

    user_id: str
    code_digest: str
    expires_at: datetime | None


@record("weavr_idempotent_requests", key="digest")
@dataclass(frozen=True, slots=True)
class IdempotentRequest:
    """
    A request that was answered, under the reference that its client chose.

    Args:
        digest: Of programme and reference.
        payload: Digest of what was sent, without the password.
        password_hash: Of the password that was sent, PHC string; None if none was.
        sealed: The body of the answer, which can only be read with the reference (`sealing`); None for no body.
    """

    digest: str
    payload: str
    password_hash: str | None
    status: int
    sealed: str | None
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


RETENTION = (
    Retention(Session, expires="expires_at"),
    Retention(PasswordToken, expires="expires_at"),
    Retention(IdempotentRequest, expires="expires_at"),
)
