"""The pictures and their numbers as files."""

from collections.abc import Iterator
from pathlib import Path

from tests.generate.drawing.house import draw_house, read_house
from tests.generate.drawing.request import draw_request
from tests.generate.drawing.themes import THEMES
from tests.generate.drawing.trace import read_trace
from tests.generate.marks import ROOT

FOLDER = ROOT / "docs" / "pictures"


def pictures() -> Iterator[tuple[Path, str]]:
    """Yield every picture, light and dark, and the numbers of the followed request."""
    house, trace = read_house(), read_trace()
    for theme in THEMES:
        yield FOLDER / f"house-{theme.name}.svg", draw_house(house, theme)
        yield FOLDER / f"request-{theme.name}.svg", draw_request(trace, house.storeys, theme)
    yield FOLDER / "request.json", trace.as_json()
