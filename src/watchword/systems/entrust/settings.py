"""What can be set for Entrust: the password policy of the account, and the behaviour that is assumed."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from watchword.system.settings import StrictModel, SystemSettings

KINDS_OF_COMPLEXITY = 3
"""How many kinds of characters the complexity rule of Active Directory requires."""
SHORTEST_OF_STRENGTH = (1, 4, 7, 9, 12)
"""The length from which a random password reaches each strength, 0 to 4, with any characters."""


class Requirement(StrEnum):
    """Whether a password must, may or must not have a kind of character."""

    REQUIRED = "REQUIRED"
    ALLOWED = "ALLOWED"
    NOT_ALLOWED = "NOT_ALLOWED"


class PasswordSettings(StrictModel):
    """
    The password policy.

    Source:
        Names: published description, UserPasswordSettings. Limits and defaults of lifetime, history,
        strength and compromised passwords: vendor help page 'Modify password authenticator settings'.
    """

    minimum_length: int = Field(default=8, ge=1, le=255, description="Least number of characters (default assumed).")
    maximum_length: int = Field(default=255, ge=1, le=255, description="Greatest number of characters.")
    lifetime_days: int = Field(default=90, ge=0, le=36_500, description="Days until a password expires; 0 = never.")
    minimum_lifetime: int = Field(
        default=0,
        ge=0,
        le=36_500,
        description="Days before a password may be changed again (default assumed).",
    )
    password_history_size: int = Field(
        default=8,
        ge=0,
        le=255,
        description="How many of the last passwords, the current one included, may not be used again (assumed).",
    )
    imported_passwords_compared: int = Field(
        default=3,
        ge=0,
        le=8,
        description="How many of the bcrypt hashes in the history, newest first, are compared;"
        " each takes up to a quarter of a second (assumed).",
    )
    minimum_strength: int = Field(default=3, ge=0, le=4, description="Minimum strength, 0 to 4; the default is Good.")
    maximum_repeated: int = Field(
        default=0, ge=0, le=255, description="How often one character may occur in a row; 0 = any number (assumed)."
    )
    ad_complexity: bool = Field(default=False, description="Whether Active Directory's complexity rule applies.")
    include_lowercase: Requirement = Requirement.REQUIRED
    include_uppercase: Requirement = Requirement.REQUIRED
    include_number: Requirement = Requirement.REQUIRED
    include_nonalphanumeric: Requirement = Requirement.ALLOWED
    number_of_lowercase_required: int = Field(default=1, ge=0, le=255, description="Counts only if REQUIRED.")
    number_of_uppercase_required: int = Field(default=1, ge=0, le=255, description="Counts only if REQUIRED.")
    number_of_numeric_required: int = Field(default=1, ge=0, le=255, description="Counts only if REQUIRED.")
    number_of_nonalphanumeric_required: int = Field(default=0, ge=0, le=255, description="Counts only if REQUIRED.")
    allow_compromised_passwords: bool = Field(
        default=False, description="Whether well-known leaked passwords are accepted."
    )
    blacklist: tuple[str, ...] = Field(
        default=(), description="More passwords that are refused, in upper or lower case."
    )

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        """Refuse a policy that no password can meet, because generated passwords must meet it."""
        needed = [number for requirement, number in self._classes() if requirement is Requirement.REQUIRED]
        allowed = [requirement for requirement, _ in self._classes() if requirement is not Requirement.NOT_ALLOWED]
        if self.minimum_length > self.maximum_length:
            raise ValueError("minimum_length must not be greater than maximum_length")
        if 0 < self.lifetime_days < self.minimum_lifetime:
            raise ValueError("lifetime_days must not be less than minimum_lifetime")
        if not allowed:
            raise ValueError("at least one kind of character must be allowed")
        if self.ad_complexity and len(allowed) < KINDS_OF_COMPLEXITY:
            raise ValueError("ad_complexity needs at least three kinds of characters that are allowed")
        more_kinds = max(0, KINDS_OF_COMPLEXITY - len(needed)) if self.ad_complexity else 0
        if sum(max(1, number) for number in needed) + more_kinds > self.maximum_length:
            raise ValueError("maximum_length leaves no room for the characters that are required")
        if self.maximum_length < SHORTEST_OF_STRENGTH[self.minimum_strength]:
            raise ValueError(
                f"minimum_strength {self.minimum_strength} needs a maximum_length"
                f" of at least {SHORTEST_OF_STRENGTH[self.minimum_strength]}"
            )
        return self

    def _classes(self) -> tuple[tuple[Requirement, int], ...]:
        return (
            (self.include_lowercase, self.number_of_lowercase_required),
            (self.include_uppercase, self.number_of_uppercase_required),
            (self.include_number, self.number_of_numeric_required),
            (self.include_nonalphanumeric, self.number_of_nonalphanumeric_required),
        )


class Settings(SystemSettings):
    """Settings of the Entrust system."""

    password: PasswordSettings = Field(default=PasswordSettings(), description="The password policy of the account.")
    expiry_notification_days: int = Field(
        default=7,
        ge=0,
        le=36_500,
        description="Days between the expiry notification and the expiry (assumed).",
    )
    bcrypt_import_needs_email_false: bool = Field(
        default=True,
        description="A BCRYPT import without emailPassword is refused, since it defaults to true (assumed).",
    )
    minimum_lifetime_for_administrators: bool = Field(
        default=True, description="The minimum lifetime holds for changes by administrators too (assumed)."
    )
    inactive_users_refused: bool = Field(
        default=True, description="An INACTIVE user cannot be given a password (assumed)."
    )
    external_users_refused: bool = Field(
        default=True, description="An EXTERNAL user cannot be given a password (assumed)."
    )
    directory_users_need_current_password: bool = Field(
        default=True,
        description="A directory user needs currentPassword for a new password; a wrong one is always refused"
        " (assumed).",
    )
    past_expiry_times_refused: bool = Field(
        default=True, description="An expiryTime that is not in the future is refused (assumed)."
    )
    attributes_without_password_accepted: bool = Field(
        default=True,
        description="A request without password and generatePassword changes the attributes of the current password"
        " (assumed).",
    )
    removal_for_local_users_only: bool = Field(
        default=True, description="Only the password of a local user can be removed (assumed)."
    )
