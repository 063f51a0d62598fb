"""What is wrong with a password, and how a validation answers it."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchword.domain.hashing import Candidate
from watchword.domain.rule import DOCUMENTED, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.checks import Check
from watchword.systems.entrust.history import check_history, choose_compared
from watchword.systems.entrust.policy import find_failures
from watchword.systems.entrust.records import User
from watchword.systems.entrust.settings import PasswordSettings
from watchword.systems.entrust.strength import Strength, estimate


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What is wrong with a password, and how strong it is.

    Args:
        failures: The end of a sentence for each failed check, in the order of `Check`.
    """

    failures: Mapping[Check, str]
    strength: Strength


def judge(candidate: Candidate, *, user: User, policy: PasswordSettings, ignore_history: bool = False) -> Judgement:
    """
    Run every check on a password.

    Raises:
        DigestNeeded: Compute first.
    """
    strength = estimate(candidate.plain, user=user)
    failures = find_failures(candidate.plain, user=user, policy=policy, strength=strength)
    reuse = check_history(candidate, choose_compared(user, policy), policy, ignored=ignore_history)
    if reuse is not None:
        failures[Check.PASSWORD_HISTORY] = reuse
    return Judgement(failures, strength)


def refuse_failures(judgement: Judgement) -> Judgement:
    """
    Refuse a password that fails a check.

    Raises:
        InvalidPassword: It names every check that failed.
    """
    if judgement.failures:
        raise errors.InvalidPassword(judgement.failures)
    return judgement


@rule(
    "entrust.validation.always-200",
    DOCUMENTED,
    "published description, 'Validate a password'",
    without=refuse_failures,
    compares=lambda judgement: {"failed": list(judgement.failures), "score": judgement.strength.score},
)
def report_judgement(judgement: Judgement) -> Judgement:
    """A validation is answered 200 with every check, even if the password fails some."""
    return judgement
