"""Rules broken on purpose: which mutants there are, and which of them a sandbox has."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.domain.mutation import Mutant, exchange_checks, lose_effects, make_mutants
from watchword.domain.rule import RuleSwitches, find_function
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox


@dataclass(frozen=True)
class ListedMutant:
    """
    A mutant and where it can be noticed.

    Args:
        operations: Ids of the document's operations.
    """

    mutant: Mutant
    operations: tuple[str, ...]


@dataclass(frozen=True)
class MutantCatalogue:
    """The mutants of everything that a server imitates."""

    api: ServedApi

    @cached_property
    def all(self) -> Mapping[str, ListedMutant]:
        """Every mutant, by id, in the order of the ids of what is broken."""
        return {one.mutant.id: one for one in sorted(self._list(), key=lambda one: one.mutant.id)}

    def find(self, *, system: str | None = None, prefix: str = "") -> tuple[ListedMutant, ...]:
        """
        Find mutants.

        Args:
            system: Leaves out those that no operation of this system shows.
            prefix: Of the id, which begins with the id of the rule or operation.
        """
        return tuple(
            one
            for one in self.all.values()
            if one.mutant.id.startswith(prefix)
            and (system is None or any(name.startswith(f"{system}.") for name in one.operations))
        )

    def active(self, sandbox: Sandbox) -> tuple[ListedMutant, ...]:
        """List the mutants that *sandbox* has."""
        altered = sandbox.rules.altered
        return tuple(one for one in self.all.values() if one.mutant.alternatives.items() <= altered.items())

    def alter(self, identifiers: Iterable[str]) -> RuleSwitches:
        """
        Make the switches that break what mutants name, and nothing else.

        Raises:
            NoSuchMutant: There is none with such an id.
            MutantsClash: Two of them break the same rule.
        """
        switches: dict[str, str] = {}
        found = RuleSwitches()
        for identifier in dict.fromkeys(identifiers):
            listed = self.all.get(identifier)
            if listed is None:
                raise NoSuchMutant(identifier)
            for subject, alternative in listed.mutant.alternatives.items():
                if subject in switches:
                    raise MutantsClash(switches[subject], identifier, subject)
                switches[subject] = identifier
                found.altered = {**found.altered, subject: alternative}
        return found

    def _list(self) -> Iterator[ListedMutant]:
        decided = {rule.id: operations for rule, operations in self.api.rules()}
        for identifier, operations in decided.items():
            for mutant in make_mutants(find_function(identifier)):
                yield ListedMutant(mutant, operations)
        systems = self.api.systems.values()
        orders = {f"{system.name}.{order.operation}": order for system in systems for order in system.orders}
        for mutant, operations in exchange_checks(orders):
            yield ListedMutant(mutant, operations)
        for system in systems:
            for mutant in lose_effects(system.name, system.effects):
                yield ListedMutant(mutant, (mutant.subject,))


def set_mutants(catalogue: MutantCatalogue, sandbox: Sandbox, identifiers: Iterable[str]) -> tuple[ListedMutant, ...]:
    """
    Let *sandbox* have these mutants, and no others, until they are changed or it is reset.

    Raises:
        NoSuchMutant, MutantsClash: As in `MutantCatalogue.alter`.
    """
    sandbox.switch_rules(catalogue.alter(identifiers))
    return catalogue.active(sandbox)
