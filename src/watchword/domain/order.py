"""
The order of checks: which rules an operation asks, and which of two faults is therefore answered.

An order is data beside the code that keeps it; tests prove that the code does, with two faults at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from watchword.domain.rule import Grade


@dataclass(frozen=True, slots=True)
class Step:
    """
    One check.

    Args:
        rule: The id of the rule that is asked.
        grade: How sure it is that the check comes before the next one.
        source: Where that is written, who saw it, or why it is assumed.
    """

    rule: str
    grade: Grade
    source: str


@dataclass(frozen=True, slots=True)
class CheckOrder:
    """
    The checks of one operation that can refuse a request, first to last.

    Args:
        operation: The part of its id after the dot.
    """

    operation: str
    steps: tuple[Step, ...]

    def misplaced(self, asked: Iterable[str]) -> Sequence[str]:
        """List the rules that were *asked*, by id, after one that should come later."""
        places = {step.rule: place for place, step in enumerate(self.steps)}
        found: list[str] = []
        last = -1
        for place, rule in ((places[rule], rule) for rule in dict.fromkeys(asked) if rule in places):
            if place < last:
                found.append(rule)
            last = max(last, place)
        return found
