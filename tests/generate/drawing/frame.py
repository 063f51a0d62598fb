"""What is where from left to right: rooms, the lanes beside them, and where lines leave a room and come to it."""

from dataclasses import dataclass

from tests.generate.drawing.reduction import Edge
from tests.generate.drawing.rows import Rows
from tests.generate.drawing.stairs import LEFT, RIGHT, Lane, Stair

LANE = 12
"""Between two lines that lead down."""
_BESIDE = 18
"""Between the rooms and the first lane, and between the last one and the wall."""
_GAP = 14
"""Between two rooms of a row."""
_INSET = 18
"""How far from the corner lines leave a room down, or come to it from above."""


@dataclass(frozen=True)
class Frame:
    """
    A house without heights.

    Args:
        left: Where its left wall is.
        right: Where its right wall is.
    """

    rows: Rows
    sides: tuple[Stair, Stair]
    left: float
    right: float

    def span(self, room: str) -> tuple[float, float]:
        """Tell where a room begins and ends."""
        names = self.rooms_beside(room)
        start, end = self._inside()
        width = (end - start - _GAP * (len(names) - 1)) / len(names)
        x = start + names.index(room) * (width + _GAP)
        return x, x + width

    def rooms_beside(self, room: str) -> list[str]:
        """List the rooms of its row."""
        return self.rows.rooms[self.rows.row(room)]

    def is_beside(self, room: str, side: int) -> bool:
        """Whether no other room is between a room and the stairs."""
        return self.rows.ends(room)[side]

    def _inside(self) -> tuple[float, float]:
        """Leave the stairs as much space at both sides, so that the rooms are in the middle."""
        lanes = max(len(stair) for stair in self.sides)
        stairwell = 2 * _BESIDE + (lanes - 1) * LANE if lanes else _BESIDE
        return self.left + stairwell, self.right - stairwell

    def lanes(self, side: int) -> list[Lane]:
        """List the lanes of one side, the farthest first."""
        return [lane for column in reversed(self.sides[side]) for lane in column]

    def lane(self, side: int, lane: Lane) -> float:
        """Tell where a lane is."""
        column = next(number for number, column in enumerate(self.sides[side]) if lane in column)
        start, end = self._inside()
        away = _BESIDE + column * LANE
        return start - away if side == LEFT else end + away

    def exit(self, side: int, lane: Lane, source: str) -> float:
        """Tell where a line leaves an inner room downwards: that of the farthest lane at the corner."""
        leaving = [one for one in self.lanes(side) if source in one.sources]
        return self._corner(side, source, leaving.index(lane))

    def entrance(self, side: int, lane: Lane) -> float:
        """Tell where a line comes to an inner room from above."""
        return self._corner(side, lane.target, 0.5)

    def _corner(self, side: int, room: str, number: float = 0) -> float:
        start, end = self.span(room)
        away = _INSET + number * LANE  # what comes has halves, so that it is never below what leaves
        return start + away if side == LEFT else end - away

    def ends(self, edge: Edge) -> tuple[float, float]:
        """Tell where a direct arrow leaves a room and where it comes to the next: straight down if that can be."""
        (start, end), (start_below, end_below) = self.span(edge[0]), self.span(edge[1])
        low, high = max(start, start_below), min(end, end_below)
        if high - low > 2 * LANE:
            return (low + high) / 2, (low + high) / 2
        side = RIGHT if start < start_below else LEFT
        return self._corner(side, edge[0]), self._corner(1 - side, edge[1], 0.5)
