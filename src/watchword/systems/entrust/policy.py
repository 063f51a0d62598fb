"""The password policy as a check list: one function a check, each says what is wrong or nothing."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from watchword.domain.digests import is_bcrypt
from watchword.domain.hashing import Candidate
from watchword.domain.policy import CharacterClass, is_reused, unicode_class
from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import KINDS_OF_COMPLEXITY, PasswordSettings, Requirement
from watchword.systems.entrust.strength import Strength, compromised

_HELP = "vendor help page 'Modify password authenticator settings'"
_SETTINGS = "published description, UserPasswordSettings"
_SEPARATORS = re.compile(r"[\s,.\-_#]+")
_SHORTEST_NAME = 3
_LOOKED_AT = 1024
"""A password with more characters than these is too long under any policy; the other checks read no further."""


class Check(StrEnum):
    """The checks, by their names in the vendor's validation answer, in the order they are reported."""

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


def failures(password: str, *, user: User, policy: PasswordSettings, strength: Strength) -> dict[Check, str]:
    """
    List everything *password* does wrong, except for the history.

    Returns:
        A sentence's end per failed check ("must have …"), in the order of `Check`.
    """
    looked_at = password[:_LOOKED_AT]
    present = kinds(looked_at)
    found = {
        Check.LENGTH: length(password, policy),
        **{check: characters(present, policy, check) for check in CLASSES},
        Check.REPEATED_CHARACTERS: repeated(looked_at, policy),
        Check.AD_COMPLEXITY: ad_complexity(looked_at, user, policy),
        Check.USER_ID: user_id(looked_at, user),
        Check.ALIAS: alias(looked_at, user),
        Check.FULL_NAME: full_name(looked_at, user),
        Check.BLACKLISTED: blacklisted(looked_at, policy),
        Check.STRENGTH: strong_enough(strength, policy),
    }
    return {check: wrong for check, wrong in found.items() if wrong is not None}


@rule("entrust.policy.length", DOCUMENTED, f"{_HELP}: Minimum Length, Maximum Length")
def length(password: str, policy: PasswordSettings) -> str | None:
    """A password has at least minimumLength and at most maximumLength characters."""
    if policy.minimum_length <= len(password) <= policy.maximum_length:
        return None
    return f"must have between {policy.minimum_length} and {policy.maximum_length} characters"


@dataclass(frozen=True, slots=True)
class CharacterRule:
    """
    One kind of character.

    Args:
        words: What people call it.
        setting: Where the settings speak of it.
    """

    kind: CharacterClass
    words: str
    setting: Callable[[PasswordSettings], tuple[Requirement, int]]

    def required(self, policy: PasswordSettings) -> int:
        """How many of them a password must have."""
        requirement, number = self.setting(policy)
        return max(1, number) if requirement is Requirement.REQUIRED else 0

    def allowed(self, policy: PasswordSettings) -> bool:
        """Whether a password may have any."""
        return self.setting(policy)[0] is not Requirement.NOT_ALLOWED


CLASSES: Mapping[Check, CharacterRule] = {
    Check.LOWER_CASE: CharacterRule(
        CharacterClass.LOWER,
        "lower-case letter",
        lambda policy: (policy.include_lowercase, policy.number_of_lowercase_required),
    ),
    Check.UPPER_CASE: CharacterRule(
        CharacterClass.UPPER,
        "upper-case letter",
        lambda policy: (policy.include_uppercase, policy.number_of_uppercase_required),
    ),
    Check.NUMERIC: CharacterRule(
        CharacterClass.DIGIT,
        "digit",
        lambda policy: (policy.include_number, policy.number_of_numeric_required),
    ),
    Check.ALPHANUMERIC: CharacterRule(
        CharacterClass.SYMBOL,
        "character that is not alphanumeric",
        lambda policy: (policy.include_nonalphanumeric, policy.number_of_nonalphanumeric_required),
    ),
}


def kinds(password: str) -> Counter[CharacterClass | None]:
    """Count the characters of each kind; letters without case are of the kind None."""
    return Counter(unicode_class(character) for character in password)


@rule("entrust.policy.characters", DOCUMENTED, f"{_SETTINGS}: include… and numberOf…Required")
def characters(counted: Mapping[CharacterClass | None, int], policy: PasswordSettings, check: Check) -> str | None:
    """Each kind of character is REQUIRED (so many times), ALLOWED or NOT_ALLOWED."""
    wanted = CLASSES[check]
    present = counted.get(wanted.kind, 0)
    if present and not wanted.allowed(policy):
        return f"must have no {wanted.words}"
    required = wanted.required(policy)
    return f"must have at least {required} {wanted.words}{'' if required == 1 else 's'}" if present < required else None


