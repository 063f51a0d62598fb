"""The settings of both products: most are per programme, because the vendor configures programmes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Literal, TypeVar

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from watchword.store import Transaction
from watchword.system.setting_faults import SettingFault
from watchword.system.settings import Duration, PositiveDuration, StrictModel, SystemSettings
from watchword.systems.weavr.records import CredentialType, Programme

SEED_PROGRAMMES: Mapping[str, Mapping[str, Any]] = {
    "vault": {"tokenised": True},
    "quarterly": {"root_profile": {"expires_after": "P90D"}, "user_profile": {"expires_after": "P90D"}},
    "users-only": {"root_profile": {"configured": False}},
    "unprofiled": {"root_profile": {"configured": False}, "user_profile": {"configured": False}},
    "suspended": {"suspended": True},
}
"""The settings of the programmes of the seed data that have their own."""
PROGRAMMES = ("main", "neighbour", *SEED_PROGRAMMES)
"""The programmes of the seed data, the same for both products."""

LONGEST_HISTORY = 50
"""As many former passwords are stored, so that the history can be set longer at any time."""

M = TypeVar("M", bound=StrictModel)
G = TypeVar("G")


class PasswordProfile(StrictModel):
    """What the passwords of one credential type must look like."""

    configured: bool = Field(default=True, description="False: the programme has no profile for this credential type.")
    minimum: int = Field(default=8, ge=1, le=100, description="Minimum number of characters.")
    maximum: int = Field(default=30, ge=1, le=100, description="Maximum number of characters.")
    classes: int = Field(
        default=4,
        ge=1,
        le=4,
        description="How many of these kinds of characters are required: lower case, upper case, digit, special.",
    )
    expires_after: PositiveDuration | None = Field(
        default=None, description="How long a password is valid; null: for ever."
    )


class ProgrammeSettings(StrictModel):
    """The settings of one programme."""

    suspended: bool = Field(default=False, description="The key is known, but every call is forbidden (assumed).")
    tokenised: bool = Field(
        default=False, description="Not PCI compliant: passwords are accepted as tokens only, never as plain text."
    )
    root_profile: PasswordProfile = Field(
        default=PasswordProfile(), description="The profile of root users (Payment Run: administrators)."
    )
    user_profile: PasswordProfile = Field(default=PasswordProfile(), description="The profile of further users.")
    special_characters: str = Field(
        default="",
        description="The characters that count as special; empty: everything but letters and digits (assumed).",
    )
    history: int = Field(default=5, ge=0, le=LONGEST_HISTORY, description="How many of the last passwords are refused.")
    present_counts: bool = Field(
        default=True,
        description="The present password is one of the last passwords (assumed); false: it can be set again, "
        "and as many passwords before it are refused.",
    )
    unresolved_without_profiles: bool = Field(
        default=True,
        description="Without any password profile the answer is UNRESOLVED_IDENTITY (assumed); "
        "false: PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE, as if only the required profile were missing.",
    )
    validated_as: CredentialType = Field(
        default=CredentialType.ROOT,
        description="Whose profile validates a password: this call names no user (assumed).",
    )
    unique_login_key: bool = Field(
        default=True,
        description="An e-mail address that another user logs in with is answered PASSWORD_KEY_ALREADY_IN_USE "
        "(assumed); false: several users can share an address, and the password decides who logs in.",
    )
    session_lifetime: Duration = Field(
        default=timedelta(minutes=5), gt=timedelta(0), description="How long a login token is valid after its last use."
    )
    nonce_lifetime: Duration = Field(
        default=timedelta(hours=1), gt=timedelta(0), description="How long the code in a lost-password mail is valid."
    )
    invite_lifetime: Duration = Field(
        default=timedelta(days=7), gt=timedelta(0), description="How long an invitation is valid (assumed)."
    )
    lock_after: int = Field(default=5, ge=1, description="How many wrong passwords in a row lock log-in (assumed).")
    locked_for: Duration = Field(
        default=timedelta(minutes=30), gt=timedelta(0), description="How long log-in stays locked."
    )
    reset_unlocks: bool = Field(
        default=False,
        description="Resetting a lost password unlocks log-in (assumed).",
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


_Programme = tuple[tuple[str, ...], ProgrammeSettings, ProgrammeSettings]
"""The names that lead to the settings of a programme, with those of all programmes, and alone."""


class WeavrSettings(SystemSettings):
    """The settings of both products."""

    blank_password: Literal["sentence", "list"] = Field(
        default="sentence",
        description="How a blank password is answered: by a message alone, as observed, "
        "or by HAS_TEXT in the list of syntax errors (assumed).",
    )
    programme: ProgrammeSettings = Field(default=ProgrammeSettings(), description="The settings of all programmes.")
    programmes: dict[str, ProgrammeSettings] = Field(
        default_factory=dict,
        description=f"The settings of single programmes, by name ({', '.join(PROGRAMMES)}, or one that was made in "
        "the sandbox); what is not set here, in profiles too, is as in 'programme'.",
    )
    deactivated: tuple[str, ...] = Field(
        default=(), description="Ids of users who are inactive, besides the inactive seed people."
    )

    @model_validator(mode="before")
    @classmethod
    def _add_seed_programmes(cls, given: Any) -> Any:
        """Merge the given programmes into those of the seed data, so that naming one leaves the others unchanged."""
        if not isinstance(given, dict) or not isinstance(given.get("programmes", {}), dict):
            return given
        return {**given, "programmes": _merge(SEED_PROGRAMMES, given.get("programmes", {}))}

    @field_validator("programmes")
    @classmethod
    def _refuse_unknown_programmes(
        cls, given: dict[str, ProgrammeSettings], info: ValidationInfo
    ) -> dict[str, ProgrammeSettings]:
        """Refuse an unknown name, as its settings would have no effect; in a sandbox `misnamed` does."""
        if not (info.context or {}).get("in_sandbox") and (wrong := _unknown(given, PROGRAMMES)):
            raise ValueError(wrong)
        return given

    @field_validator("programme")
    @classmethod
    def _can_be_met(cls, given: ProgrammeSettings, info: ValidationInfo) -> ProgrammeSettings:
        """Refuse profiles that no password can meet."""
        return _refuse_unmet(given, [((), given, given)], info)

    @field_validator("programmes")
    @classmethod
    def _can_all_be_met(cls, given: dict[str, ProgrammeSettings], info: ValidationInfo) -> dict[str, ProgrammeSettings]:
        """Refuse the same in single programmes, which have the rest of 'programme'."""
        base = info.data.get("programme")
        if base is None:  # it was refused
            return given
        return _refuse_unmet(given, [((name,), _with_own(base, own), own) for name, own in given.items()], info)

    def misnamed(self, tx: Transaction, system: str) -> Sequence[SettingFault]:
        """Find programmes that neither the seed data nor the sandbox has."""
        made = sorted(one.name for one in tx.find(Programme) if one.product == system and one.name not in PROGRAMMES)
        wrong = _unknown(self.programmes, [*PROGRAMMES, *made])
        return [SettingFault(("programmes",), wrong)] if wrong else []

    def of(self, programme: str) -> ProgrammeSettings:
        """Find the settings of the programme with this name."""
        return self._merged_programmes.get(programme, self.programme)

    @cached_property
    def _merged_programmes(self) -> Mapping[str, ProgrammeSettings]:
        """Merge the settings of single programmes into those of all, once, because every request needs them."""
        return {name: _with_own(self.programme, own) for name, own in self.programmes.items()}


def _unknown(given: Iterable[str], known: Sequence[str]) -> str:
    """Say which names are not known; empty if all are."""
    unknown = sorted(set(given) - set(known))
    return f"there is no programme {', '.join(unknown)}; there are: {', '.join(known)}" if unknown else ""


def _refuse_unmet(given: G, programmes: Iterable[_Programme], info: ValidationInfo) -> G:
    """
    Return *given*, unless it has a profile that no password can meet.

    Raises:
        ValidationError: It has one.
    """
    wrong = () if (info.context or {}).get("stored") else [one for each in programmes for one in _unmet_profiles(*each)]
    if wrong:
        raise ValidationError.from_exception_data("profile", wrong)
    return given


def _unmet_profiles(
    path: tuple[str, ...], whole: ProgrammeSettings, own: ProgrammeSettings
) -> Iterator[InitErrorDetails]:
    """Find the profiles of a programme with a minimum above their maximum, where one of these was set."""
    for name in ("root_profile", "user_profile"):
        profile, written = getattr(whole, name), getattr(own, name).model_fields_set
        if profile.configured and profile.minimum > profile.maximum:
            bound, other = ("minimum", "maximum") if "minimum" in written else ("maximum", "minimum")
            right = f"must not be {'greater' if bound == 'minimum' else 'less'} than {other}"
            if other not in profile.model_fields_set:
                right += f", which is {getattr(profile, other)} unless it is set"
            problem = PydanticCustomError("value_error", "{error}", {"error": right})
            yield InitErrorDetails(type=problem, loc=(*path, name, bound), input=getattr(profile, bound))


def _with_own(base: M, own: M) -> M:
    """Take what was set in *own*, in its nested models too, and the rest from *base*."""
    changes: dict[str, Any] = {}
    for name in own.model_fields_set:
        value, before = getattr(own, name), getattr(base, name)
        changes[name] = _with_own(before, value) if isinstance(value, StrictModel) else value
    return base.model_copy(update=changes)


def _merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Merge *new* into *old*, which has no models in it."""
    merged = dict(old)
    for name, value in new.items():
        before = merged.get(name)
        merged[name] = _merge(before, value) if isinstance(before, Mapping) and isinstance(value, Mapping) else value
    return merged
