"""The two sets of colours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """
    Colours of one picture.

    Args:
        ground: Behind everything.
        wall: The outline of what holds other things.
        floor: What holds other things.
        card: A room.
        edge: The outline of a room.
        text: What is read first.
        muted: What is read second.
        line: Arrows.
    """

    name: str
    ground: str
    wall: str
    floor: str
    card: str
    edge: str
    text: str
    muted: str
    line: str


LIGHT = Theme(
    name="light",
    ground="#ffffff",
    wall="#d1d9e0",
    floor="#f3f5f8",
    card="#ffffff",
    edge="#b6c1cd",
    text="#1f2328",
    muted="#57606a",
    line="#3b6ea5",
)
DARK = Theme(
    name="dark",
    ground="#0d1117",
    wall="#30363d",
    floor="#151b23",
    card="#1f2630",
    edge="#465160",
    text="#f0f6fc",
    muted="#a2acb8",
    line="#79b0ea",
)
THEMES = (LIGHT, DARK)


def contrast(one: str, other: str) -> float:
    """Compare the brightness of two colours as WCAG 2 does: 1 is none, 21 the most."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
