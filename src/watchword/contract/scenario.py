"""
Scenarios: named sequences of steps, and what they show.

A scenario is written as a function of a story, which turns sentences ("the member logs in") into steps.
The name of the function is the scenario's sentence.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from watchword.contract.driver import Ability
from watchword.contract.lane import roles_in
from watchword.contract.steps import Call, LookAtMails, Step, Tune, Wait
from watchword.contract.telling import Tale
from watchword.contract.values import Code, Simple, fill

S = TypeVar("S", bound=Tale)
Outcome = tuple[str, int, str]
"""An operation's id, a status, and the name of the documented answer."""


@dataclass(frozen=True)
class Scenario:
    """
    A sequence of steps with a name.

    Args:
        name: Words joined by underscores: the sentence that it shows.
        topic: What it is about; scenarios of one file have one topic.
        proves: Ids of rules without which an answer would be another.
        shows: Ids of rules that it shows too, although an answer would be the same without them.
        variant: What else it is told of, such as a release; empty if it is told once.
    """

    system: str
    name: str
    topic: str
    proves: tuple[str, ...]
    shows: tuple[str, ...]
    steps: tuple[Step, ...]
    variant: str = ""

    @property
    def sentence(self) -> str:
        """What it shows, as a sentence."""
        words = self.name.replace("_", " ")
        return f"{words[0].upper()}{words[1:]}{f' ({self.variant})' if self.variant else ''}."

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The documented answers that it reaches."""
        found = [
            (step.operation, step.expected.statuses[0], step.expected.name)
            for step in self.steps
            if isinstance(step, Call) and step.expected is not None and len(step.expected.statuses) == 1
        ]
        return tuple(dict.fromkeys((operation, status, name) for operation, status, name in found if name is not None))

    @property
    def operations(self) -> frozenset[str]:
        """The operations that it calls, by the part of their ids after the dot."""
        return frozenset(step.operation.partition(".")[2] for step in self.steps if isinstance(step, Call))

    @property
    def roles(self) -> frozenset[str]:
        """The people whom it needs."""
        return frozenset(role for step in self.steps for role in roles_in(step))

    def needs(self, tuned: Mapping[str, Any]) -> frozenset[Ability]:
        """
        What the server must be made to do.

        Args:
            tuned: The settings that the server has by itself: nobody has to change them to these.
        """
        return frozenset(ability for step in self.steps for ability in _needs(step, tuned))

    @property
    def failed_log_ins(self) -> int:
        """How many wrong passwords one person enters at most."""
        calls = [step.fails_log_in for step in self.steps if isinstance(step, Call) and step.fails_log_in]
        return max((calls.count(one) for one in calls), default=0)


def _needs(step: Step, tuned: Mapping[str, Any]) -> Iterator[Ability]:
    match step:
        case Wait():
            yield Ability.CLOCK
        case Tune(settings=settings, may_be_so=may_be_so):
            if not may_be_so and not settings.items() <= tuned.items():
                yield Ability.SETTINGS
        case LookAtMails():
            yield Ability.MAILS
        case Call():
            codes: list[Code] = []

            def note(value: Simple) -> str:
                if isinstance(value, Code):
                    codes.append(value)
                return ""

            fill([dict(step.path), dict(step.headers), step.body, dict(step.sets)], note)
            if codes:
                yield Ability.CODES


@dataclass(frozen=True)
class Written(Generic[S]):
    """A scenario as it is written: a function that tells a story of one of some systems."""

    name: str
    systems: tuple[str, ...]
    topic: str
    proves: tuple[str, ...]
    shows: tuple[str, ...]
    tell: Callable[[S], object]


def told(written: Written[S], story: S, variant: str = "") -> Scenario:
    """Tell a scenario in a *story* of which nothing, or only what comes before, is told."""
    written.tell(story)
    about = (written.name, written.topic, written.proves, written.shows)
    return Scenario(story.system, *about, tuple(story.steps), variant)


class Collection(Generic[S]):
    """
    The scenarios of one module.

    Args:
        topic: What they are about, as a heading.
        systems: Those that they are told of, unless one says otherwise.
    """

    def __init__(self, topic: str, systems: Sequence[str]) -> None:
        self.topic, self._systems = topic, tuple(systems)
        self.written: list[Written[S]] = []

    def scenario(
        self, *proves: str, shows: Sequence[str] = (), of: Sequence[str] | None = None
    ) -> Callable[[Callable[[S], None]], Written[S]]:
        """
        Make a scenario of a function.

        Args:
            proves: Ids of rules without which an answer would be another.
            shows: Ids of rules that it shows too, although an answer would be the same without them.
            of: The systems that it is told of.
        """

        def collect(tell: Callable[[S], None]) -> Written[S]:
            systems = self._systems if of is None else tuple(of)
            one = Written(tell.__name__, systems, self.topic, proves, tuple(shows), tell)
            self.written.append(one)
            return one

        return collect
