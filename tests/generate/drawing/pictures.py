"""The pictures and their numbers as files."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.generate.drawing.house import draw_house, read_house
from tests.generate.drawing.request import draw_request
from tests.generate.drawing.themes import THEMES
from tests.generate.drawing.trace import read_trace
from tests.generate.marks import ROOT

FOLDER = ROOT / "docs" / "pictures"
_ARCHITECTURE = ROOT / "ARCHITECTURE.md"
_QUOTED = re.compile("(?<=<!-- request -->).*?(?=<!-- /request -->)")


def pictures() -> Iterator[tuple[Path, str]]:
    """Yield every picture, light and dark, and the numbers of the followed request, also as quoted."""
    house, trace = read_house(), read_trace()
    for theme in THEMES:
        yield FOLDER / f"house-{theme.name}.svg", draw_house(house, theme)
        yield FOLDER / f"request-{theme.name}.svg", draw_request(trace, house.storeys, theme)
    yield FOLDER / "request.json", trace.as_json()
    yield _ARCHITECTURE, _QUOTED.sub(trace.sentence, _ARCHITECTURE.read_text(encoding="utf-8"))