@rule(
    "entrust.policy.repeated",
    ASSUMED,
    f"{_SETTINGS}: maximumRepeated; that it counts characters in a row is assumed",
)
def repeated(password: str, policy: PasswordSettings) -> str | None:
    """One character stands at most maximumRepeated times in a row, unless that is 0."""
    longest = max((len(list(run)) for _, run in groupby(password)), default=0)
    if not policy.maximum_repeated or longest <= policy.maximum_repeated:
        return None
    return f"must not have one character more than {policy.maximum_repeated} times in a row"


@rule(
    "entrust.policy.ad-complexity",
    DOCUMENTED,
    f"{_HELP}: Active Directory Complexity Requirements;"
    " what they are: Microsoft, 'Password must meet complexity requirements'",
)
def ad_complexity(password: str, user: User, policy: PasswordSettings) -> str | None:
    """
    With adComplexity a password has three of five kinds of characters and no name of the user.

    The kinds are upper case, lower case, digits, other letters, and the rest.
    The user ID, and parts of the full name, count from three characters on.
    """
    if not policy.ad_complexity:
        return None
    if len(kinds(password)) < KINDS_OF_COMPLEXITY:
        return "must have three of: upper-case, lower-case and other letters, digits, other characters"
    names = [user.login, *_SEPARATORS.split(user.full_name)]
    return "must not have the user ID or a part of the full name inside" if _any_inside(names, password) else None


@rule("entrust.policy.user-id", DOCUMENTED, "vendor help pages; that short user IDs do not count is assumed")
def user_id(password: str, user: User) -> str | None:
    """The user ID, if it has three characters or more, is not inside, in any case of letters."""
    return "must not have the user ID inside" if _any_inside([user.login], password) else None


@rule("entrust.policy.alias", DOCUMENTED, "vendor help pages; that short aliases do not count is assumed")
def alias(password: str, user: User) -> str | None:
    """No alias of three characters or more is inside, in any case of letters."""
    return "must not have an alias of the user inside" if _any_inside(user.aliases, password) else None


@rule("entrust.policy.full-name", DOCUMENTED, "vendor help pages; that it counts without blanks too is assumed")
def full_name(password: str, user: User) -> str | None:
    """The full name, with or without its blanks, is not inside, in any case of letters."""
    names = [user.full_name, user.full_name.replace(" ", "")]
    return "must not have the full name of the user inside" if _any_inside(names, password) else None


def _any_inside(names: Sequence[str], password: str) -> bool:
    folded = password.casefold()
    return any(len(name) >= _SHORTEST_NAME and name.casefold() in folded for name in names)


@rule(
    "entrust.policy.blacklist",
    DOCUMENTED,
    f"{_HELP}: Allow Compromised Passwords; which ones are known is assumed",
)
def blacklisted(password: str, policy: PasswordSettings) -> str | None:
    """A listed password is refused, and a compromised one unless they are allowed."""
    listed = password.casefold() in {one.casefold() for one in policy.blacklist}
    if listed or (not policy.allow_compromised_passwords and compromised(password)):
        return "must not be a listed or compromised password"
    return None


@rule(
    "entrust.policy.strength",
    DOCUMENTED,
    f"{_HELP}: Minimum Password Strength; the estimate itself is zxcvbn's",
)
def strong_enough(strength: Strength, policy: PasswordSettings) -> str | None:
    """The strength of a password, 0 to 4, is at least minimumStrength."""
    if strength.score >= policy.minimum_strength:
        return None
    return f"must have a strength of at least {policy.minimum_strength}, has {strength.score}"


@rule(
    "entrust.history.imported",
    ASSUMED,
    "each bcrypt hash has a salt of its own, so that a history of them would take seconds to compare",
)
def compared(user: User, policy: PasswordSettings) -> tuple[str, ...]:
    """Of the passwords in the history that were imported as hashes, only the newest few are compared."""
    history = user.history[: policy.password_history_size]
    imported = [stored for stored in history if is_bcrypt(stored)]
    left_out = imported[policy.imported_passwords_compared :]
    return tuple(stored for stored in history if stored not in left_out)


@rule(
    "entrust.history.size",
    DOCUMENTED,
    f"{_HELP}: Password Kept in History; that the present one counts is assumed",
)
def in_history(candidate: Candidate, user: User, policy: PasswordSettings) -> str | None:
    """None of the last passwordHistorySize passwords, the present one included, comes again."""
    if not is_reused(candidate, compared(user, policy), depth=policy.password_history_size):
        return None
    return f"must not be one of the last {policy.password_history_size} passwords"
