"""What may be set for Weavr: per programme, because the vendor configures programmes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from pydantic import Field, model_validator

from watchword.settings import StrictModel, SystemSettings
from watchword.systems.weavr.records import CredentialType

SEED_PROGRAMMES: Mapping[str, Mapping[str, Any]] = {
    "vault": {"tokenised": True},
    "quarterly": {"root_profile": {"expires_after": "P90D"}, "user_profile": {"expires_after": "P90D"}},
    "users-only": {"root_profile": {"configured": False}},
    "unprofiled": {"root_profile": {"configured": False}, "user_profile": {"configured": False}},
    "suspended": {"suspended": True},
}
"""In what the programmes of the seed differ from the others."""


class PasswordProfile(StrictModel):
    """What the passwords of one credential type must look like."""

    configured: bool = Field(default=True, description="False: the programme has no profile for this credential type.")
    minimum: int = Field(default=8, ge=1, le=100, description="Least number of characters.")
    maximum: int = Field(default=30, ge=1, le=100, description="Greatest number of characters.")
    classes: int = Field(
        default=4, ge=1, le=4, description="How many of lower case, upper case, digit and special must be there."
    )
    expires_after: timedelta | None = Field(
        default=None, gt=timedelta(0), description="How long a password is good; null for ever."
    )


class ProgrammeSettings(StrictModel):
    """How one programme behaves."""

    suspended: bool = Field(default=False, description="The key is known, but every call is forbidden (assumed).")
    tokenised: bool = Field(
        default=False, description="Not PCI compliant: passwords are taken as tokens only, never plain."
    )
    root_profile: PasswordProfile = Field(default=PasswordProfile(), description="For root users, administrators.")
    user_profile: PasswordProfile = Field(default=PasswordProfile(), description="For further users.")
    special_characters: str = Field(
        default="",
        description="The characters that count as special; empty: everything but letters and digits (assumed).",
    )
    history: int = Field(
        default=5, ge=0, le=50, description="How many last passwords, the present one included (assumed), are refused."
    )
    session_lifetime: timedelta = Field(
        default=timedelta(minutes=5), gt=timedelta(0), description="How long a login token is good after its last use."
    )
    nonce_lifetime: timedelta = Field(
        default=timedelta(hours=1), gt=timedelta(0), description="How long the code in a lost-password mail is good."
    )
    lock_after: int = Field(default=5, ge=1, description="Wrong passwords at log-in that close it (assumed).")
    locked_for: timedelta = Field(
        default=timedelta(minutes=30), gt=timedelta(0), description="How long log-in stays closed."
    )
    silent_lost_password: bool = Field(
        default=False, description="A lost password of an unknown e-mail address is answered 204 instead of 409."
    )
    token_type: Literal["ACCESS", "AUTH"] = Field(
        default="ACCESS", description="The tokenType that log-in answers (assumed)."
    )

    def profile(self, credential: CredentialType) -> PasswordProfile:
        """Find the profile for a credential type."""
        return self.root_profile if credential is CredentialType.ROOT else self.user_profile


class WeavrSettings(SystemSettings):
    """What both products let their users set."""

    programme: ProgrammeSettings = Field(default=ProgrammeSettings(), description="How programmes behave.")
    programmes: dict[str, ProgrammeSettings] = Field(
        default_factory=dict, description="In what single programmes differ, by name; the rest is as in 'programme'."
    )
    deactivated: tuple[str, ...] = Field(
        default=(), description="Ids of users who are inactive from now on, beside those that the seed made so."
    )

    @model_validator(mode="before")
    @classmethod
    def _keep_seed_programmes(cls, given: Any) -> Any:
        """Lay the given programmes over those of the seed, so that naming one does not change the others."""
        if not isinstance(given, dict) or not isinstance(given.get("programmes", {}), dict):
            return given
        programmes: dict[str, Any] = {name: dict(own) for name, own in SEED_PROGRAMMES.items()}
        for name, own in given.get("programmes", {}).items():
            if isinstance(own, ProgrammeSettings):
                programmes[name] = own
            else:
                programmes[name] = {**programmes.get(name, {}), **own} if isinstance(own, dict) else own
        return {**given, "programmes": programmes}

    def of(self, programme: str) -> ProgrammeSettings:
        """Tell how the programme called *programme* behaves."""
        own = self.programmes.get(programme)
        if own is None:
            return self.programme
        return self.programme.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})
