"""Rules broken on purpose: mutants, the measure of a tester and of a team's own tests."""

from watchword.domain.mutation.effects import break_effects, lose_effects
from watchword.domain.mutation.making import make_mutants
from watchword.domain.mutation.mutant import Kind, Mutant, break_rules, gone, mutants_in
from watchword.domain.mutation.orders import exchange_checks

__all__ = [
    "Kind",
    "Mutant",
    "break_effects",
    "break_rules",
    "exchange_checks",
    "gone",
    "lose_effects",
    "make_mutants",
    "mutants_in",
]
