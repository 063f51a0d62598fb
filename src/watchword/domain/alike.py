"""Names that are like one that does not exist."""

from collections.abc import Collection
from difflib import get_close_matches
from heapq import nlargest
from itertools import pairwise

_MOST_SHOWN = 5
_CUTOFF = 0.5
"""How alike two names have to be, from 0 to 1."""
_COMPARED = 20
"""How many names are compared in full, which takes 0.2 ms each for long ones."""


def find_alike(name: str, known: Collection[str]) -> list[str]:
    """Find the names of *known* that are most like *name*, the nearest first, whatever their capital letters."""
    by_folded = {one.casefold(): one for one in known}
    wanted = name.casefold()
    pairs = set(pairwise(wanted))
    # Those that share the most pairs of letters with it, and have few others.
    likely = nlargest(_COMPARED, by_folded, key=lambda one: 2 * len(pairs.intersection(pairwise(one))) - len(one))
    return [by_folded[one] for one in get_close_matches(wanted, likely, _MOST_SHOWN, _CUTOFF)]


def tell_alike(name: str, known: Collection[str]) -> str:
    """Write the names that are most like *name*, or if there is none, the first ones."""
    return ", ".join(find_alike(name, known) or list(known)[:_MOST_SHOWN]) or "none"


def suggest(name: str, known: Collection[str]) -> str:
    """End a sentence with the names that are most like *name*: ``; nearest: …``; empty if none is."""
    near = find_alike(name, known)
    return f"; nearest: {', '.join(near)}" if near else ""
