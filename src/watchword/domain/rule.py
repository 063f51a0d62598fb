"""The rule catalogue: every sentence of business behaviour has an id and a source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from inspect import getdoc
from types import ModuleType
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])
_MARK = "__watchword_rule__"


class Grade(StrEnum):
    """How sure a rule is."""

    DOCUMENTED = "documented"
    """The vendor's page or published description says so."""
    OBSERVED = "observed"
    """The real service was publicly seen to do so, or its public source reads so."""
    ASSUMED = "assumed"
    """Nothing public says so; the source gives the reason."""


DOCUMENTED, OBSERVED, ASSUMED = Grade.DOCUMENTED, Grade.OBSERVED, Grade.ASSUMED


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One sentence of business behaviour.

    Args:
        id: ``<system>.<subject>.<what>``; the document's ``x-rules`` use it.
        grade: How sure it is.
        source: Where it is written, who saw it, or why it is assumed.
        sentence: What happens, in one sentence.
    """

    id: str
    grade: Grade
    source: str
    sentence: str


def rule(identifier: str, grade: Grade, source: str) -> Callable[[F], F]:
    """Name the rule that a function decides; the first paragraph of its docstring is the sentence."""

    def mark(function: F) -> F:
        sentence = " ".join((getdoc(function) or "").split("\n\n")[0].split())
        if not sentence:
            raise ValueError(f"rule {identifier} has no sentence: its function needs a docstring")
        setattr(function, _MARK, Rule(identifier, grade, source, sentence))
        return function

    return mark


def catalogue(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """
    Collect the rules that *modules* define: marked functions and `Rule` constants.

    Returns:
        Sorted by id.

    Raises:
        ValueError: Two rules have one id.
    """
    found: dict[str, Rule] = {}
    for module in modules:
        for thing in vars(module).values():
            one = thing if isinstance(thing, Rule) else getattr(thing, _MARK, None)
            if not isinstance(one, Rule):
                continue
            if found.setdefault(one.id, one) != one:
                raise ValueError(f"two rules are called {one.id}")
    return tuple(found[key] for key in sorted(found))
