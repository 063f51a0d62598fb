"""Fewer arrows that say the same: imports without those that a longer way implies."""

from collections.abc import Iterable

Edge = tuple[str, str]
"""Who imports, and what."""


def reduced(edges: Iterable[Edge]) -> list[Edge]:
    """
    Leave out every edge that a longer way replaces.

    Where edges go in a circle, which of them are left out depends on the alphabet.
    """
    kept = sorted(set(edges))
    for edge in list(kept):
        others = [other for other in kept if other != edge]
        if edge[1] in reachable(edge[0], others):
            kept = others
    return kept


def reachable(start: str, edges: Iterable[Edge]) -> set[str]:
    """Collect everything that *edges* lead to from *start*."""
    known = list(edges)
    found: set[str] = set()
    ahead = [start]
    while ahead:
        here = ahead.pop()
        for source, target in known:
            if source == here and target not in found:
                found.add(target)
                ahead.append(target)
    return found
