"""Policy checks of names: what of the user a password must not contain."""

import re
from collections.abc import Sequence

from watchword.domain.rule import DOCUMENTED, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust.characters import count_kinds
from watchword.systems.entrust.checks import say_of_password
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import KINDS_OF_COMPLEXITY, PasswordSettings

_SEPARATORS = re.compile(r"[\s,.\-_#]+")
_SHORTEST_NAME = 3


@rule(
    "entrust.policy.ad-complexity",
    DOCUMENTED,
    "vendor help page 'Modify password authenticator settings': Active Directory Complexity Requirements;"
    " what they are: Microsoft, 'Password must meet complexity requirements'",
    reports=True,
    because=say_of_password,
    compares=lambda password, user, policy: {
        "applies": policy.ad_complexity,
        "kinds": len(count_kinds(password)),
        "minimum": KINDS_OF_COMPLEXITY,
        "name_inside": _contains(password, _names_of_complexity(user)),
    },
)
def check_complexity(password: Secret, user: User, policy: PasswordSettings) -> str | None:
    """
    With adComplexity a password has three of five kinds of characters and no name of the user.

    The kinds are upper case, lower case, digits, other letters, and the rest.
    The user ID, and parts of the full name, count from three characters on.
    """
    if not policy.ad_complexity:
        return None
    if len(count_kinds(password)) < KINDS_OF_COMPLEXITY:
        return "must have three of: upper-case, lower-case and other letters, digits, other characters"
    if _contains(password, _names_of_complexity(user)):
        return "must not have the user ID or a part of the full name inside"
    return None


@rule(
    "entrust.policy.user-id",
    DOCUMENTED,
    "vendor help pages; that short user IDs do not count is assumed",
    reports=True,
    because=say_of_password,
    compares=lambda password, user: {"inside": _contains(password, [user.login])},
)
def check_user_id(password: Secret, user: User) -> str | None:
    """A password does not contain a user ID of three or more characters, in upper or lower case."""
    return "must not have the user ID inside" if _contains(password, [user.login]) else None


@rule(
    "entrust.policy.alias",
    DOCUMENTED,
    "vendor help pages; that short aliases do not count is assumed",
    reports=True,
    because=say_of_password,
    compares=lambda password, user: {"inside": _contains(password, user.aliases), "aliases": len(user.aliases)},
)
def check_aliases(password: Secret, user: User) -> str | None:
    """A password contains no alias of three or more characters, in upper or lower case."""
    return "must not have an alias of the user inside" if _contains(password, user.aliases) else None


@rule(
    "entrust.policy.full-name",
    DOCUMENTED,
    "vendor help pages; that it counts without blanks too is assumed",
    reports=True,
    because=say_of_password,
    compares=lambda password, user: {"inside": _contains(password, _full_names(user))},
)
def check_full_name(password: Secret, user: User) -> str | None:
    """A password does not contain the full name, with or without its blanks, in upper or lower case."""
    return "must not have the full name of the user inside" if _contains(password, _full_names(user)) else None


def _names_of_complexity(user: User) -> Sequence[str]:
    return [user.login, *_SEPARATORS.split(user.full_name)]


def _full_names(user: User) -> Sequence[str]:
    return [user.full_name, user.full_name.replace(" ", "")]


def _contains(password: Secret, names: Sequence[str]) -> bool:
    folded = password.revealed.casefold()
    return any(len(name) >= _SHORTEST_NAME and name.casefold() in folded for name in names)
