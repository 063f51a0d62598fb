"""Names that are like one that does not exist."""

from collections.abc import Collection
from difflib import get_close_matches

MOST_SHOWN = 5
_CUTOFF = 0.5
"""How alike two names have to be, from 0 to 1."""


def find_alike(name: str, known: Collection[str], *, most: int = MOST_SHOWN) -> list[str]:
    """Find the names of *known* that are most like *name*, the nearest first, whatever their capital letters."""
    by_folded = {one.casefold(): one for one in known}
    return [by_folded[one] for one in get_close_matches(name.casefold(), by_folded, most, _CUTOFF)]


def tell_alike(name: str, known: Collection[str]) -> str:
    """Write the names that are most like *name*, or if there is none, the first ones."""
    return ", ".join(find_alike(name, known) or list(known)[:MOST_SHOWN]) or "none"
