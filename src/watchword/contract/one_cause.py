"""Findings with one cause: which of two differences is seen once more in the other one."""

from collections.abc import Iterator
from dataclasses import dataclass

from watchword.contract.blame import Blame
from watchword.contract.comparison import Difference
from watchword.contract.in_step import Deviation

WORDS_ARE_STABLE = ("status", "code")
"""Places at which the words of a difference are the same in every run; elsewhere they may hold moments and counts."""


@dataclass(frozen=True)
class Cause:
    """
    How a server differs, and what led to it.

    Args:
        marks: Differences with one cause have the same.
        course: What was done before, and how the stand-in answered that; empty if that does not matter.
        is_of_rule: Whether it has another cause if another rule is blamed.
    """

    marks: tuple[str, ...]
    course: tuple[str, ...]
    is_of_rule: bool

    def explains(self, other: "Cause", *, blame_the_same: bool) -> bool:
        """
        Whether *other* is the same difference, and all that led to this one led to it, too.

        What a scenario states has another cause for each rule: a code that is used up and one that has expired are
        refused alike.
        """
        if other.is_of_rule and not blame_the_same:
            return False
        return self.marks == other.marks and _is_within(self.course, other.course)


def find_cause(deviation: Deviation, operation: str, blame: Blame) -> Cause:
    """
    Say how a server differs in the answer of an *operation*, and what led to it.

    A mail, what a rule makes, and what no rule decides differ whatever was done before.
    """
    difference, decider = deviation.difference, deviation.decided.id
    is_anywhere = bool(blame.maker) or difference.place == "mails" or not blame.is_stated
    words = (difference.was, difference.should) if not blame.is_stated else ()
    return Cause(
        (operation, difference.place, blame.maker, *words, *_marks(difference, decider)),
        () if is_anywhere else tuple(one for one in deviation.course[: deviation.step] if one),
        is_of_rule=blame.is_own or bool(blame.maker),
    )


def _marks(difference: Difference, decider: str) -> Iterator[str]:
    """Say what of a difference is the same wherever it has the same cause; *decider* is empty for a success."""
    match difference.place:
        case "answer":
            pass
        case "mails":
            yield difference.change or difference.was
            yield "refused" if decider else "done"
        case place:
            yield decider
            yield from (difference.was, difference.should) if place in WORDS_ARE_STABLE else ()


def _is_within(course: tuple[str, ...], longer: tuple[str, ...]) -> bool:
    """Whether all steps of a *course* are in another one, in the same order."""
    rest = iter(longer)
    return all(one in rest for one in course)
