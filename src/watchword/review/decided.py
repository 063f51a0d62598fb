"""
Which answers the imitated systems give, and what decides each: a rule, a place in the document, or a setting.

Our tests reach every answer of the document, compare what decided it with `FILE`, and write it.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "decided.json"
_RULE = "rule "


@cache
def decided() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """Read what decides, by operation and outcome (``409 PASSWORD_INCORRECT``)."""
    found: Mapping[str, Mapping[str, Sequence[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def outcome_name(status: int, name: str) -> str:
    """Name an outcome as `decided` does."""
    return f"{status} {name}"


def outcome_words(outcome: str) -> str:
    """Name an outcome as a sentence does: one that has only a status by that."""
    return outcome.removesuffix(" -")


def deciding_rules(deciders: Sequence[str]) -> Sequence[str]:
    """Give the ids of the rules among what decides an outcome."""
    return [one.removeprefix(_RULE) for one in deciders if one.startswith(_RULE)]
