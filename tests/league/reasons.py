"""Why nobody can notice some mutants from outside."""

from collections.abc import Mapping

REASONS: Mapping[str, str] = {}
"""By the id of the mutant."""
