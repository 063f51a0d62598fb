"""Why we do not notice some mutants."""

from collections.abc import Mapping

from tests.mutants import read_unnoticed

_NOT_PLAYED: Mapping[str, str] = {
    "zitadel.current.tarpit": "Only how long an answer takes would show it, and answers are not timed.",
    "zitadel.token.assertion": "No scenario has an assertion with a good signature; tests of our own do.",
}
"""By the id of the rule: what `watchword test` cannot see over HTTP."""


def reason_of(mutant: str) -> str:
    """Tell why nothing is noticed of a mutant; empty if that is not known."""
    return read_unnoticed().get(mutant) or _NOT_PLAYED.get(mutant.partition("/")[0], "")
