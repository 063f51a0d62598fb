"""What the passwords of a user must look like: the profile of the programme, length and complexity."""

from functools import lru_cache
from typing import NamedTuple

from watchword.domain.policy import CharacterClass, Policy, PolicyViolation, character_classes, unicode_class
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.systems.weavr.errors import (
    Conflict,
    PasswordTooLong,
    PasswordTooShort,
    PasswordTooSimple,
    ProfileNotConfigured,
    UnresolvedIdentity,
)
from watchword.systems.weavr.records import CredentialType
from watchword.systems.weavr.settings import PasswordProfile, ProgrammeSettings

_LENGTH: dict[PolicyViolation, type[Conflict]] = {
    PolicyViolation.TOO_SHORT: PasswordTooShort,
    PolicyViolation.TOO_LONG: PasswordTooLong,
}


class Requirements(NamedTuple):
    """
    What the passwords of one user must look like.

    Args:
        minimum: In Unicode code points, as *maximum*.
        special: The characters that count as special; empty for everything but letters and digits.
        history: How many of the last passwords are refused.
        present_counts: The present password is one of them.
    """

    minimum: int
    maximum: int
    classes: int
    special: str
    history: int
    present_counts: bool = True

    @classmethod
    def of(cls, settings: ProgrammeSettings, profile: PasswordProfile) -> "Requirements":
        """Read them from the settings of a programme and one of its profiles."""
        return _requirements(
            profile.minimum,
            profile.maximum,
            profile.classes,
            settings.special_characters,
            settings.history,
            settings.present_counts,
        )

    def classes_of(self, plain: str) -> frozenset[CharacterClass]:
        """List the classes of characters in *plain*; a symbol that does not count as special has no class."""
        if not self.special:
            return character_classes(plain, unicode_class)
        return character_classes(plain, lambda one: _class_of(one, special=self.special))


_requirements = lru_cache(64)(Requirements)
"""Requests with the same settings have one value together, because the journal keeps that of every request."""


@lru_cache(64)
def _between(minimum: int, maximum: int) -> Policy:
    return Policy(minimum, maximum, required=frozenset())


def _class_of(character: str, *, special: str) -> CharacterClass | None:
    found = unicode_class(character)
    return None if found is CharacterClass.SYMBOL and character not in special else found


@rule(
    "weavr.profile.any",
    ASSUMED,
    "The page names the code and no cause; without any profile nothing can be resolved.",
    compares=lambda settings: {
        "root_profile": settings.root_profile.configured,
        "user_profile": settings.user_profile.configured,
        "unresolved_without_profiles": settings.unresolved_without_profiles,
    },
)
def require_any_profile(settings: ProgrammeSettings) -> None:
    """A programme without any password profile is answered UNRESOLVED_IDENTITY."""
    if settings.unresolved_without_profiles and not (
        settings.root_profile.configured or settings.user_profile.configured
    ):
        raise UnresolvedIdentity("The programme has no password profile at all.")


@rule(
    "weavr.profile.type",
    OBSERVED,
    "The code's name, and profiles per credential type as programmes have them.",
    without=lambda settings, credential: settings.profile(credential),
    compares=lambda settings, credential: {
        "credential": credential,
        "configured": settings.profile(credential).configured,
    },
)
def require_profile(settings: ProgrammeSettings, credential: CredentialType) -> PasswordProfile:
    """
    A programme with password profiles, but none for the type of credential, is answered
    PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE.
    """
    profile = settings.profile(credential)
    if not profile.configured:
        raise ProfileNotConfigured(f"The programme has no password profile for {credential} credentials.")
    return profile


@rule(
    "weavr.password.length",
    DOCUMENTED,
    "Vendor page 'Create a password': 'between 8 and 30 characters'.",
    compares=lambda plain, requirements: {
        "length": len(plain.revealed),
        "minimum": requirements.minimum,
        "maximum": requirements.maximum,
    },
)
def check_length(plain: Secret, requirements: Requirements) -> None:
    """A password has 8 to 30 characters, or as many as the profile says; length comes before complexity."""
    for violation in _between(requirements.minimum, requirements.maximum).violations(plain.revealed):
        raise _LENGTH[violation](
            f"A password has {requirements.minimum} to {requirements.maximum} characters; this one is {violation}."
        )


@rule(
    "weavr.password.complexity",
    DOCUMENTED,
    "Vendor page 'Create a password': lower case, upper case, 'a digit and a special character'.",
    compares=lambda plain, requirements: {
        "kinds": len(requirements.classes_of(plain.revealed)),
        "kinds_required": requirements.classes,
    },
)
def check_complexity(plain: Secret, requirements: Requirements) -> None:
    """A password has a lower-case and an upper-case letter, a digit and a special character, or it is TOO_SIMPLE."""
    present = requirements.classes_of(plain.revealed)
    if len(present) < requirements.classes:
        missing = ", ".join(one for one in CharacterClass if one not in present)
        raise PasswordTooSimple(
            f"A password needs {requirements.classes} kinds of characters; missing here: {missing}."
        )


def check_form(plain: Secret, requirements: Requirements) -> None:
    """Check what does not depend on former passwords: length, then complexity."""
    check_length(plain, requirements)
    check_complexity(plain, requirements)
