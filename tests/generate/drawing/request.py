"""The picture of one request: the files that it enters, each where it is entered for the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.generate.drawing import svg
from tests.generate.drawing.layers import Storeys
from tests.generate.drawing.text import width, wrapped
from tests.generate.drawing.themes import Theme
from tests.generate.drawing.trace import Entry, Trace

_MARGIN = 24.0
_TOP = 112.0
"""Where the first file is."""
_ROW = 22.0
_DOT = 4.5
_CAPTION = (
    "From top to bottom: the files in the order in which the request enters them, each once, and the function that it"
    " calls there first. From left to right: the rooms, from the roof down to the ground."
    " The second of two updates by the seed person ada of Weavr Multi, followed from the ASGI application on;"
    " libraries and generated code are not counted."
)


@dataclass(frozen=True)
class Stop:
    """A file in the picture."""

    entry: Entry
    x: float
    y: float


def draw_request(trace: Trace, storeys: Storeys, theme: Theme) -> str:
    """
    Draw it.

    Args:
        storeys: What is further above is further left.
    """
    rooms = ordered(trace.rooms, storeys)
    column = (svg.WIDTH - 2 * _MARGIN) / len(rooms)
    stops = [
        Stop(entry, _MARGIN + column * (rooms.index(entry.room) + 0.5), _TOP + _ROW * row)
        for row, entry in enumerate(trace.entries)
    ]
    bottom = stops[-1].y + _ROW
    body = [
        svg.text(_MARGIN, 38, trace.request, fill=theme.text, size=18, bold=True),
        svg.text(svg.WIDTH - _MARGIN, 38, trace.sentence, fill=theme.muted, size=13, anchor="end"),
    ]
    size = min(12.0, *(12 * (column - 6) / width(room, 12, bold=True) for room in rooms))
    for at, room in enumerate(rooms):
        x = _MARGIN + column * at
        if at % 2 == 0:
            body.append(svg.rect(x, 60, column, bottom - 60, fill=theme.floor))
        body.append(svg.text(x + column / 2, 81, room, fill=theme.text, size=size, bold=True, anchor="middle"))
    body += [svg.stroke(way(one, other), colour=theme.line, width=1.75) for one, other in pairwise(stops)]
    for stop in stops:
        body += _drawn(stop, theme)
    lines = wrapped(_CAPTION, 12, svg.WIDTH - 2 * _MARGIN, 5)
    body += svg.paragraph(_MARGIN, bottom + 26, lines, fill=theme.muted)
    return svg.document(bottom + 32 + svg.LINE * len(lines), theme, f"{trace.request}: {trace.sentence}", body)


def ordered(rooms: Sequence[str], storeys: Storeys) -> list[str]:
    """Put rooms in the order of *storeys*; a room that is in none of them comes first."""
    known = [name for names in storeys for name in names]
    return [*(room for room in rooms if room not in known), *(name for name in known if name in rooms)]


def way(one: Stop, other: Stop) -> list[svg.Point]:
    """Lead from a file to the next: sideways only between their rows, where no text is."""
    if one.x == other.x:
        return [(one.x, one.y), (other.x, other.y)]
    middle = (one.y + other.y) / 2
    return [(one.x, one.y), (one.x, middle), (other.x, middle), (other.x, other.y)]


def _drawn(stop: Stop, theme: Theme) -> list[str]:
    """Draw a file, and write its name where there is more space, nearer to the dot than the function's."""
    file = stop.entry.file.removeprefix(f"{stop.entry.room}/")
    is_left = stop.x < svg.WIDTH / 2
    space = (svg.WIDTH - _MARGIN - stop.x if is_left else stop.x - _MARGIN) - 22 - width(file, 12)
    name = (file, theme.text, 12.0)
    function = (" ".join(wrapped(stop.entry.function, 11, space, 1)), theme.muted, 11.0)
    dot = svg.dot(stop.x, stop.y, _DOT, fill=theme.line)
    if is_left:
        return [dot, svg.labelled(stop.x + 11, stop.y + 4, [name, function])]
    return [dot, svg.labelled(stop.x - 11, stop.y + 4, [function, name], anchor="end")]
