"""The picture of the house: rooms in storeys, and arrows from each to those that it imports."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.generate.drawing import package, svg
from tests.generate.drawing.layers import Storeys, read_storeys
from tests.generate.drawing.plan import Box, planned
from tests.generate.drawing.reduction import Edge, reduced
from tests.generate.drawing.rows import arranged
from tests.generate.drawing.text import width, wrapped
from tests.generate.drawing.themes import Theme
from tests.generate.marks import ROOT

_MARGIN = 24.0
_ROOF = 78.0
_OVERHANG = 12.0
_PAD = 13.0


@dataclass(frozen=True)
class Room:
    """
    A direct child of the package.

    Args:
        says: What it says about itself.
    """

    name: str
    modules: int
    lines: int
    says: str

    @property
    def size(self) -> str:
        """How big it is."""
        return ", ".join(sized(self.modules, self.lines))


@dataclass(frozen=True)
class House:
    """
    What is drawn.

    Args:
        edges: From a room to those that it imports, without those that a longer way implies.
        outside: Children of the package that are in no layer.
    """

    storeys: Storeys
    rooms: dict[str, Room]
    edges: list[Edge]
    outside: list[str]


def read_house() -> House:
    """
    Read the house from the code and the contract.

    A room is what the contract has in a layer and what exists: it may have optional layers.
    What is in no layer is left out, as ``__main__`` is, which only starts the rest; the caption names it.
    """
    storeys = read_storeys(ROOT / ".importlinter", package.NAME)
    existing = package.rooms()
    storeys = [[name for name in names if name in existing] for names in storeys]
    storeys = [names for names in storeys if names]
    rooms = {name: _room(name) for names in storeys for name in names}
    edges = reduced(edge for edge in package.imports() if edge[0] in rooms and edge[1] in rooms)
    return House(storeys, rooms, edges, [name for name in existing if name not in rooms])


def _room(name: str) -> Room:
    files = package.files(name)
    return Room(name, len(files), package.lines(files), package.summary(name))


def sized(modules: int, lines: int) -> list[str]:
    """Say how big something is; lines are rounded to two digits, so that not every change changes the picture."""
    digits = 10 ** max(0, len(str(lines)) - 2)
    rounded = (lines + digits // 2) // digits * digits
    return [f"{modules} module{'s' if modules != 1 else ''}", f"{rounded:,} lines"]


def draw_house(house: House, theme: Theme) -> str:
    """Draw it."""
    left, right, top = _MARGIN + _OVERHANG, svg.WIDTH - _MARGIN - _OVERHANG, _MARGIN + _ROOF
    rows = arranged(house.storeys, house.edges)
    plan = planned(rows, house.edges, lambda name, wide: _Card(house.rooms[name], wide).height, left, right)
    inside = [svg.rect(box.x, box.y, box.width, box.height, fill=theme.floor, edge=theme.wall) for box in plan.storeys]
    for arrow in plan.arrows:
        inside += svg.arrow(arrow.lines, colour=theme.line)
    for name, box in plan.rooms.items():
        inside += _Card(house.rooms[name], box.width).drawn(box, theme)
    ground = top + plan.height + 8
    caption = wrapped(_caption(house), 12, right - left, 4)
    body = [
        *_roof(theme, left, right),
        svg.moved(0, top, inside),
        svg.rect(_MARGIN, ground, svg.WIDTH - 2 * _MARGIN, 3, fill=theme.edge, radius=1.5),
        *svg.paragraph(left, ground + 28, caption, fill=theme.muted),
    ]
    height = ground + 34 + svg.LINE * len(caption)
    return svg.document(height, theme, f"The rooms of {package.NAME} and what they import", body)


def _roof(theme: Theme, left: float, right: float) -> Iterator[str]:
    eaves, middle = _MARGIN + _ROOF - 8, (left + right) / 2
    corners = [(left - _OVERHANG, eaves), (middle, _MARGIN - 8), (right + _OVERHANG, eaves)]
    yield svg.shape(corners, fill=theme.floor, edge=theme.edge)
    files = package.all_files()
    size = ", ".join(sized(len(files), package.lines(files)))
    yield svg.text(middle, eaves - 28, package.NAME, fill=theme.text, size=18, bold=True, anchor="middle")
    yield svg.text(middle, eaves - 10, size, fill=theme.muted, anchor="middle")


def _caption(house: House) -> str:
    outside = f" In no layer: {', '.join(house.outside)}." if house.outside else ""
    return (
        "Storeys are the layers of .importlinter. An arrow points from a room to one that it imports;"
        " where arrows lead there by way of other rooms, the direct one is left out."
        f" Lines of code are rounded, and generated code is not counted.{outside}"
    )


class _Card:
    """A room as it is drawn, so wide."""

    def __init__(self, room: Room, wide: float) -> None:
        self.room = room
        inside = wide - 2 * _PAD
        self.name_size = min(15, 15 * inside / width(room.name, 15, bold=True))
        self.beside = width(room.name, 15, bold=True) + 16 + width(room.size, 12) <= inside
        self.size = [] if self.beside else sized(room.modules, room.lines)
        self.says = wrapped(room.says, 12, inside, 1 if wide > 480 else 2 if wide > 240 else 4)

    @property
    def height(self) -> float:
        """How high it must be."""
        return 34 + 16 * len(self.size) + 17 * len(self.says)

    def drawn(self, box: Box, theme: Theme) -> Iterator[str]:
        """Draw it into *box*."""
        yield svg.rect(box.x, box.y, box.width, box.height, fill=theme.card, edge=theme.edge)
        x, y = box.x + _PAD, box.y + 23
        yield svg.text(x, y, self.room.name, fill=theme.text, size=self.name_size, bold=True)
        if self.beside:
            yield svg.text(box.right - _PAD, y, self.room.size, fill=theme.muted, anchor="end")
        for line in self.size:
            y += 16
            yield svg.text(x, y, line, fill=theme.muted)
        y += 2
        for line in self.says:
            y += 17
            yield svg.text(x, y, line, fill=theme.text)
