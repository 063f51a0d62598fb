"""Stories: what the scenarios of every system have in common when sentences become steps."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Self

from watchword.contract.steps import Call, Expected, Step, Tune, Wait
from watchword.contract.values import Template

HOUR = timedelta(hours=1)


@dataclass
class Tale:
    """A story of one system, as far as it is told."""

    system: str
    steps: list[Step] = field(default_factory=list)

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.steps.append(Wait(by))

    def wait_almost(self, by: timedelta) -> None:
        """Let a little less time pass than *by*."""
        self.steps.append(Wait(by, just_short=True))

    def set(self, **settings: Any) -> None:
        """Change settings of the system."""
        self.steps.append(Tune(settings))

    def tell(self, call: Call, *statuses: int) -> int:
        """Add a call, which is answered with one of *statuses* unless the story says otherwise; gives its place."""
        self.steps.append(replace(call, expected=Expected(statuses)))
        return len(self.steps) - 1


@dataclass(frozen=True)
class Told:
    """A call of a story, to say what is answered."""

    steps: list[Step]
    place: int

    def answers(self, status: int, name: str | None = None, **shows: Template) -> Self:
        """
        State the answer; what else it shows is stated after that.

        Args:
            name: The vendor's code; ``-`` for a documented answer without a body.
            shows: What members of the body are, by their names; None for one that is not there.
        """
        assert not self._expected.shows, "say the status first"  # noqa: S101  # it would be forgotten
        places = {f"/{key}": value for key, value in shows.items()}
        return self._state(Expected((status,), name, places, is_stated=True))

    def showing(self, pointer: str, value: Template) -> Self:
        """State what stands at a place of the body too."""
        expected = self._expected
        return self._state(replace(expected, shows={**expected.shows, pointer: value}, is_stated=True))

    def says(self, words: str) -> Self:
        """Tell the step in these words."""
        self.steps[self.place] = replace(self._call, says=words)
        return self

    @property
    def _call(self) -> Call:
        call = self.steps[self.place]
        assert isinstance(call, Call)  # noqa: S101  # only calls are told
        return call

    @property
    def _expected(self) -> Expected:
        expected = self._call.expected
        assert expected is not None  # noqa: S101  # every call of a story has one
        return expected

    def _state(self, expected: Expected) -> Self:
        self.steps[self.place] = replace(self._call, expected=expected)
        return self


def gives(step: Step, kept: str) -> bool:
    """Whether a step keeps a value, because it succeeds."""
    return (
        isinstance(step, Call) and kept in step.keeps and step.expected is not None and step.expected.statuses[0] < 300
    )
