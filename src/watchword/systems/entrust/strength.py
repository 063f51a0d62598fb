"""
How hard a password is to guess.

The estimate is zxcvbn's, whose scores from 0 to 4 and suggestions are what the vendor's answer has.
Its own entry point keeps the words of the last caller in a table that all callers share,
so its four steps are called here with a table of their own.
"""

from dataclasses import dataclass

from zxcvbn import feedback, matching, scoring, time_estimates

from watchword.systems.entrust.records import User

_LOOKED_AT = 72
"""zxcvbn takes long over more characters than these; more only make a password stronger."""


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
    looked_at = password[:_LOOKED_AT]
    if not looked_at:
        return Strength(0)
    known = [user.login, user.first_name, user.last_name, *user.aliases, user.email or ""]
    words = matching.build_ranked_dict([word.lower() for word in known if word])
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": words}
    found = scoring.most_guessable_match_sequence(looked_at, matching.omnimatch(looked_at, dictionaries))
    score = time_estimates.estimate_attack_times(found["guesses"])["score"]
    advice = feedback.get_feedback(score, found["sequence"])
    return Strength(int(score), tuple(str(one) for one in advice["suggestions"]))


def compromised(password: str) -> bool:
    """Whether *password*, in any case of letters, is among the leaked ones that zxcvbn lists."""
    return password.lower() in matching.RANKED_DICTIONARIES["passwords"]
