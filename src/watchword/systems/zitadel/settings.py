"""The settings of ZITADEL in a sandbox."""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from pydantic import Field

from watchword.system.settings import StrictModel, SystemSettings

BCRYPT_LIMIT = 72
"""The longest password in bytes that bcrypt of golang.org/x/crypto takes."""


class Profile(StrEnum):
    """The imitated release; releases differ in a few answers."""

    DOCUMENTED = "documented"
    """As v2.65, with what the vendor's page says: an unknown user is 404, and a new password is required."""
    V2_65 = "v2.65"
    """v2.51.1 to v2.65."""
    V4_2 = "v4.2"
    """v2.66 to v4.2."""
    V4_6 = "v4.6"
    """v4.6 and later."""

    @property
    def unknown_user_is_missing(self) -> bool:
        """Whether an unknown user is 404 instead of 400."""
        return self is Profile.DOCUMENTED

    @property
    def empty_password_passes(self) -> bool:
        """Whether a request without a proof and without a new password sets the empty one."""
        return self is not Profile.DOCUMENTED

    @property
    def own_password_is_free(self) -> bool:
        """Whether users may set their own password without a proof."""
        return self is Profile.V4_2

    @property
    def counts_wrong_passwords(self) -> bool:
        """Whether a wrong current password counts towards a lock."""
        return self is Profile.V4_6

    @property
    def links_to_new_sign_in(self) -> bool:
        """Whether mails link to the second sign-in application."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def speaks_connect(self) -> bool:
        """Whether the release serves the Connect protocol: since v4.0."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def is_v4(self) -> bool:
        """Whether the release is of the fourth line."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def finds_initial_users(self) -> bool:
        """Whether a search for users who have never signed in finds them; v2.65 takes their state for another one."""
        return self.is_v4

    @property
    def searches_phones(self) -> bool:
        """Whether ``phoneQuery`` is known."""
        return self.is_v4

    @property
    def shows_creation(self) -> bool:
        """Whether details of what is read say when it was created."""
        return self.is_v4

    @property
    def unknown_error_prefix(self) -> str:
        """What the text of an error without a code begins with."""
        return "rpc error: code = Unknown desc = " if self.is_v4 else ""

    @property
    def dates_answers(self) -> bool:
        """Whether the gateway passes on the date of an answer, and no longer that it must not be stored."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def signs_with_more_algorithms(self) -> bool:
        """Whether instances may choose how ID tokens are signed, and have more languages."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def names_fields(self) -> bool:
        """Whether the refusal of an unreadable body names the field whose value has the wrong type."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def checks_origins(self) -> bool:
        """Whether a token of an application is refused to pages of other origins, over REST."""
        return self in (Profile.DOCUMENTED, Profile.V2_65)

    @property
    def guards_sessions(self) -> bool:
        """Whether starting, reading and changing sessions needs a permission."""
        return self in (Profile.V4_2, Profile.V4_6)

    @property
    def reports_failed_attempts(self) -> bool:
        """Whether the refusal of a wrong password reports the number of failures."""
        return self in (Profile.V4_2, Profile.V4_6)


class Complexity(StrictModel):
    """What a password must contain; the defaults are the service's own."""

    min_length: int = Field(default=8, ge=1, le=72, description="Minimum length in bytes of UTF-8.")
    lower: bool = Field(default=True, description="A letter a to z is required.")
    upper: bool = Field(default=True, description="A letter A to Z is required.")
    number: bool = Field(default=True, description="A digit is required.")
    symbol: bool = Field(default=True, description="A character other than A to Z, a to z and 0 to 9 is required.")


class Lockout(StrictModel):
    """When a user is locked."""

    max_password_attempts: int = Field(
        default=0, ge=0, description="How many wrong passwords lock a user; 0 for no lock."
    )


class ZitadelSettings(SystemSettings):
    """The settings of the instance, and the release that is imitated."""

    zitadel_profile: Profile = Field(default=Profile.DOCUMENTED, description="Which release is imitated.")
    complexity: Complexity = Field(
        default_factory=Complexity, description="The instance's password policy, for organisations without their own."
    )
    lockout: Lockout = Field(
        default_factory=Lockout, description="The instance's lockout policy, for organisations without their own."
    )
    code_minutes: int = Field(default=60, ge=1, le=60 * 24 * 365, description="How long a verification code is valid.")
    sms_provider: Literal["internal", "external"] = Field(
        default="internal",
        description="Who makes the codes of text messages; external ones cannot be verified here (COMMAND-M0g95).",
    )
    notify_password_change: bool = Field(
        default=True, description="Send a mail to users whose password was changed, as by the service's default policy."
    )
    hasher: Literal["bcrypt", "argon2"] | None = Field(
        default=None,
        description="The hash function whose limit applies: bcrypt takes 72 bytes, argon2 any length."
        " By default bcrypt in the profiles of releases, and argon2 in documented, because the vendor's page"
        " promises 200 characters.",
    )
    connect: Literal["always", "released"] | None = Field(
        default=None,
        description="Whether Connect is served in every profile, or only in those of releases that have it."
        " By default like the releases, and always in documented.",
    )
    session_hours: int = Field(
        default=0,
        ge=0,
        le=24 * 36_500,
        description="How long the token of a session is valid; 0 for no end, as in a session without a lifetime.",
    )

    @property
    def serves_connect(self) -> bool:
        """Whether Connect is served."""
        by_default = "always" if self.zitadel_profile is Profile.DOCUMENTED else "released"
        return (self.connect or by_default) == "always" or self.zitadel_profile.speaks_connect

    @property
    def hash_limit(self) -> int | None:
        """The longest password in bytes that the hash function takes; None for any length."""
        by_default = "argon2" if self.zitadel_profile is Profile.DOCUMENTED else "bcrypt"
        return BCRYPT_LIMIT if (self.hasher or by_default) == "bcrypt" else None

    @property
    def code_lifetime(self) -> timedelta:
        """How long a verification code is valid."""
        return timedelta(minutes=self.code_minutes)

    @property
    def session_lifetime(self) -> timedelta | None:
        """How long the token of a session is valid; None for no end."""
        return timedelta(hours=self.session_hours) if self.session_hours else None
