"""Policy checks of single characters: which kinds a password has, and how often one is repeated."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby

from watchword.domain.policy import CharacterClass, unicode_class
from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust.checks import Check, say_of_password
from watchword.systems.entrust.settings import PasswordSettings, Requirement

_SETTINGS = "published description, UserPasswordSettings"


@dataclass(frozen=True, slots=True)
class CharacterRule:
    """
    What the policy says about one kind of character.

    Args:
        words: What people call it.
        setting: Reads its requirement, and the number that is required, from the settings.
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
"""The kinds of characters, by the check that reports on them."""


def count_kinds(password: Secret) -> Counter[CharacterClass | None]:
    """Count the characters of each kind; letters without case are of the kind None."""
    return Counter(unicode_class(character) for character in password.revealed)


@rule(
    "entrust.policy.characters",
    DOCUMENTED,
    f"{_SETTINGS}: include… and numberOf…Required",
    reports=True,
    because=say_of_password,
    compares=lambda counted, policy, check: {
        "kind": check,
        "count": counted.get(CLASSES[check].kind, 0),
        "required": CLASSES[check].required(policy),
        "allowed": CLASSES[check].allowed(policy),
    },
)
def check_characters(
    counted: Mapping[CharacterClass | None, int], policy: PasswordSettings, check: Check
) -> str | None:
    """Each kind of character is REQUIRED (at least a given number of times), ALLOWED or NOT_ALLOWED."""
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
    reports=True,
    because=say_of_password,
    compares=lambda password, policy: {"longest": _longest_run(password), "maximum": policy.maximum_repeated},
)
def check_repetition(password: Secret, policy: PasswordSettings) -> str | None:
    """A character occurs at most maximumRepeated times in a row; 0 allows any number."""
    if not policy.maximum_repeated or _longest_run(password) <= policy.maximum_repeated:
        return None
    return f"must not have one character more than {policy.maximum_repeated} times in a row"


def _longest_run(password: Secret) -> int:
    return max((len(list(run)) for _, run in groupby(password.revealed)), default=0)
