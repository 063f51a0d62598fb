"""What is in the floors between rows: lines that lead sideways, each in a track where it meets no other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.generate.drawing.frame import LANE, Frame
from tests.generate.drawing.reduction import Edge
from tests.generate.drawing.stairs import LEFT, RIGHT, Lane

Owner = tuple[str, ...]
"""Whose line it is: a direct arrow's, or that of what leaves for a lane or comes from one."""


def outward(lane: Lane) -> Owner:
    """Name what leads from rooms to a lane."""
    return ("to the lane for", lane.target)


def inward(lane: Lane) -> Owner:
    """Name what leads from a lane to its room."""
    return ("from the lane for", lane.target)


@dataclass(frozen=True)
class Sideways:
    """
    A line that leads sideways.

    Args:
        floor: The row above it.
        place: What is less is further up.
    """

    floor: int
    owner: Owner
    start: float
    end: float
    place: int

    def meets(self, other: "Sideways") -> bool:
        """Whether two lines would touch on one height, or nearly."""
        return self.start < other.end + LANE and other.start < self.end + LANE


class Floors:
    """The tracks of all floors."""

    def __init__(self, frame: Frame, direct: Sequence[Edge]) -> None:
        self._tracks = defaultdict[int, list[list[Sideways]]](list)
        lines = [*_bends(frame, direct), *_detours(frame)]
        for line in sorted(lines, key=lambda one: (one.floor, one.place, one.start, one.owner)):
            tracks = self._tracks[line.floor]
            free = [track for track in tracks if not any(line.meets(other) for other in track)]
            if free:
                free[0].append(line)
            else:
                tracks.append([line])

    def tracks(self, floor: int) -> int:
        """Count the tracks of one floor."""
        return len(self._tracks[floor])

    def track(self, floor: int, owner: Owner) -> int:
        """Tell which track a line has."""
        owners = [[line.owner for line in track] for track in self._tracks[floor]]
        return next(number for number, names in enumerate(owners) if owner in names)


def _bends(frame: Frame, direct: Sequence[Edge]) -> Iterator[Sideways]:
    for edge in direct:
        ends = frame.ends(edge)
        if ends[0] != ends[1]:
            yield Sideways(frame.rows.row(edge[0]), edge, min(ends), max(ends), 50)


def _detours(frame: Frame) -> Iterator[Sideways]:
    for side in (LEFT, RIGHT):
        for number, lane in enumerate(frame.lanes(side)):
            x = frame.lane(side, lane)
            leaving = defaultdict[int, list[float]](list)
            for source in lane.sources:
                if not frame.is_beside(source, side):
                    leaving[frame.rows.row(source)].append(frame.exit(side, lane, source))
            for floor, exits in leaving.items():
                yield Sideways(floor, outward(lane), min(x, *exits), max(x, *exits), number)
            if not frame.is_beside(lane.target, side):
                ends = (x, frame.entrance(side, lane))
                yield Sideways(frame.rows.row(lane.target) - 1, inward(lane), min(ends), max(ends), 100)
