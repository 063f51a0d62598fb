"""One way in which a rule can be broken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from watchword.domain.rule import Alternative, RuleSwitches

_GONE = "gone"


class Kind(StrEnum):
    """What is wrong with a mutant."""

    GONE = "gone"
    """The rule is not there."""
    REVERSED = "reversed"
    """Yes is taken for no."""
    BOUND = "bound"
    """A number is one too many, or one too few."""
    LIFETIME = "lifetime"
    """Something lasts too long, or ends too early."""
    UNSEEN = "unseen"
    """Something that is there is not seen."""
    TEXT = "text"
    """A text loses its last character."""
    RELEASE = "release"
    """The rule is that of another release, or another choice of a setting."""
    EFFECT = "effect"
    """Something that has to change stays as it was."""
    CODE = "code"
    """The right requests are refused, with the wrong code."""
    STATUS = "status"
    """The right requests are refused, with the wrong status."""
    ROLLBACK = "rollback"
    """What has to be kept is not kept."""
    MAIL = "mail"
    """A message is not sent, or twice."""
    ORDER = "order"
    """Of two faults the other one is answered."""


@dataclass(frozen=True, slots=True)
class NamedAlternative:
    """What runs in the place of a rule, and the id of the mutant that it is of."""

    mutant: str
    run: Alternative = field(repr=False, compare=False)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Decide in the place of the rule."""
        return self.run(*arguments, **keywords)


@dataclass(frozen=True, slots=True)
class Mutant:
    """
    A rule, or what an operation leaves behind, broken in one way.

    Args:
        id: ``<subject>/<how>``.
        subject: The id of the rule that decides wrongly (of the first one, if the order of two is wrong), or of the
            operation.
        sentence: What is wrong, for people.
        alternatives: What runs in the place of which rules, by their ids; or before which operation commits.
        operations: The only ones where it can be noticed; empty for all that ask the rule.
    """

    id: str
    kind: Kind
    subject: str
    sentence: str
    alternatives: Mapping[str, Alternative] = field(repr=False)
    operations: tuple[str, ...] = ()


def new_mutant(
    subject: str,
    how: str,
    kind: Kind,
    sentence: str,
    alternatives: Mapping[str, Alternative],
    *,
    operations: tuple[str, ...] = (),
) -> Mutant:
    """Make a mutant whose alternatives can be found again by its id; that of a rule that is gone is found anyway."""
    identifier = f"{subject}/{how}"
    if how != _GONE:
        alternatives = {name: NamedAlternative(identifier, one) for name, one in alternatives.items()}
    return Mutant(identifier, kind, subject, sentence, alternatives, operations)


def gone(rule_id: str) -> str:
    """Give the id of the mutant that is a rule switched off."""
    return f"{rule_id}/{_GONE}"


def break_rules(mutants: Iterable[Mutant]) -> RuleSwitches:
    """Make the switches that break what *mutants* break; of two that break the same, the later one does."""
    return RuleSwitches({subject: run for one in mutants for subject, run in one.alternatives.items()})


def mutants_in(rules: RuleSwitches) -> tuple[str, ...]:
    """List the ids of the mutants in *rules*, in order; an alternative of somebody's own is none of them."""
    named = {one.mutant for one in rules.altered.values() if isinstance(one, NamedAlternative)}
    return tuple(sorted(named.union(map(gone, rules.off))))
