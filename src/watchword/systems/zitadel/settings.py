"""What of ZITADEL may be set in a sandbox."""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from watchword.system.settings import StrictModel, SystemSettings

BCRYPT_LIMIT = 72
"""Bytes that bcrypt of golang.org/x/crypto takes."""


class Profile(StrEnum):
    """Which release is imitated; they differ in a few answers."""

    DOCUMENTED = "documented"
    """As v2.65, with what the vendor's page promises: an unknown user is 404, a new password is needed."""
    V2_65 = "v2.65"
    """v2.51.1 to v2.65."""
    V4_2 = "v4.2"
    """v2.66 to v4.2."""
    V4_6 = "v4.6"
    """v4.6 and later."""

    @property
    def unknown_user_is_missing(self) -> bool:
        """Whether a user who does not exist is 404 and not 400."""
        return self is Profile.DOCUMENTED

    @property
    def empty_password_passes(self) -> bool:
        """Whether an administrator who sends no new password sets the empty one."""
        return self is not Profile.DOCUMENTED

    @property
    def own_password_is_free(self) -> bool:
        """Whether users set their own password without any proof."""
        return self is Profile.V4_2

    @property
    def counts_wrong_passwords(self) -> bool:
        """Whether a wrong current password counts towards a lock."""
        return self is Profile.V4_6

    @property
    def speaks_connect(self) -> bool:
        """Whether the Connect protocol is served, as it is since v4.0."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def tells_failed_attempts(self) -> bool:
        """Whether a failed sign-in says how many there have been."""
        return self in (Profile.V4_2, Profile.V4_6)


class Complexity(StrictModel):
    """What a password must look like; the defaults are the service's own."""

    min_length: int = Field(default=8, ge=1, le=72, description="Least length in bytes of UTF-8.")
    lower: bool = Field(default=True, description="A letter a to z is needed.")
    upper: bool = Field(default=True, description="A letter A to Z is needed.")
    number: bool = Field(default=True, description="A digit is needed.")
    symbol: bool = Field(default=True, description="Anything besides A to Z, a to z and 0 to 9 is needed.")


class Lockout(StrictModel):
    """When a user is locked."""

    max_password_attempts: int = Field(default=0, ge=0, description="Wrong passwords that lock a user; 0 never does.")


class ZitadelSettings(SystemSettings):
    """The settings of the instance, and which release answers."""

    zitadel_profile: Profile = Field(default=Profile.DOCUMENTED, description="Which release is imitated.")
    complexity: Complexity = Field(
        default_factory=Complexity, description="The instance's policy, for organisations without one of their own."
    )
    lockout: Lockout = Field(
        default_factory=Lockout, description="The instance's lock, for organisations without one of their own."
    )
    code_minutes: int = Field(default=60, ge=1, le=60 * 24 * 365, description="How long a verification code is good.")
    sms_provider: Literal["internal", "external"] = Field(
        default="internal",
        description="Who makes the codes of texts; external codes cannot be verified here (COMMAND-M0g95).",
    )
    notify_password_change: bool = Field(
        default=True, description="A mail tells users that their password was changed, as the default policy wants it."
    )
    hasher: Literal["bcrypt", "argon2"] | None = Field(
        default=None,
        description="Whose limits passwords have: bcrypt takes 72 bytes, argon2 any length."
        " Without a choice: bcrypt in the profiles of releases; argon2 in documented, whose page promises"
        " 200 characters.",
    )
    connect: Literal["always", "released"] = Field(
        default="always",
        description="Where the Connect protocol is served: in every profile, or only in those whose release has it.",
    )
    session_hours: int = Field(
        default=0,
        ge=0,
        le=24 * 36_500,
        description="How long a session's token is good; 0 for ever, as without a lifetime.",
    )

    @property
    def hash_limit(self) -> int | None:
        """The most bytes that the hash function takes; None for any number."""
        by_default = "argon2" if self.zitadel_profile is Profile.DOCUMENTED else "bcrypt"
        return BCRYPT_LIMIT if (self.hasher or by_default) == "bcrypt" else None

    @property
    def code_lifetime(self) -> timedelta:
        """How long a verification code is good."""
        return timedelta(minutes=self.code_minutes)

    @property
    def session_lifetime(self) -> timedelta | None:
        """How long the token of a session is good; None for ever."""
        return timedelta(hours=self.session_hours) if self.session_hours else None
