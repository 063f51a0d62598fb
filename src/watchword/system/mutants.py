"""The mutants of systems: of their rules, of the order in which these are asked, of what operations leave behind."""

from collections.abc import Iterable, Iterator, Mapping

from watchword.domain.mutation import Mutant, exchange_checks, lose_effects, make_mutants
from watchword.domain.rule import find_function
from watchword.system.system import System


def list_mutants(systems: Iterable[System]) -> Mapping[str, Mutant]:
    """List every mutant by id, in the order of the ids."""
    return {one.id: one for one in sorted(_make(tuple(systems)), key=lambda one: one.id)}


def _make(systems: tuple[System, ...]) -> Iterator[Mutant]:
    for identifier in {rule.id for system in systems for rule in system.catalogue()}:
        yield from make_mutants(find_function(identifier))
    yield from exchange_checks(
        {f"{system.name}.{order.operation}": order for system in systems for order in system.orders}
    )
    for system in systems:
        yield from lose_effects(system.name, system.effects)
