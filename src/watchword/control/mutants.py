"""Rules broken on purpose: which mutants there are, and which of them a sandbox has."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from watchword.control.errors import MutantsClash, NoSuchMutant
from watchword.domain.alike import tell_alike
from watchword.domain.mutation import Mutant, break_rules, mutants_in
from watchword.domain.rule import RuleSwitches
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox


class NoMutantLike(Exception):
    """A pattern fits no mutant; the message says which would have been possible."""


@dataclass(frozen=True)
class ListedMutant:
    """
    A mutant and where it can be noticed.

    Args:
        operations: Ids of the document's operations.
    """

    mutant: Mutant
    operations: tuple[str, ...]

    def is_like(self, pattern: str) -> bool:
        """Whether its id begins with *pattern*, as with the id of its rule, or fits it as a pattern with stars."""
        return self.mutant.id.startswith(pattern) or fnmatchcase(self.mutant.id, pattern)


@dataclass(frozen=True)
class MutantCatalogue:
    """The mutants of everything that a server imitates."""

    api: ServedApi

    @cached_property
    def all(self) -> Mapping[str, ListedMutant]:
        """Every mutant, by id, in the order of the ids of what is broken."""
        decided = {rule.id: operations for rule, operations in self.api.rules()}
        return {
            name: ListedMutant(one, one.operations or decided[one.subject])
            for name, one in self.api.sandboxes.mutants.items()
        }

    @cached_property
    def sentences(self) -> Mapping[str, str]:
        """What holds, by the id of a rule; for an operation, what it is."""
        summaries = {one.id: one.raw.get("summary", one.id) for one in self.api.document.operations.values()}
        return summaries | {rule.id: rule.sentence for rule, _ in self.api.rules()}

    def find(self, *, system: str | None = None, patterns: Sequence[str] = ()) -> tuple[ListedMutant, ...]:
        """
        Find mutants.

        Args:
            system: Leaves out those that no operation of this system shows.
            patterns: Which ones, as `ListedMutant.is_like` reads them; empty for all.
        """
        return tuple(
            one
            for one in self.all.values()
            if (not patterns or any(map(one.is_like, patterns)))
            and (system is None or any(name.startswith(f"{system}.") for name in one.operations))
        )

    def require_each(self, patterns: Sequence[str], *, system: str | None = None) -> None:
        """
        See that each pattern fits a mutant that `find` finds.

        Raises:
            NoMutantLike: One does not.
        """
        possible = self.find(system=system)
        for pattern in patterns:
            if not any(one.is_like(pattern) for one in possible):
                ids = (one.mutant.id if "/" in pattern else one.mutant.subject for one in possible)
                near = tell_alike(pattern, list(dict.fromkeys(ids)))
                shown = "" if system is None else f" that {system} shows"
                raise NoMutantLike(f"There is no mutant like {pattern!r}{shown}; {near}.")

    def active(self, sandbox: Sandbox) -> tuple[ListedMutant, ...]:
        """List the mutants that *sandbox* has."""
        return tuple(self.all[name] for name in mutants_in(sandbox.rules))

    def alter(self, identifiers: Iterable[str]) -> RuleSwitches:
        """
        Make the switches that break what mutants name, and nothing else.

        Raises:
            NoSuchMutant: There is none with such an id.
            MutantsClash: Two of them break the same rule.
        """
        broken: dict[str, str] = {}
        found: list[Mutant] = []
        for identifier in dict.fromkeys(identifiers):
            listed = self.all.get(identifier)
            if listed is None:
                raise NoSuchMutant(identifier, self.all)
            for subject in listed.mutant.alternatives:
                if subject in broken:
                    raise MutantsClash(broken[subject], identifier, subject)
                broken[subject] = identifier
            found.append(listed.mutant)
        return break_rules(found)


def set_mutants(catalogue: MutantCatalogue, sandbox: Sandbox, identifiers: Iterable[str]) -> tuple[ListedMutant, ...]:
    """
    Let *sandbox* have these mutants, and no others, until they are changed or it is reset.

    Raises:
        NoSuchMutant, MutantsClash: As in `MutantCatalogue.alter`.
    """
    sandbox.switch_rules(catalogue.alter(identifiers))
    return catalogue.active(sandbox)
