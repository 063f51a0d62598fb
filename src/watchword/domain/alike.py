"""Names that are like one that does not exist."""

from collections.abc import Collection, Sequence
from difflib import get_close_matches
from heapq import nlargest
from itertools import islice, pairwise

_MOST_SHOWN = 5
_LISTED = 4
"""How many names, such as the operations of a system, stand in one line."""
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
    """
    Write ``nearest: …`` with the names that are most like *name*, or have a part that is.

    If none has, write ``there are: …`` with the first names, or how many ids begin: ``they begin with: …``.
    """
    if near := find_alike(name, known) or _find_by_part(name, known):
        return f"nearest: {', '.join(near)}"
    if len(known) > _LISTED and all("." in one for one in known):
        return f"they begin with: {', '.join(dict.fromkeys(one.partition('.')[0] for one in known))}"
    return f"there are: {shorten(list(known))}" if known else "there are none"


def put_nearest_first(name: str, known: Collection[str]) -> list[str]:
    """List all of *known*: first those that are most like *name*, the nearest first, then the others in their order."""
    return list(dict.fromkeys((*find_alike(name, known), *known)))


def _find_by_part(name: str, known: Collection[str]) -> list[str]:
    """Find the ids of *known* with a part, between two dots, that is like *name*, of which stars do not count."""
    having: dict[str, list[str]] = {}
    for one in known:
        for part in one.split("."):
            having.setdefault(part, []).append(one)
    nearest = (one for part in find_alike(name.strip("*."), having) for one in having[part])
    return list(islice(dict.fromkeys(nearest), _MOST_SHOWN))


def suggest(name: str, known: Collection[str]) -> str:
    """End a sentence with the names that are most like *name*: ``; nearest: …``; empty if none is."""
    near = find_alike(name, known)
    return f"; nearest: {', '.join(near)}" if near else ""


def shorten(names: Sequence[str]) -> str:
    """List the first of some names, and say how many more there are."""
    rest = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")
