"""What came of the mutants that a team's tests were run against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

from watchword.contract.mutation.effort import Effort
from watchword.control.mutants import ListedMutant
from watchword.domain.mutation import Kind


class Verdict(StrEnum):
    """What the tests made of a mutant."""

    NOTICED = "noticed"
    HUNG = "hung"
    """They did not end, which somebody notices too."""
    UNNOTICED = "unnoticed"
    UNREACHED = "unreached"
    """It changes a refusal of a rule that never refused, so it was not tried, and does not count."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant that was tried, and how long the tests took."""

    listed: ListedMutant
    verdict: Verdict
    seconds: float = 0.0

    @property
    def noticed(self) -> bool:
        """Whether somebody would notice."""
        return self.verdict in (Verdict.NOTICED, Verdict.HUNG)


@dataclass(frozen=True)
class Assessment:
    """
    What a team's tests notice.

    Args:
        trials: In any order, with those that do not count; at least one does.
        untried: How many mutants were left when the time was over.
        unasked: How many mutants are of rules that the tests do not ask.
        sentences: What holds, by the id of a rule or an operation.
        effort: What that took.
        random_seed: Of the order; None if all were tried.
        ended: Why it ended early; empty if it did not.
    """

    trials: tuple[Trial, ...]
    untried: int
    unasked: int
    sentences: Mapping[str, str] = field(repr=False)
    effort: Effort
    random_seed: int | None = None
    ended: str = ""

    @property
    def tried(self) -> tuple[Trial, ...]:
        """Those that count."""
        return tuple(one for one in self.trials if one.verdict is not Verdict.UNREACHED)

    @property
    def unreached(self) -> int:
        """How many change refusals of rules that never refused."""
        return len(self.trials) - len(self.tried)

    @property
    def noticed(self) -> int:
        """How many were noticed."""
        return sum(one.noticed for one in self.tried)

    @property
    def percent(self) -> float:
        """The noticed ones, rounded down to a tenth, so that 100 means all."""
        return self.noticed * 1000 // len(self.tried) / 10

    @property
    def unnoticed(self) -> Mapping[str, tuple[Trial, ...]]:
        """Those that nobody would notice, by what is broken; rules that could be gone come first."""
        left = sorted((one for one in self.tried if not one.noticed), key=lambda one: one.listed.mutant.id)
        found = {name: tuple(some) for name, some in groupby(left, key=lambda one: one.listed.mutant.subject)}
        return dict(sorted(found.items(), key=lambda item: not any(map(_is_gone, item[1]))))

    @property
    def line(self) -> str:
        """All of it in one line."""
        told = f"{self.noticed} of {len(self.tried)} mistakes noticed ({self.percent:g} %)"
        gone = [name for name, some in self.unnoticed.items() if any(map(_is_gone, some))]
        if gone:
            others = {1: "", 2: " (and one more rule)"}.get(len(gone), f" (and {len(gone) - 1} more rules)")
            told += f"; no test notices that “{self.sentences[gone[0]].rstrip('.')}” does not hold any more{others}"
        if self.unreached:
            told += f"; {self.unreached} more change refusals of rules that never refused"
        if self.untried:
            seed = "" if self.random_seed is None else f" (--random-seed {self.random_seed})"
            told += f"; {self.untried} not tried{seed}"
        if self.ended:
            told += f"; ended early: {self.ended}"
        return f"{told}."


def _is_gone(one: Trial) -> bool:
    return one.listed.mutant.kind is Kind.GONE
