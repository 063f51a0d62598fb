"""What a password must be, and how it is created and updated."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from watchword.domain.hashing import Candidate
from watchword.domain.policy import CharacterClass, Policy, PolicyViolation, character_classes, is_reused, unicode_class
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, rule
from watchword.domain.secret import Secret
from watchword.systems.weavr.errors import (
    Conflict,
    InsufficientPermissions,
    PasswordAlreadyCreated,
    PasswordAlreadyUsed,
    PasswordIncorrect,
    PasswordKeyAlreadyInUse,
    PasswordTooLong,
    PasswordTooShort,
    PasswordTooSimple,
    ProfileNotConfigured,
    UnresolvedIdentity,
    UserNotFound,
)
from watchword.systems.weavr.records import CredentialType, Identity, Password, Programme, User
from watchword.systems.weavr.settings import PasswordProfile, ProgrammeSettings

_LENGTH: dict[PolicyViolation, type[Conflict]] = {
    PolicyViolation.TOO_SHORT: PasswordTooShort,
    PolicyViolation.TOO_LONG: PasswordTooLong,
}
_NEVER = 0
_REMEMBERED = 50
"""As many as a history may be set to, so that it can be made longer at any time."""


class Requirements(NamedTuple):
    """
    What the passwords of one user must look like.

    Args:
        special: The characters that count as special; empty for all but letters and digits.
        history: How many last passwords are refused.
        present_counts: The present password is one of them.
        expires_after: None for never.
    """

    minimum: int
    maximum: int
    classes: int
    special: str
    history: int
    expires_after: timedelta | None
    present_counts: bool = True

    @classmethod
    def of(cls, settings: ProgrammeSettings, profile: PasswordProfile) -> "Requirements":
        """Read them from the settings of a programme and one of its profiles."""
        return cls(
            minimum=profile.minimum,
            maximum=profile.maximum,
            classes=profile.classes,
            special=settings.special_characters,
            history=settings.history,
            expires_after=profile.expires_after,
            present_counts=settings.present_counts,
        )

    def classes_of(self, plain: str) -> frozenset[CharacterClass]:
        """Tell which classes of characters *plain* has; a symbol that does not count as special is of none."""
        if not self.special:
            return character_classes(plain, unicode_class)
        return character_classes(plain, lambda one: _among(self.special, one))


@lru_cache(64)
def _between(minimum: int, maximum: int) -> Policy:
    return Policy(minimum, maximum, required=frozenset())


def _among(special: str, character: str) -> CharacterClass | None:
    found = unicode_class(character)
    return None if found is CharacterClass.SYMBOL and character not in special else found


@rule(
    "weavr.profile.any", ASSUMED, "The page names the code and no cause; without any profile nothing can be resolved."
)
def some_profile(settings: ProgrammeSettings) -> None:
    """A programme without any password profile is answered UNRESOLVED_IDENTITY."""
    if settings.unresolved_without_profiles and not (
        settings.root_profile.configured or settings.user_profile.configured
    ):
        raise UnresolvedIdentity("The programme has no password profile at all.")


@rule("weavr.profile.type", OBSERVED, "The code's name, and profiles per credential type as programmes have them.")
def profile_for(settings: ProgrammeSettings, credential: CredentialType) -> PasswordProfile:
    """
    A programme with password profiles, but none for the type of credential, is answered
    PASSWORD_PROFILE_NOT_CONFIGURED_FOR_CREDENTIAL_TYPE.
    """
    profile = settings.profile(credential)
    if not profile.configured:
        raise ProfileNotConfigured(f"The programme has no password profile for {credential} credentials.")
    return profile


@rule("weavr.password.length", DOCUMENTED, "Vendor page 'Create a password': 'between 8 and 30 characters'.")
def check_length(plain: Secret, requirements: Requirements) -> None:
    """A password has 8 to 30 characters, or as many as the profile says; length comes before complexity."""
    for violation in _between(requirements.minimum, requirements.maximum).violations(plain.reveal()):
        raise _LENGTH[violation](
            f"A password has {requirements.minimum} to {requirements.maximum} characters; this one is {violation}."
        )


@rule(
    "weavr.password.complexity",
    DOCUMENTED,
    "Vendor page 'Create a password': lower case, upper case, 'a digit and a special character'.",
)
def check_complexity(plain: Secret, requirements: Requirements) -> None:
    """A password has a lower-case and an upper-case letter, a digit and a special character, or it is TOO_SIMPLE."""
    present = requirements.classes_of(plain.reveal())
    if len(present) < requirements.classes:
        missing = ", ".join(one for one in CharacterClass if one not in present)
        raise PasswordTooSimple(f"A password has {requirements.classes} kinds of characters; missing here: {missing}.")


def check_form(plain: Secret, requirements: Requirements) -> None:
    """Judge what can be seen of a password without knowing its user: length, then complexity."""
    check_length(plain, requirements)
    check_complexity(plain, requirements)


@rule(
    "weavr.password.history",
    DOCUMENTED,
    "Vendor page 'Update a password': 'different from any of the 5 last'; that the present one counts is assumed.",
)
def check_history(candidate: Candidate, password: Password, requirements: Requirements) -> None:
    """A new password equals none of the last five, the present one included; the sixth last may come back."""
    present = (password.hash,) if requirements.present_counts else ()
    if is_reused(candidate, (*present, *password.former), depth=requirements.history):
        raise PasswordAlreadyUsed(f"It is one of the last {requirements.history} passwords.")


@rule("weavr.password.expiry", DOCUMENTED, "Vendor page 'Create a password': expiryDate, 'If 0 … will not expire'.")
def expiry_date(password: Password, expires_after: timedelta | None) -> int:
    """The answer tells in milliseconds since 1970 when the password expires, and 0 if it never does."""
    if expires_after is None:
        return _NEVER
    return max(1, round((password.changed_at + expires_after).timestamp() * 1000))


def expired(password: Password, expires_after: timedelta | None, *, now: datetime) -> bool:
    """Whether *password* was good for *expires_after* and no longer is."""
    return expires_after is not None and now >= password.changed_at + expires_after


@rule("weavr.create.user", OBSERVED, "Answers of the real service.")
def known_user(user: User | None, programme: Programme) -> User:
    """To create a password for a user whom the programme of the key does not have is answered 404."""
    if user is None or user.programme_id != programme.id:
        raise UserNotFound
    return user


@rule("weavr.create.inactive", OBSERVED, "Answers of the real service.")
def not_inactive(user: User) -> None:
    """To create a password for an inactive user is answered 403."""
    if not user.active:
        raise InsufficientPermissions("The user is inactive.")


@rule("weavr.create.identity", ASSUMED, "The page names the code and no cause; this is what it says.")
def resolved_identity(identity: Identity | None) -> Identity:
    """To create a password for a user whose identity cannot be found is answered UNRESOLVED_IDENTITY."""
    if identity is None:
        raise UnresolvedIdentity("The identity of the user cannot be found.")
    return identity


@rule("weavr.create.once", OBSERVED, "Answers of the real service to a second call.")
def without_password(user: User) -> None:
    """A password is created once; a second time is answered PASSWORD_ALREADY_CREATED."""
    if user.password is not None:
        raise PasswordAlreadyCreated("The user has a password: update it, or reset it with the lost-password calls.")


@rule("weavr.create.login-key", ASSUMED, "The key of a password is what one logs in with; the page gives no cause.")
def free_login(user: User, holders: Sequence[User], *, unique: bool) -> None:
    """
    An e-mail address with which another user of the programme logs in is answered PASSWORD_KEY_ALREADY_IN_USE.

    Args:
        holders: Who has the address.
        unique: False: several users may log in with it.
    """
    if unique and any(other.id != user.id and other.password is not None for other in holders):
        raise PasswordKeyAlreadyInUse("Another user of the programme logs in with the same e-mail address.")


def create(user: User, candidate: Candidate, *, requirements: Requirements, salt: bytes, now: datetime) -> User:
    """Give *user* the first password, if it has the right form."""
    check_form(candidate.plain, requirements)
    return replace(user, password=Password(candidate.make_hash(salt=salt), now))


@rule("weavr.update.old-password", DOCUMENTED, "Vendor page 'Update a password', 409: PASSWORD_INCORRECT.")
def knows_old(user: User, old: Candidate) -> Password:
    """An update with a wrong old password is answered PASSWORD_INCORRECT, before the new one is looked at."""
    if user.password is None or not old.matches(user.password.hash):
        raise PasswordIncorrect("The old password is another.")
    return user.password


def changed(
    user: User, password: Password, new: Candidate, *, requirements: Requirements, salt: bytes, now: datetime
) -> User:
    """
    Replace *password*, the present one of *user*, by *new*: length, complexity, history, in this order.

    Returns:
        The user with the new password; the present one is remembered.
    """
    check_form(new.plain, requirements)
    check_history(new, password, requirements)
    former = (password.hash, *password.former)
    return replace(
        user, password=Password(new.make_hash(share_salt_with=password.hash, salt=salt), now, former[:_REMEMBERED])
    )
