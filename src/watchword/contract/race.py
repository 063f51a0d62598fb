"""Calls that many clients make at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from watchword.contract.scenario import S, Scenario, Written, told
from watchword.contract.steps import Call, Step

AT_ONCE = 50
"""So many calls, of all contenders together."""


@dataclass(frozen=True)
class Race:
    """
    Calls that many clients make at once.

    Args:
        scenario: What is done before, and as its last steps what is then done at once; its sentence says who may win.
        contenders: How many of its last steps these are; each is done equally often.
    """

    scenario: Scenario
    contenders: int = 1

    @property
    def prepared(self) -> tuple[Step, ...]:
        """What is done before, one after the other."""
        return self.scenario.steps[: -self.contenders]

    @property
    def calls(self) -> tuple[Call, ...]:
        """What is done at once."""
        return tuple(step for step in self.scenario.steps[-self.contenders :] if isinstance(step, Call))

    @property
    def times(self) -> int:
        """How often each of them is done."""
        return AT_ONCE // self.contenders

    @property
    def failed_log_ins(self) -> int:
        """How many wrong passwords one person enters at most."""
        found = Counter(call.fails_log_in for call in self.calls if call.fails_log_in)
        return max((number * self.times for number in found.values()), default=0)


def make_races(written: Iterable[tuple[str, int, Callable[[S], None]]], begin_story: Callable[[], S]) -> Sequence[Race]:
    """
    Tell races.

    Args:
        written: For each race the rule that it shows, how many contenders it has, and the function that tells it,
            whose name is its sentence behind an underscore.
    """
    return tuple(Race(told(_write(rule, tell), begin_story()), contenders) for rule, contenders, tell in written)


def _write(rule: str, tell: Callable[[S], None]) -> Written[S]:
    return Written(tell.__name__.removeprefix("_"), (), "Many at once", (rule,), (), tell)
