"""
How hard a password is to guess.

The estimate is zxcvbn's, whose scores from 0 to 4 and suggestions are what the vendor's answer has.
Its dictionaries take 12 MiB, so they are loaded when first asked for.
"""

from dataclasses import dataclass

from watchword.systems.entrust.records import User


@dataclass(frozen=True, slots=True)
class Strength:
    """
    An estimate.

    Args:
        score: From 0, guessed at once, to 4, very hard to guess.
        suggestions: How it would become better, in English.
    """

    score: int
    suggestions: tuple[str, ...] = ()


def estimate(password: str, *, user: User) -> Strength:
    """Estimate *password*; names of the *user* inside make it weak."""
    from watchword.systems.entrust.guessing import guessed  # noqa: PLC0415  # see above

    if not password:
        return Strength(0)
    known = [user.login, user.first_name, user.last_name, *user.aliases, user.email or ""]
    return Strength(*guessed(password, known=known))


def compromised(password: str) -> bool:
    """Whether *password*, in any case of letters, is known to have leaked."""
    from watchword.systems.entrust.guessing import leaked  # noqa: PLC0415  # see above

    return leaked(password)
