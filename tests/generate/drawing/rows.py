"""In which row and order the rooms are drawn, so that few arrows have to go round others."""

from collections.abc import Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from itertools import combinations

from tests.generate.drawing.layers import Storeys
from tests.generate.drawing.reduction import Edge


@dataclass(frozen=True)
class Rows:
    """
    Rooms in rows.

    Args:
        rooms: By row, the highest first, from left to right.
        storey: The number of the storey that each row is in.
    """

    rooms: list[list[str]]
    storey: list[int]

    def row(self, room: str) -> int:
        """Tell the row of a room."""
        return next(number for number, names in enumerate(self.rooms) if room in names)

    def span(self, room: str) -> tuple[float, float]:
        """Tell from where to where a room goes, in a house that is 1 wide."""
        names = self.rooms[self.row(room)]
        at = names.index(room)
        return at / len(names), (at + 1) / len(names)

    def ends(self, room: str) -> tuple[bool, bool]:
        """Whether a room is the first and whether it is the last of its row."""
        names = self.rooms[self.row(room)]
        return names[0] == room, names[-1] == room

    def is_direct(self, edge: Edge) -> bool:
        """Whether an edge only leads down to the next row."""
        return self.row(edge[1]) == self.row(edge[0]) + 1


def arranged(storeys: Storeys, edges: Sequence[Edge]) -> Rows:
    """
    Put the rooms of *storeys* in rows.

    A storey has several rows if its rooms import each other.

    Raises:
        ValueError: An edge leads up, or edges go in a circle.
    """
    rows = Rows([], [])
    for number, names in enumerate(storeys):
        for row in _levels(names, edges):
            rows.rooms.append(row)
            rows.storey.append(number)
    for source, target in edges:
        if rows.row(source) >= rows.row(target):
            raise ValueError(f"{source} imports {target}, which is not below it")
    _order(rows, edges)
    return rows


def _levels(names: Sequence[str], edges: Sequence[Edge]) -> list[list[str]]:
    """Put whoever imports a sibling above it."""
    sorter = TopologicalSorter(
        {name: [target for source, target in edges if source == name and target in names] for name in names}
    )
    sorter.prepare()
    found: list[list[str]] = []
    while sorter.is_active():
        ready = sorter.get_ready()
        found.insert(0, sorted(ready))
        sorter.done(*ready)
    return found


def _order(rows: Rows, edges: Sequence[Edge]) -> None:
    """Swap rooms within their rows for as long as that makes the drawing better."""
    best, better = _cost(rows, edges), True
    while better:
        better = False
        for row in rows.rooms:
            for one, other in combinations(range(len(row)), 2):
                row[one], row[other] = row[other], row[one]
                cost = _cost(rows, edges)
                if cost < best:
                    best, better = cost, True
                else:
                    row[one], row[other] = row[other], row[one]


def _cost(rows: Rows, edges: Sequence[Edge]) -> float:
    """Tell how bad a drawing is: crossings, bends, ways through inner rooms' floors, distance."""
    direct = [edge for edge in edges if rows.is_direct(edge)]
    spans = [(rows.row(source), rows.span(source), rows.span(target)) for source, target in direct]
    crossings = sum(
        one[0] == other[0] and (one[1][0] - other[1][0]) * (one[2][0] - other[2][0]) < 0
        for one, other in combinations(spans, 2)
    )
    bends = sum(max(source[0], target[0]) >= min(source[1], target[1]) for _, source, target in spans)
    distance = sum(abs(sum(source) - sum(target)) for _, source, target in spans)
    around = sum(min(detours(rows, edge)) for edge in edges if not rows.is_direct(edge))
    return 40 * crossings + 20 * bends + 15 * around + distance


def detours(rows: Rows, edge: Edge) -> tuple[int, int]:
    """Count the ends of an edge that are not at the left side of the house, and at the right."""
    source, target = rows.ends(edge[0]), rows.ends(edge[1])
    return (not source[0]) + (not target[0]), (not source[1]) + (not target[1])
