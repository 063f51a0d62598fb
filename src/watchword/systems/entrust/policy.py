"""The password policy as a list of checks: each is a function that says what is wrong, or nothing."""

from watchword.domain.rule import DOCUMENTED, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust.characters import CLASSES, check_characters, check_repetition, count_kinds
from watchword.systems.entrust.checks import Check, say_of_password
from watchword.systems.entrust.names import check_aliases, check_complexity, check_full_name, check_user_id
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import Strength, is_compromised

_HELP = "vendor help page 'Modify password authenticator settings'"
_READ_AT_MOST = 1024
"""A password with more characters is too long under any policy; the other checks read no further."""


def find_failures(password: Secret, *, user: User, policy: PasswordSettings, strength: Strength) -> dict[Check, str]:
    """
    List everything that is wrong with *password*, except for the history.

    Returns:
        The end of a sentence for each failed check ("must have …"), in the order of `Check`.
    """
    beginning = Secret(password.revealed[:_READ_AT_MOST])
    counted = count_kinds(beginning)
    found = {
        Check.LENGTH: check_length(password, policy),
        **{check: check_characters(counted, policy, check) for check in CLASSES},
        Check.REPEATED_CHARACTERS: check_repetition(beginning, policy),
        Check.AD_COMPLEXITY: check_complexity(beginning, user, policy),
        Check.USER_ID: check_user_id(beginning, user),
        Check.ALIAS: check_aliases(beginning, user),
        Check.FULL_NAME: check_full_name(beginning, user),
        Check.BLACKLISTED: check_blacklist(beginning, policy),
        Check.STRENGTH: check_strength(strength, policy),
    }
    return {check: wrong for check, wrong in found.items() if wrong is not None}


@rule(
    "entrust.policy.length",
    DOCUMENTED,
    f"{_HELP}: Minimum Length, Maximum Length",
    reports=True,
    because=say_of_password,
    compares=lambda password, policy: {
        "length": len(password.revealed),
        "minimum": policy.minimum_length,
        "maximum": policy.maximum_length,
    },
)
def check_length(password: Secret, policy: PasswordSettings) -> str | None:
    """A password has at least minimumLength and at most maximumLength characters."""
    if policy.minimum_length <= len(password.revealed) <= policy.maximum_length:
        return None
    return f"must have between {policy.minimum_length} and {policy.maximum_length} characters"


@rule(
    "entrust.policy.blacklist",
    DOCUMENTED,
    f"{_HELP}: Allow Compromised Passwords; which ones are known is assumed",
    reports=True,
    because=say_of_password,
    compares=lambda password, policy: {
        "listed": _is_listed(password, policy),
        "compromised": is_compromised(password),
        "compromised_allowed": policy.allow_compromised_passwords,
    },
)
def check_blacklist(password: Secret, policy: PasswordSettings) -> str | None:
    """A listed password is refused, and so is a compromised one unless a setting allows it."""
    if _is_listed(password, policy) or (not policy.allow_compromised_passwords and is_compromised(password)):
        return "must not be a listed or compromised password"
    return None


def _is_listed(password: Secret, policy: PasswordSettings) -> bool:
    return password.revealed.casefold() in {one.casefold() for one in policy.blacklist}


@rule(
    "entrust.policy.strength",
    DOCUMENTED,
    f"{_HELP}: Minimum Password Strength; the estimate itself is zxcvbn's",
    reports=True,
    because=say_of_password,
    compares=lambda strength, policy: {"score": strength.score, "minimum": policy.minimum_strength},
)
def check_strength(strength: Strength, policy: PasswordSettings) -> str | None:
    """The strength of a password, 0 to 4, is at least minimumStrength."""
    if strength.score >= policy.minimum_strength:
        return None
    return f"must have a strength of at least {policy.minimum_strength}, has {strength.score}"
