"""What may be set for Weavr: per programme, because the vendor configures programmes."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, TypeVar

from pydantic import Field, field_validator, model_validator

from watchword.system.settings import StrictModel, SystemSettings
from watchword.systems.weavr.records import CredentialType

SEED_PROGRAMMES: Mapping[str, Mapping[str, Any]] = {
    "vault": {"tokenised": True},
    "quarterly": {"root_profile": {"expires_after": "P90D"}, "user_profile": {"expires_after": "P90D"}},
    "users-only": {"root_profile": {"configured": False}},
    "unprofiled": {"root_profile": {"configured": False}, "user_profile": {"configured": False}},
    "suspended": {"suspended": True},
}
"""In what the programmes of the seed differ from the others."""
PROGRAMMES = ("main", "neighbour", *SEED_PROGRAMMES)
"""All programmes of the seed, of both products."""

M = TypeVar("M", bound=StrictModel)


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
    history: int = Field(default=5, ge=0, le=50, description="How many last passwords are refused.")
    present_counts: bool = Field(
        default=True,
        description="The present password is one of the last ones (assumed); false: it may be set again, "
        "and as many before it are refused.",
    )
    unresolved_without_profiles: bool = Field(
        default=True,
        description="Without any password profile the answer is UNRESOLVED_IDENTITY (assumed); "
        "false: PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE, as without the one that is needed.",
    )
    validated_as: CredentialType = Field(
        default=CredentialType.ROOT,
        description="By whose profile a password is validated, no user being known (assumed).",
    )
    unique_login_key: bool = Field(
        default=True,
        description="An e-mail address that another user logs in with is answered PASSWORD_KEY_ALREADY_IN_USE "
        "(assumed); false: several users may share one, and the password tells who logs in.",
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
    reset_unlocks: bool = Field(
        default=False,
        description="A lost password that is set anew opens log-in that too many failures closed (assumed).",
    )
    multiple_accounts_found: bool = Field(
        default=True,
        description="A lost password of an e-mail address that several active users have is answered "
        "MULTIPLE_ACCOUNTS_FOUND (assumed); false: the mail goes to the oldest account.",
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

    blank_password: Literal["sentence", "list"] = Field(
        default="sentence",
        description="How a blank password is answered: by a message alone, as observed, "
        "or by HAS_TEXT in the list of syntax errors (assumed).",
    )
    programme: ProgrammeSettings = Field(default=ProgrammeSettings(), description="How programmes behave.")
    programmes: dict[str, ProgrammeSettings] = Field(
        default_factory=dict,
        description=f"In what single programmes differ, by name ({', '.join(PROGRAMMES)}); the rest, "
        "in profiles too, is as in 'programme'.",
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
        return {**given, "programmes": _merged(SEED_PROGRAMMES, given.get("programmes", {}))}

    @field_validator("programmes")
    @classmethod
    def _programmes_of_the_seed(cls, given: dict[str, ProgrammeSettings]) -> dict[str, ProgrammeSettings]:
        """Refuse a name that no programme has: what is set for it would have no effect."""
        if unknown := sorted(given.keys() - set(PROGRAMMES)):
            raise ValueError(f"there is no programme {', '.join(unknown)}; there are: {', '.join(PROGRAMMES)}")
        return given

    def of(self, programme: str) -> ProgrammeSettings:
        """Tell how the programme called *programme* behaves."""
        return self._behaviours.get(programme, self.programme)

    @cached_property
    def _behaviours(self) -> Mapping[str, ProgrammeSettings]:
        """Lay what is set for single programmes over what is set for all, once: every request asks."""
        return {name: _laid_over(self.programme, own) for name, own in self.programmes.items()}


def _laid_over(base: M, own: M) -> M:
    """Take from *own* what was set there, in its groups too, and the rest from *base*."""
    changes: dict[str, Any] = {}
    for name in own.model_fields_set:
        value, before = getattr(own, name), getattr(base, name)
        changes[name] = _laid_over(before, value) if isinstance(value, StrictModel) else value
    return base.model_copy(update=changes)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Lay *new* over *old*, which is seed data and has no models in it."""
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        merged[name] = _merged(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged
