"""
zxcvbn, within bounds, and with nothing shared between callers.

Its own entry point keeps the words of the last caller in a table that all callers share,
and tries every way to read "4@8" and the like as letters, which can be a thousand ways and take seconds.
So its steps are called here one by one, with a table of their own and with a bound.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zxcvbn import feedback, matching, scoring, time_estimates

if TYPE_CHECKING:
    from zxcvbn.matching import _Match  # zxcvbn has no public name for its type

LOOKED_AT = 48
"""zxcvbn takes long over more characters than these; more only make a password stronger."""
MOST_READINGS = 8
"""In how many ways digits and symbols are read as letters; each costs about as much as a whole dictionary search."""
_ALIKE = frozenset(character for alike in matching.L33T_TABLE.values() for character in alike)
_OUT_OF_REACH = 0xE000
"""Where Unicode's private characters begin, which look like no letter and are in no dictionary."""


def guessed(password: str, *, known: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """
    Estimate how hard *password* is to guess for who knows some words.

    Returns:
        A score from 0 to 4, and what would make it better, in English.
    """
    looked_at = password[:LOOKED_AT]
    words = matching.build_ranked_dict([word.lower() for word in known if word])
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": words}
    found = scoring.most_guessable_match_sequence(looked_at, _matches(looked_at, dictionaries))
    score = time_estimates.estimate_attack_times(found["guesses"])["score"]
    advice = feedback.get_feedback(score, found["sequence"])
    return int(score), tuple(str(one) for one in advice["suggestions"])


def leaked(password: str) -> bool:
    """Whether *password*, in any case of letters, is among the leaked ones that zxcvbn lists."""
    return password.lower() in matching.RANKED_DICTIONARIES["passwords"]


def readings(characters: str) -> int:
    """Count the ways in which zxcvbn reads *characters* as letters."""
    return len(matching.enumerate_l33t_subs(matching.relevant_l33t_subtable(characters, matching.L33T_TABLE)))


def read_as_letters(password: str) -> str:
    """List the characters of *password*, first ones first, that `MOST_READINGS` allows to be read as letters."""
    chosen = ""
    for character in dict.fromkeys(password):
        if character in _ALIKE and readings(chosen + character) <= MOST_READINGS:
            chosen += character
    return chosen


def _matches(password: str, dictionaries: dict[str, dict[str, int]]) -> "list[_Match]":
    """Do what zxcvbn's omnimatch does, within the bound."""
    chosen = read_as_letters(password)
    # The search for repetitions starts zxcvbn anew on what is repeated, where only other characters hold the bound.
    unread = {ord(one): ord(one) + _OUT_OF_REACH for one in _ALIKE.difference(chosen)}
    found = [
        *matching.dictionary_match(password, dictionaries),
        *matching.reverse_dictionary_match(password, dictionaries),
        *matching.l33t_match(password, dictionaries, matching.relevant_l33t_subtable(chosen, matching.L33T_TABLE)),
        *matching.spatial_match(password),
        *matching.repeat_match(password.translate(unread)),
        *matching.sequence_match(password),
        *matching.regex_match(password),
        *matching.date_match(password),
    ]
    return sorted(found, key=lambda match: (match["i"], match["j"]))
