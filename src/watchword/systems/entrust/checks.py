"""The checks of the password policy, by their names in the vendor's validation answer."""

from enum import StrEnum


class Check(StrEnum):
    """One check; an answer lists them in this order."""

    LENGTH = "length"
    LOWER_CASE = "lowerCase"
    UPPER_CASE = "upperCase"
    NUMERIC = "numeric"
    ALPHANUMERIC = "alphaNumeric"
    REPEATED_CHARACTERS = "repeatedCharacters"
    AD_COMPLEXITY = "adComplexity"
    USER_ID = "userID"
    ALIAS = "alias"
    FULL_NAME = "fullName"
    BLACKLISTED = "blacklisted"
    STRENGTH = "strength"
    PASSWORD_HISTORY = "passwordHistory"  # noqa: S105  # a name in the answer


def say_of_password(said: str) -> str:
    """Make a sentence of what a check *said* is wrong with a password: ``must have …``."""
    return f"The password {said}."
