"""How long it takes to run tests against many mutants: an estimate before, and what it was."""

from dataclasses import dataclass
from datetime import timedelta

_MOST_OF_A_UNIT = 100
"""So many seconds are no minutes yet, and so many minutes no hours."""


@dataclass(frozen=True)
class Effort:
    """
    What runs took.

    Args:
        alone: One run alone on a right server.
        runs: How many there were, those on right servers among them.
        total: From the first to the last.
    """

    alone: timedelta
    runs: int
    total: timedelta

    @property
    def line(self) -> str:
        """Both in one line, so that somebody can plan the next time."""
        return f"The tests took {tell(self.alone)} on a right server, and all {self.runs} runs {tell(self.total)}."


def estimate(mutants: int, usual: timedelta, *, jobs: int, time_left: timedelta | None) -> str:
    """
    Say how long mutants are going to take.

    Args:
        usual: What a run takes, with the start of its server.
        time_left: For all of them; None without a limit.
    """
    needed = usual * mutants / jobs
    told = f"{mutants} {'mutant' if mutants == 1 else 'mutants'} to try, about {tell(needed)}"
    if time_left is None or needed <= time_left:
        return told
    return f"{told}; --max-time is enough for about {int(max(time_left, timedelta()) * jobs / usual)}"


def tell(duration: timedelta) -> str:
    """Write a duration for people who plan, with two digits or three."""
    seconds = duration.total_seconds()
    if seconds < _MOST_OF_A_UNIT:
        return _count(seconds, "second")
    if seconds < _MOST_OF_A_UNIT * 60:
        return _count(seconds / 60, "minute")
    return _count(seconds / 3_600, "hour")


def _count(number: float, unit: str) -> str:
    shown = f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
    return f"{shown} {unit}{'' if shown == '1' else 's'}"
