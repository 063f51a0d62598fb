"""
How hard a password is to guess.

The estimate is zxcvbn's; the vendor's answer has the same scores, 0 to 4, and suggestions.
Its dictionaries take 12 MiB, so they are loaded at the first estimate.
"""

from dataclasses import dataclass

from watchword.domain.secret import Secret
from watchword.systems.entrust.records import User


@dataclass(frozen=True, slots=True)
class Strength:
    """
    An estimate.

    Args:
        score: From 0, guessed at once, to 4, very hard to guess.
        suggestions: What would make the password stronger, in English.
    """

    score: int
    suggestions: tuple[str, ...] = ()


def estimate(password: Secret, *, user: User) -> Strength:
    """Estimate *password*; names of the *user* in it make it weak."""
    from watchword.systems.entrust.guessing import guess  # noqa: PLC0415  # see above

    if not password:
        return Strength(0)
    known = [user.login, user.first_name, user.last_name, *user.aliases, user.email or ""]
    return Strength(*guess(password.revealed, known=known))


def is_compromised(password: Secret) -> bool:
    """Whether *password*, in upper or lower case, is known to have leaked."""
    from watchword.systems.entrust.guessing import is_leaked  # noqa: PLC0415  # see above

    return is_leaked(password.revealed)
