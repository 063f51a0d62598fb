"""Two checks in the wrong order."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from watchword.domain.mutation.mutant import Kind, Mutant, new_mutant
from watchword.domain.mutation.raised import can_raise
from watchword.domain.order import CheckOrder
from watchword.domain.refusal import Refusal
from watchword.domain.rule import Alternative, RuleFunction, find_function, in_force


def exchange_checks(orders: Mapping[str, CheckOrder]) -> Iterator[Mutant]:
    """
    Make the mutants that check a rule only after the one that comes next in some order, each pair once.

    A rule that only says what is wrong does not end the request, so its caller decides what comes first.

    Args:
        orders: By the id of the operation.
    """
    pairs: dict[tuple[str, str], list[str]] = {}
    for operation, order in orders.items():
        for one, other in pairwise(order.steps):
            pairs.setdefault((one.rule, other.rule), []).append(operation)
    for (first, second), operations in pairs.items():
        function = find_function(first)
        if function.reports or not can_raise(function.decide):
            continue
        exchanged = {first: _postpone(find_function(first)), second: _catch_up(find_function(second))}
        says = f"It is checked only after {second}."
        yield new_mutant(first, f"after-{second}", Kind.ORDER, says, exchanged, operations=tuple(operations))


def _postpone(function: RuleFunction) -> Alternative:
    """Let a refusal wait."""

    def alternative(*arguments: Any, **keywords: Any) -> Any:
        record = in_force()
        try:
            return function.decide(*arguments, **keywords)
        except Refusal as refusal:
            if record is None:
                raise
            record.postponed = refusal
            return function.without(*arguments, **keywords)

    return alternative


def _catch_up(function: RuleFunction) -> Alternative:
    """Decide, and only then give the refusal that waited; what is reported is answered in its place."""

    def alternative(*arguments: Any, **keywords: Any) -> Any:
        outcome = function.decide(*arguments, **keywords)
        postponed = getattr(in_force(), "postponed", None)
        if postponed is not None and not _refuses(function, outcome):
            raise postponed
        return outcome

    return alternative


def _refuses(function: RuleFunction, outcome: Any) -> bool:
    """Whether a rule refuses by what it returns: a report, or a refusal, alone or with what it leaves behind."""
    reports = function.reports and outcome is not None
    return reports or any(isinstance(one, Refusal) for one in (outcome, getattr(outcome, "refusal", None)))
