"""What can be put back in HEAD, one thing at a time, to find what makes an answer differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from watchword.review.behaviour_diff.changed_answer import Cause, Means
from watchword.review.behaviour_diff.servers import Broken, Json, Player
from watchword.review.document_diff.change import shown
from watchword.system.document_settings import KEY
from watchword.system.settings import list_differences


class Knob(Protocol):
    """One thing in which HEAD is another server than BASE."""

    def put_back(self, head: Player) -> None:
        """
        Make HEAD be as BASE in this, for a sequence that has just begun.

        Raises:
            ControlError, Refused: That is not possible with this alone.
            TargetFailed: HEAD cannot be reached.
        """

    @property
    def cause(self) -> Cause:
        """Say that this makes an answer differ."""


@dataclass(frozen=True)
class Setting:
    """
    A setting that differs.

    Args:
        path: Its names, outermost first.
    """

    system: str
    path: tuple[str, ...]
    base: Any
    head: Any

    @property
    def name(self) -> str:
        """With the system, as ``--set`` takes it."""
        return ".".join((self.system, *self.path))

    def put_back(self, head: Player) -> None:
        """Change it in HEAD."""
        head.driver.tune(self.patch)

    @property
    def patch(self) -> Json:
        """What puts it back, as a JSON merge patch of the system's settings."""
        patch: Any = self.base
        for name in reversed(self.path):
            patch = {name: patch}
        found: Json = patch
        return found

    @property
    def steps(self) -> tuple[str, ...]:
        """Where a document has it, if it does."""
        return (KEY, self.system, *self.path)

    @property
    def cause(self) -> Cause:
        """Name the setting, and both values."""
        told = f"The setting {self.name}, {shown(self.base)} → {shown(self.head)}."
        return Cause(Means.SETTING, self.name, told, self.steps, self.steps)


@dataclass(frozen=True)
class Mutant:
    """
    A mutant that only one side has.

    Args:
        is_of_head: Whether HEAD has it, and not BASE.
    """

    broken: Broken
    is_of_head: bool

    def put_back(self, head: Player) -> None:
        """Switch it off in HEAD, or on."""
        head.keep_mutants(sorted({one.id for one in head.mutants()} ^ {self.broken.id}))

    @property
    def cause(self) -> Cause:
        """Name the mutant."""
        side = "HEAD" if self.is_of_head else "BASE"
        return Cause(Means.MUTANT, self.broken.id, f"{side} has the mutant {self.broken.id}: {self.broken.sentence}")


@dataclass(frozen=True)
class Several:
    """More than one thing."""

    knobs: tuple[Knob, ...]

    def put_back(self, head: Player) -> None:
        """Put all of them back."""
        for one in self.knobs:
            one.put_back(head)

    @property
    def cause(self) -> Cause:
        """Name all of them."""
        causes = [one.cause for one in self.knobs]
        return Cause(
            causes[0].means,
            " ".join(one.id for one in causes),
            " ".join(["Together:", *(one.sentence for one in causes)]),
            causes[0].base,
            causes[0].head,
        )


def find_knobs(base: Player, head: Player) -> tuple[Knob, ...]:
    """List the settings and mutants in which two sides differ, once both are put back."""
    for one in (base, head):
        one.leader.begin()
    settings = differing_settings(head.leader.system.name, base.settings(), head.settings())
    return (*settings, *_mutants(base.mutants(), head.mutants()))


def differing_settings(system: str, base: Json, head: Json) -> Iterator[Setting]:
    """Yield the settings of a system that differ."""
    return (Setting(system, *one) for one in list_differences(base, head))


def _mutants(base: Sequence[Broken], head: Sequence[Broken]) -> Iterator[Mutant]:
    ours, theirs = ({one.id: one for one in side} for side in (base, head))
    for name in sorted(ours.keys() ^ theirs.keys()):
        yield Mutant(theirs.get(name) or ours[name], name in theirs)
