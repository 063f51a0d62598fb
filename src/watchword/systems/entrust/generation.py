"""Random passwords that meet the policy."""

from collections.abc import Iterator
from itertools import islice

from watchword.domain.chance import Chance
from watchword.domain.policy import CharacterClass
from watchword.domain.rule import DOCUMENTED, recording, rule
from watchword.domain.secret import Secret
from watchword.systems.entrust.characters import CLASSES
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.policy import check_strength, find_failures
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import Strength, estimate

_USUAL_LENGTH = 16
_ATTEMPTS = 1000
MOST_ESTIMATES = 40
"""An estimate takes milliseconds; under the weakest policy that can be set, two of three attempts are strong enough."""
_PERFECT = Strength(4)
# Without characters that people confuse when they copy a password out of a mail.
_ALPHABETS = {
    CharacterClass.LOWER: "abcdefghijkmnpqrstuvwxyz",
    CharacterClass.UPPER: "ABCDEFGHJKLMNPQRSTUVWXYZ",
    CharacterClass.DIGIT: "0123456789",
    CharacterClass.SYMBOL: "!#$%&*+-=?@_~",
}


@rule(
    "entrust.password.generated",
    DOCUMENTED,
    "vendor page 'Set a user password', generatePassword",
    without=lambda parms, *_, **__: parms.password or Secret(""),
    compares=lambda parms: {"generate": parms.generate_password, "sent": parms.password is not None},
)
def choose_password(parms: UserPasswordParms, policy: PasswordSettings, *, user: User, chance: Chance) -> Secret:
    """
    With generatePassword the password is random and meets the policy; one that was sent is ignored.

    Raises:
        RuntimeError: No attempt met the policy; the settings refuse a policy for which that could happen.
    """
    if not parms.generate_password:
        return parms.password or Secret("")
    # An attempt decides nothing about the request, so its checks are not recorded.
    with recording(None):
        return _generate(policy, user, chance)


def _generate(policy: PasswordSettings, user: User, chance: Chance) -> Secret:
    for password in islice(_attempts(policy, user, chance), MOST_ESTIMATES):
        if check_strength(estimate(password, user=user), policy) is None:
            return password
    raise RuntimeError("no random password meets the policy; allow more characters or ask for less strength")


def _attempts(policy: PasswordSettings, user: User, chance: Chance) -> Iterator[Secret]:
    """Make passwords, and yield those that meet every check but perhaps that of the strength."""
    for _ in range(_ATTEMPTS):
        password = Secret(_attempt(policy, chance))
        if not find_failures(password, user=user, policy=policy, strength=_PERFECT):
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
    """Leave out the last character of *password* if it may not be repeated once more."""
    if maximum_repeated and password and password.endswith(password[-1] * maximum_repeated):
        return alphabet.replace(password[-1], "")
    return alphabet
