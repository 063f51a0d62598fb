"""The few shapes that the pictures are made of, as SVG."""

from collections.abc import Iterable, Sequence
from typing import Literal

from tests.generate.drawing.text import escape
from tests.generate.drawing.themes import Theme

Point = tuple[float, float]
WIDTH = 800
LINE = 17
"""From one line of a paragraph to the next."""
_FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_HEAD = (9.0, 4.5)
"""Length of an arrow's head, and half its width."""


def document(height: float, theme: Theme, title: str, body: Iterable[str]) -> str:
    """Put shapes together to a picture."""
    size = f"{WIDTH} {number(height)}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{WIDTH}" height="{number(height)}"'
            f' role="img" font-family="{_FONT}">',
            f"<title>{escape(title)}</title>",
            rect(0, 0, WIDTH, height, fill=theme.ground, radius=8),
            *body,
            "</svg>\n",
        ]
    )


def rect(x: float, y: float, width: float, height: float, *, fill: str, edge: str = "none", radius: float = 6) -> str:
    """Draw a rectangle with round corners."""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}"'
        f' rx="{number(radius)}" fill="{fill}" stroke="{edge}"/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    *,
    fill: str,
    size: float = 12,
    bold: bool = False,
    anchor: Literal["start", "middle", "end"] = "start",
) -> str:
    """Write one line; *y* is where its letters stand."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{number(x)}" y="{number(y)}" font-size="{number(size)}"{weight}{_anchored(anchor)} fill="{fill}">'
        f"{escape(words)}</text>"
    )


def labelled(
    x: float, y: float, parts: Sequence[tuple[str, str, float]], *, anchor: Literal["start", "middle", "end"] = "start"
) -> str:
    """Write one line in parts, each with its colour and size."""
    spans = [f'font-size="{number(size)}" fill="{fill}">{escape(words)}</tspan>' for words, fill, size in parts]
    line = "<tspan " + '<tspan dx="8" '.join(spans)
    return f'<text x="{number(x)}" y="{number(y)}"{_anchored(anchor)}>{line}</text>'


def paragraph(x: float, y: float, lines: Sequence[str], *, fill: str) -> list[str]:
    """Write lines below each other."""
    return [text(x, y + LINE * at, line, fill=fill) for at, line in enumerate(lines)]


def moved(x: float, y: float, body: Iterable[str]) -> str:
    """Draw everything so much further to the right and down."""
    return "\n".join([f'<g transform="translate({number(x)} {number(y)})">', *body, "</g>"])


def dot(x: float, y: float, radius: float, *, fill: str) -> str:
    """Draw a filled circle."""
    return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}"/>'


def shape(points: Sequence[Point], *, fill: str, edge: str = "none") -> str:
    """Draw a polygon."""
    corners = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{corners}" fill="{fill}" stroke="{edge}" stroke-linejoin="round"/>'


def stroke(points: Sequence[Point], *, colour: str, width: float = 1.5, radius: float = 7) -> str:
    """Draw a line along *points* that turns in arcs."""
    way = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        bend = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        first, last = towards(corner, before, bend), towards(corner, after, bend)
        way.append(f"L{_pair(first)}Q{_pair(corner)} {_pair(last)}")
    way.append(f"L{_pair(points[-1])}")
    return f'<path d="{"".join(way)}" fill="none" stroke="{colour}" stroke-width="{number(width)}"/>'


def arrow(lines: Sequence[Sequence[Point]], *, colour: str) -> list[str]:
    """Draw *lines* that join, with a head at the end of the first."""
    (*before, tip), *others = lines
    length, half = _HEAD
    neck, (x, y) = towards(tip, before[-1], length - 1), towards(tip, before[-1], length)
    across = (half * (tip[1] - y) / length, half * (x - tip[0]) / length)
    sides = [(x + across[0], y + across[1]), (x - across[0], y - across[1])]
    drawn = [stroke(line, colour=colour) for line in ([*before, neck], *others)]
    return [*drawn, shape([tip, *sides], fill=colour)]


def towards(start: Point, end: Point, way: float) -> Point:
    """Go from *start* in the direction of *end*."""
    distance = _distance(start, end) or 1
    return start[0] + (end[0] - start[0]) * way / distance, start[1] + (end[1] - start[1]) * way / distance


def number(value: float) -> str:
    """Write a number as short as it can be."""
    return f"{value:.1f}".removesuffix(".0")


def _pair(point: Point) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _anchored(anchor: str) -> str:
    return "" if anchor == "start" else f' text-anchor="{anchor}"'


def _distance(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)
