"""The stairs at both sides of the house, where arrows lead past storeys: one lane for every room that they lead to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from tests.generate.drawing.reduction import Edge
from tests.generate.drawing.rows import Rows, detours

LEFT, RIGHT = 0, 1
_TRIED = 7
"""Of so many lanes every order is tried."""


@dataclass(frozen=True)
class Lane:
    """
    A way down to one room.

    Args:
        sources: The rooms that it comes from.
        top: The row where it begins; between two numbers is the floor between two rows.
        bottom: Where it ends.
        ways: All heights at which a line leads to or from it.
    """

    target: str
    sources: tuple[str, ...]
    top: float
    bottom: float
    ways: tuple[float, ...]


Stair = list[list[Lane]]
"""Lanes in columns, that beside the rooms first; those of one column are below each other."""


def stairs(rows: Rows, edges: Sequence[Edge]) -> tuple[Stair, Stair]:
    """Give the stairs at the left and at the right."""
    long = defaultdict[str, list[str]](list)
    for source, target in edges:
        if not rows.is_direct((source, target)):
            long[target].append(source)
    sides: tuple[list[Lane], list[Lane]] = ([], [])
    for target, sources in sorted(long.items(), key=lambda item: (_top(rows, item[1]) - rows.row(item[0]), item[0])):
        ways = [detours(rows, (source, target)) for source in sources]
        costs = [(sum(way[side] for way in ways), len(sides[side])) for side in (LEFT, RIGHT)]
        side = LEFT if costs[LEFT] < costs[RIGHT] else RIGHT
        sides[side].append(_lane(rows, target, sources, side))
    return _columns(sides[LEFT]), _columns(sides[RIGHT])


def _top(rows: Rows, sources: Sequence[str]) -> int:
    return min(rows.row(source) for source in sources)


def _lane(rows: Rows, target: str, sources: Sequence[str], side: int) -> Lane:
    starts = [rows.row(source) + (0 if rows.ends(source)[side] else 0.5) for source in sources]
    end = rows.row(target) - (0 if rows.ends(target)[side] else 0.5)
    return Lane(target, tuple(sources), min(starts), end, (*starts, end))


def _columns(lanes: list[Lane]) -> Stair:
    short_first = sorted(lanes, key=lambda one: (one.bottom - one.top, one.top, one.target))
    orders = permutations(short_first) if len(lanes) <= _TRIED else [tuple(short_first)]
    return min((_filled(order) for order in orders), key=lambda stair: (_crossings(stair), len(stair)))


def _filled(lanes: Sequence[Lane]) -> Stair:
    stair: Stair = []
    for lane in lanes:
        free = [column for column in stair if all(lane.top > one.bottom or one.top > lane.bottom for one in column)]
        if free:
            free[0].append(lane)
        else:
            stair.append([lane])
    return stair


def _crossings(stair: Stair) -> int:
    return sum(
        near.top < way < near.bottom
        for at, column in enumerate(stair)
        for far in column
        for way in far.ways
        for nearer in stair[:at]
        for near in nearer
    )
