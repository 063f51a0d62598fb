"""The comparison as an SVG picture: medians as bars, with the range of the rounds."""

from collections.abc import Sequence
from html import escape

from tests.bench import starting, throughput
from tests.bench.measure import Measure
from tests.bench.report import Results, number
from tests.bench.targets import BARE, WATCHWORD

_COLOURS = {WATCHWORD: "#0b6e4f", "Prism": "#5b7db1", "Scalar": "#9a7bb0", "WireMock": "#c78f4e", BARE: "#b8bcc2"}
_WIDTH, _LEFT, _RIGHT = 760, 150, 90
_BAR, _GAP, _HEAD = 13, 10, 44


def plot(results: Results) -> str:
    """Draw requests per second, start time and memory."""
    found = results.measures
    memory = [one for one in found.group(throughput.MEMORY) if one.values]
    panels = [
        ("Requests per second (longer is better)", found.group(throughput.RATE)),
        ("Start to first answer, seconds (shorter is better)", found.group(starting.START)),
        ("Memory, MiB (shorter is better)", sorted(memory, key=lambda one: one.what == throughput.AFTER_LOAD)),
    ]
    drawn, top = [], 10
    for title, measures in panels:
        lines, height = _panel(title, [one for one in measures if one.values], top)
        drawn += lines
        top += height
    legend = _legend(top + 12)
    height = top + 30
    style = "text{font:11px system-ui,sans-serif;fill:#222}.head{font-size:13px;font-weight:600}.low{fill:#666}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}"'
            f' viewBox="0 0 {_WIDTH} {height}" role="img">',
            f"<title>Watchword beside its peers, {escape(results.date)}</title>",
            f"<style>{style}</style>",
            f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
            *drawn,
            *legend,
            "</svg>\n",
        ]
    )


def _panel(title: str, measures: Sequence[Measure], top: int) -> tuple[list[str], int]:
    lines = [f'<text class="head" x="10" y="{top + 22}">{escape(title)}</text>']
    greatest = max((max(one.values) for one in measures), default=1.0)
    scale = (_WIDTH - _LEFT - _RIGHT) / greatest
    y, before = top + _HEAD - _GAP, ""
    for one in measures:
        if one.what != before:
            y += _GAP if before else 0
            lines.append(f'<text x="{_LEFT - 8}" y="{y + 10}" text-anchor="end">{escape(one.what)}</text>')
            before = one.what
        lines += _bar(one, y, scale)
        y += _BAR
    return lines, y - top + _GAP


def _bar(one: Measure, y: int, scale: float) -> list[str]:
    width, least, greatest = (round(value * scale, 1) for value in (one.median, min(one.values), max(one.values)))
    colour, middle = _COLOURS.get(one.target, "#888"), y + _BAR // 2
    about = escape(f"{one.target}, {one.what}: {number(one.median)} {one.unit}")
    return [
        f'<rect x="{_LEFT}" y="{y}" width="{max(width, 1)}" height="{_BAR - 2}" fill="{colour}">'
        f"<title>{about}</title></rect>",
        f'<path d="M{_LEFT + least} {middle}H{_LEFT + greatest}" stroke="#222"/>',
        f'<text class="low" x="{_LEFT + greatest + 5}" y="{y + 10}">{number(one.median)}</text>',
    ]


def _legend(y: int) -> list[str]:
    lines, x = [], 10
    for name, colour in _COLOURS.items():
        lines.append(f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{colour}"/>')
        lines.append(f'<text x="{x + 14}" y="{y}">{escape(name)}</text>')
        x += 120
    return lines
