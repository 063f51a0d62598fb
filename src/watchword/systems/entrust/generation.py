"""Random passwords that meet the policy."""

from collections.abc import Iterator
from itertools import islice

from watchword.domain.chance import Chance
from watchword.domain.policy import CharacterClass
from watchword.domain.rule import DOCUMENTED, rule
from watchword.systems.entrust.policy import CLASSES, failures, strong_enough
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import Strength, estimate

_USUAL_LENGTH = 16
_ATTEMPTS = 1000
MOST_ESTIMATES = 40
"""An estimate costs milliseconds; of the weakest policy that can be set, two in three attempts are strong enough."""
_PERFECT = Strength(4)
# Without characters that people mistake for each other when they copy a password out of a mail.
_ALPHABETS = {
    CharacterClass.LOWER: "abcdefghijkmnpqrstuvwxyz",
    CharacterClass.UPPER: "ABCDEFGHJKLMNPQRSTUVWXYZ",
    CharacterClass.DIGIT: "0123456789",
    CharacterClass.SYMBOL: "!#$%&*+-=?@_~",
}


@rule("entrust.password.generated", DOCUMENTED, "vendor page 'Set a user password', generatePassword")
def generated(policy: PasswordSettings, *, user: User, chance: Chance) -> str:
    """
    With generatePassword the password is random and meets the policy; one that was sent is ignored.

    Raises:
        RuntimeError: No attempt met the policy, which its settings make sure not to happen.
    """
    for password in islice(_well_formed(policy, user, chance), MOST_ESTIMATES):
        if strong_enough(estimate(password, user=user), policy) is None:
            return password
    raise RuntimeError("no random password meets the policy; allow more characters or ask for less strength")


def _well_formed(policy: PasswordSettings, user: User, chance: Chance) -> Iterator[str]:
    """Try passwords, and yield those that meet everything but perhaps the strength."""
    for _ in range(_ATTEMPTS):
        password = _attempt(policy, chance)
        if not failures(password, user=user, policy=policy, strength=_PERFECT):
            yield password


def _attempt(policy: PasswordSettings, chance: Chance) -> str:
    allowed = [one.kind for one in CLASSES.values() if one.allowed(policy)]
    kinds = [one.kind for one in CLASSES.values() for _ in range(one.required(policy))]
    length = max(policy.minimum_length, min(_USUAL_LENGTH, policy.maximum_length), len(kinds))
    kinds += [kind for kind in allowed if kind not in kinds][: length - len(kinds)]
    kinds += [chance.choice(allowed) for _ in range(length - len(kinds))]
    password = ""
    for kind in chance.shuffle(kinds):
        password += chance.choice(_next_characters(password, _ALPHABETS[kind], policy.maximum_repeated))
    return password


def _next_characters(password: str, alphabet: str, maximum_repeated: int) -> str:
    """Leave out the last character of *password* if it stands as often in a row as it may."""
    if maximum_repeated and password and password.endswith(password[-1] * maximum_repeated):
        return alphabet.replace(password[-1], "")
    return alphabet
