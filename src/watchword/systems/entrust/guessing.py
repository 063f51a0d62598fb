"""
zxcvbn with a bound on its work, and with no state that requests share.

Its own entry point leaves the words of the last caller in a table that all callers share,
and tries every way to read "4@8" and the like as letters: up to a thousand ways, which take seconds.
So this module calls its steps one by one, with a table per call and with a bound.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zxcvbn import feedback, matching, scoring, time_estimates

if TYPE_CHECKING:
    from zxcvbn.matching import _Match  # zxcvbn has no public name for its type

READ_AT_MOST = 48
"""zxcvbn needs long for more characters than this; more characters only make a password stronger."""
MOST_READINGS = 8
"""In how many ways digits and symbols are read as letters; each costs about as much as a whole dictionary search."""
_ALIKE = frozenset(character for alike in matching.L33T_TABLE.values() for character in alike)
_OUT_OF_REACH = 0xE000
"""The first private character of Unicode: they look like no letter and are in no dictionary."""


def guess(password: str, *, known: Iterable[str]) -> tuple[int, tuple[str, ...]]:
    """
    Estimate how hard *password* is to guess.

    Args:
        known: Words that an attacker tries first: the names of the user.

    Returns:
        A score from 0 to 4, and what would make it better, in English.
    """
    beginning = password[:READ_AT_MOST]
    words = matching.build_ranked_dict([word.lower() for word in known if word])
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": words}
    found = scoring.most_guessable_match_sequence(beginning, _matches(beginning, dictionaries))
    score = time_estimates.estimate_attack_times(found["guesses"])["score"]
    advice = feedback.get_feedback(score, found["sequence"])
    return int(score), tuple(str(one) for one in advice["suggestions"])


def is_leaked(password: str) -> bool:
    """Whether *password*, in upper or lower case, is in zxcvbn's list of leaked ones."""
    return password.lower() in matching.RANKED_DICTIONARIES["passwords"]


def count_readings(characters: str) -> int:
    """Count the ways in which zxcvbn reads *characters* as letters."""
    return len(matching.enumerate_l33t_subs(matching.relevant_l33t_subtable(characters, matching.L33T_TABLE)))


def choose_readable(password: str) -> str:
    """List the characters of *password* that are read as letters: from the first on, as long as the bound allows."""
    chosen = ""
    for character in dict.fromkeys(password):
        if character in _ALIKE and count_readings(chosen + character) <= MOST_READINGS:
            chosen += character
    return chosen


def _matches(password: str, dictionaries: dict[str, dict[str, int]]) -> "list[_Match]":
    """Do what zxcvbn's omnimatch does, within the bound."""
    chosen = choose_readable(password)
    # The search for repetitions starts zxcvbn again on the repeated part, without our bound; so the characters
    # that are not read as letters are replaced there.
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
