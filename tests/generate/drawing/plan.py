"""Where everything in the house is: boxes of rooms and storeys, and the lines of the arrows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.generate.drawing.floors import Floors, inward, outward
from tests.generate.drawing.frame import Frame
from tests.generate.drawing.reduction import Edge
from tests.generate.drawing.rows import Rows
from tests.generate.drawing.stairs import LEFT, RIGHT, Lane, stairs
from tests.generate.drawing.svg import Point

_FLOOR = 22
"""Between two rows in whose floor no line leads sideways."""
_TRACK = 10
"""Between two lines that lead sideways."""
_PAD = 10
"""Between rooms and the edge of their storey."""
_PORT = 9
"""Between two ends of lines at one side of a room, if it is high enough."""
_JOINT = 14
"""How far a line goes on beside the one that it joins."""


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return self.y + self.height

    def side(self, side: int) -> float:
        """Tell where one of its sides is."""
        return self.x if side == LEFT else self.right


@dataclass(frozen=True)
class Arrow:
    """
    What points to one room, from one or from several.

    Args:
        lines: The first leads from a room to the target, the others from a room to where they join.
    """

    target: str
    sources: tuple[str, ...]
    lines: list[list[Point]]


@dataclass(frozen=True)
class Plan:
    """
    A drawing without colours.

    Args:
        rooms: Their boxes by name.
    """

    rooms: dict[str, Box]
    storeys: list[Box]
    arrows: list[Arrow]

    @property
    def height(self) -> float:
        """Where the lowest storey ends."""
        return self.storeys[-1].bottom


def planned(
    rows: Rows, edges: Sequence[Edge], height: Callable[[str, float], float], left: float, right: float
) -> Plan:
    """
    Plan a house between *left* and *right*, from 0 down.

    Args:
        height: Tells how high a room must be that is so wide.
    """
    frame = Frame(rows, stairs(rows, edges), left, right)
    direct = [edge for edge in edges if rows.is_direct(edge)]
    floors = Floors(frame, direct)
    rooms = _rooms(frame, floors, height)
    lines = _Lines(frame, floors, rooms)
    arrows = [lines.direct(edge) for edge in direct]
    arrows += [lines.joined(side, lane) for side in (LEFT, RIGHT) for lane in frame.lanes(side)]
    return Plan(rooms, _storeys(frame, rooms), arrows)


def _rooms(frame: Frame, floors: Floors, height: Callable[[str, float], float]) -> dict[str, Box]:
    found: dict[str, Box] = {}
    y = float(_PAD)
    for row, names in enumerate(frame.rows.rooms):
        spans = {name: frame.span(name) for name in names}
        highest = max(height(name, end - start) for name, (start, end) in spans.items())
        for name, (start, end) in spans.items():
            found[name] = Box(start, y, end - start, highest)
        is_last = frame.rows.storey[row] not in frame.rows.storey[row + 1 :]
        y += highest + _FLOOR + _TRACK * floors.tracks(row) + (2 * _PAD if is_last else 0)
    return found


def _storeys(frame: Frame, rooms: dict[str, Box]) -> list[Box]:
    found = []
    for storey in sorted(set(frame.rows.storey)):
        rows = [names for number, names in zip(frame.rows.storey, frame.rows.rooms, strict=True) if number == storey]
        top, bottom = rooms[rows[0][0]].y - _PAD, rooms[rows[-1][0]].bottom + _PAD
        found.append(Box(frame.left, top, frame.right - frame.left, bottom - top))
    return found


class _Lines:
    def __init__(self, frame: Frame, floors: Floors, rooms: dict[str, Box]) -> None:
        self.frame, self.floors, self.rooms = frame, floors, rooms

    def direct(self, edge: Edge) -> Arrow:
        start, end = self.frame.ends(edge)
        line = [(start, self.rooms[edge[0]].bottom), (end, self.rooms[edge[1]].y)]
        if start != end:
            y = self._track(self.frame.rows.row(edge[0]), edge)
            line[1:1] = [(start, y), (end, y)]
        return Arrow(edge[1], (edge[0],), [line])

    def joined(self, side: int, lane: Lane) -> Arrow:
        x = self.frame.lane(side, lane)
        starts = sorted((self._start(side, lane, source) for source in lane.sources), key=lambda line: line[-1][1])
        lines = [[*starts[0], *self._end(side, lane)]]
        lines += [[*start, (x, start[-1][1] + _JOINT)] for start in starts[1:]]
        return Arrow(lane.target, lane.sources, lines)

    def _start(self, side: int, lane: Lane, source: str) -> list[Point]:
        """Lead from a room to its lane."""
        x, box = self.frame.lane(side, lane), self.rooms[source]
        if self.frame.is_beside(source, side):
            y = self._port(side, source, outward(lane))
            return [(box.side(side), y), (x, y)]
        port, y = self.frame.exit(side, lane, source), self._track(self.frame.rows.row(source), outward(lane))
        return [(port, box.bottom), (port, y), (x, y)]

    def _end(self, side: int, lane: Lane) -> list[Point]:
        """Lead from a lane to its room."""
        x, box = self.frame.lane(side, lane), self.rooms[lane.target]
        if self.frame.is_beside(lane.target, side):
            y = self._port(side, lane.target, inward(lane))
            return [(x, y), (box.side(side), y)]
        port, y = self.frame.entrance(side, lane), self._track(self.frame.rows.row(lane.target) - 1, inward(lane))
        return [(x, y), (port, y), (port, box.y)]

    def _track(self, floor: int, owner: tuple[str, ...]) -> float:
        """Tell the height of a line that leads sideways."""
        above = self.rooms[self.frame.rows.rooms[floor][0]].bottom
        return above + _TRACK * (1.2 + self.floors.track(floor, owner))

    def _port(self, side: int, room: str, owner: tuple[str, ...]) -> float:
        """Tell where a line meets the side of a room: what comes is above what leaves for the farthest lane first."""
        lanes = self.frame.lanes(side)
        ports = [inward(lane) for lane in lanes if lane.target == room]
        ports += [outward(lane) for lane in lanes if room in lane.sources]
        box = self.rooms[room]
        apart = min(_PORT, (box.height - 2 * _PAD) / len(ports))
        return box.y + box.height / 2 + apart * (ports.index(owner) - (len(ports) - 1) / 2)
