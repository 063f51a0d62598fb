"""Refusals that no single change of the request cures, with the reason; all others count as curable."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

REASONS: Mapping[str, str] = {
    r"setting \w+\.maintenance": "A setting refuses every request; only the setting helps.",
    r"setting \w+\.failing": "A setting lets every request fail; only the setting helps.",
    r"rule zitadel\.token\.(signature|assertion)": "An assertion is signed by its client, with a key that only it has.",
}
"""By what decides, as ``decided.json`` names it."""


class Refusal(NamedTuple):
    """
    A documented refusal that tests reach.

    Args:
        outcome: Status and code.
        reason: Why no single change cures it; empty if one does.
    """

    operation: str
    outcome: str
    reason: str


def refusals(decided: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[Refusal]:
    """List the refusals of the imitated systems, by operation."""
    for operation, names in sorted(decided.items()):
        for outcome, deciders in sorted(names.items()):
            if not operation.startswith("admin.") and outcome >= "400":
                yield Refusal(operation, outcome, reason(deciders))


def reason(deciders: Iterable[str]) -> str:
    """Say why no single change cures what *deciders* refuse; empty if one of them can be helped."""
    found = {next((why for one, why in REASONS.items() if re.fullmatch(one, decider)), "") for decider in deciders}
    return "" if "" in found else " ".join(sorted(found))
