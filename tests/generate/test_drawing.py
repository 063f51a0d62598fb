"""The pictures of the code: what is in them, and that nothing in them is in the way of something else."""

import asyncio
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generate.drawing import package
from tests.generate.drawing.house import House, Room, draw_house, read_house, sized
from tests.generate.drawing.layers import read_storeys, storeys
from tests.generate.drawing.plan import Arrow, Box, Plan, planned
from tests.generate.drawing.reduction import Edge, reachable, reduced
from tests.generate.drawing.request import draw_request, ordered
from tests.generate.drawing.rows import arranged
from tests.generate.drawing.svg import WIDTH, Point
from tests.generate.drawing.text import escape, width, wrapped
from tests.generate.drawing.themes import LIGHT, THEMES, Theme, contrast
from tests.generate.drawing.trace import Entry, Trace, followed
from tests.generate.marks import ROOT

TEXT = "{http://www.w3.org/2000/svg}text"


def house(names: list[list[str]], edges: list[Edge], says: str = "What it is.") -> House:
    """Make a house of rooms that are all alike."""
    return House(names, {name: Room(name, 3, 1234, says) for row in names for name in row}, edges, [])


def texts(picture: str) -> list[str]:
    """Read all texts of a picture."""
    return ["".join(one.itertext()) for one in ElementTree.fromstring(picture).iter(TEXT)]  # noqa: S314  # ours


# Layers


@pytest.mark.parametrize(
    ("contract", "expected"),
    [
        ({"layers": ["p.b", "p.a"]}, [["b"], ["a"]]),
        ({"layers": ["p.c | p.b", "p.a"]}, [["b", "c"], ["a"]]),
        ({"layers": ["p.c : p.b", "p.a"]}, [["b", "c"], ["a"]]),
        ({"layers": ["(p.c) | p.b", "", "# a comment", "(p.a)"]}, [["b", "c"], ["a"]]),
        ({"layers": "p.a"}, [["a"]]),
        ({"layers": ["b", "a"], "containers": "p"}, [["b"], ["a"]]),
        ({"layers": ["p.x.b", "p.x.a"]}, None),
        ({"layers": ["b", "a"], "containers": ["p.x", "p.y"]}, None),
    ],
    ids=["one each", "independent", "siblings", "optional", "only one", "of a container", "deeper", "of others"],
)
def test_layers_are_read_as_import_linter_reads_them(
    contract: dict[str, str | list[str]], expected: list[list[str]] | None
) -> None:
    """The drawing and the law are one text."""
    assert storeys(contract, "p") == expected


def test_without_layers_there_is_no_house(tmp_path: Path) -> None:
    """A contract about something else is no substitute."""
    file = tmp_path / "laws"
    file.write_text("[importlinter]\nroot_package = p\n[importlinter:contract:a]\nname = A\ntype = independence\n")
    with pytest.raises(ValueError, match="no contract in laws"):
        read_storeys(file, "p")


# Reduction

NAMES = "abcdefghijkl"
EDGES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=30)


def test_what_a_longer_way_says_is_left_out() -> None:
    """Of a triangle, two sides remain."""
    assert reduced([("a", "c"), ("a", "b"), ("b", "c")]) == [("a", "b"), ("b", "c")]


@settings(max_examples=60, deadline=None)
@given(EDGES)
def test_a_reduction_says_the_same_and_nothing_twice(edges: list[Edge]) -> None:
    """Who reached whom still does, and every edge is needed for that."""
    kept = reduced(edges)
    assert set(kept) <= set(edges)
    for name in NAMES:
        assert reachable(name, kept) == reachable(name, edges)
    for edge in kept:
        assert edge[1] not in reachable(edge[0], [other for other in kept if other != edge])


# Rows


def test_rooms_of_one_storey_that_import_each_other_are_in_several_rows() -> None:
    """An arrow always leads down."""
    rows = arranged([["x"], ["a", "b", "c"]], [("a", "b")])
    assert ([sorted(row) for row in rows.rooms], rows.storey) == ([["x"], ["a"], ["b", "c"]], [0, 1, 1])


def test_rooms_are_put_above_what_they_import() -> None:
    """Arrows do not cross where they need not."""
    rows = arranged([["a", "b"], ["c", "d"]], [("a", "d"), ("b", "c")])
    assert [rows.rooms[0].index("a"), rows.rooms[0].index("b")] == [rows.rooms[1].index("d"), rows.rooms[1].index("c")]


@pytest.mark.parametrize("edges", [[("b", "a")], [("b", "c"), ("c", "b")]], ids=["up", "in a circle"])
def test_imports_that_do_not_lead_down_are_not_drawn_as_if_they_did(edges: list[Edge]) -> None:
    """The contract would be broken, or say too little."""
    with pytest.raises(ValueError, match=r"not below|cycle"):
        arranged([["a"], ["b", "c"]], edges)


# The plan


@st.composite
def houses(draw: st.DrawFn) -> House:
    """Make houses of up to seven storeys with up to four rooms each."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=7))
    numbers = iter(range(sum(sizes)))
    rows = [[f"room{next(numbers)}" for _ in range(size)] for size in sizes]
    pairs = [(one, other) for at, row in enumerate(rows) for one in row for lower in rows[at + 1 :] for other in lower]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=25)) if pairs else []
    return house(rows, reduced(edges))


def planned_of(drawn: House) -> Plan:
    """Plan a house whose rooms are 60 high."""
    return planned(arranged(drawn.storeys, drawn.edges), drawn.edges, lambda _name, _width: 60, 36, WIDTH - 36)


def segments(arrow: Arrow) -> Iterator[tuple[Point, Point]]:
    """Cut an arrow at its corners."""
    for line in arrow.lines:
        yield from pairwise(line)


def crosses(segment: tuple[Point, Point], box: Box) -> bool:
    """Whether a line along an axis is somewhere inside of a box."""
    (x0, y0), (x1, y1) = segment
    return (
        max(x0, x1) > box.x + 0.01
        and min(x0, x1) < box.right - 0.01
        and max(y0, y1) > box.y + 0.01
        and min(y0, y1) < box.bottom - 0.01
    )


def overlaps(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two lines along an axis have more than a point in common."""
    for along in (0, 1):
        across = 1 - along
        level = {round(point[across], 3) for point in (*one, *other)}
        low = max(min(point[along] for point in line) for line in (one, other))
        high = min(max(point[along] for point in line) for line in (one, other))
        if len(level) == 1 and high - low > 0.01:
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(houses())
def test_no_arrow_leads_through_a_room(drawn: House) -> None:
    """Nor is a room drawn over another, or outside of its storey; every import has its arrow."""
    plan = planned_of(drawn)
    assert sorted(plan.rooms) == sorted(drawn.rooms)
    assert sorted((source, arrow.target) for arrow in plan.arrows for source in arrow.sources) == sorted(drawn.edges)
    for one, other in combinations(plan.rooms.values(), 2):
        assert one.right < other.x or other.right < one.x or one.bottom < other.y or other.bottom < one.y
    for box in plan.rooms.values():
        assert any(
            storey.x < box.x and box.right < storey.right and storey.y < box.y and box.bottom < storey.bottom
            for storey in plan.storeys
        )
    for arrow in plan.arrows:
        for segment in segments(arrow):
            assert segment[0][0] == segment[1][0] or segment[0][1] == segment[1][1]
            assert not [name for name, box in plan.rooms.items() if crosses(segment, box)]


@settings(max_examples=60, deadline=None)
@given(houses())
def test_arrows_run_into_each_other_only_if_they_have_an_end_in_common(drawn: House) -> None:
    """Otherwise nobody could tell which is which."""
    for one, other in combinations(planned_of(drawn).arrows, 2):
        if one.target != other.target and not set(one.sources) & set(other.sources):
            assert not [pair for pair in ((a, b) for a in segments(one) for b in segments(other)) if overlaps(*pair)]


# Text


def test_text_that_fits_stays_as_it_is() -> None:
    """Nothing is shortened without need."""
    assert wrapped("Facts of passwords.", 12, 400, 1) == ["Facts of passwords."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("State: kept in memory alone, or on a disk too, as one likes it", "State: kept in memory alone …"),
        ("Everything that has to be done once more for everybody", "Everything that has to be done once …"),
        ("A:pneumonoultramicroscopicsilicovolcanoconiosis", "A:pneumonoultramicroscopicsilicovo …"),
    ],
    ids=["at the end of a clause", "at the end of a word", "inside of a word"],
)
def test_text_that_is_too_long_ends_nicely(text: str, expected: str) -> None:
    """The end of a clause is better than that of a word, and that is better than any letter."""
    assert wrapped(text, 12, 250, 1) == [expected]


@settings(deadline=None)
@given(st.text(st.sampled_from("aim W.,:"), max_size=80), st.integers(40, 300), st.integers(1, 3))
def test_no_line_is_too_wide(text: str, room: int, lines: int) -> None:
    """Every line fits, and there are not too many of them."""
    found = wrapped(text, 12, room, lines)
    assert len(found) <= lines
    assert all(width(line, 12) <= room for line in found)


def test_text_is_escaped() -> None:
    """What a docstring says is no markup."""
    says = 'A <b> & "c"'
    assert escape(says) == "A &lt;b&gt; &amp; &quot;c&quot;"
    assert says in texts(draw_house(house([["a"]], [], says), LIGHT))


# The pictures


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_room_is_drawn_once(theme: Theme) -> None:
    """The house is that of the code."""
    found = texts(draw_house(read_house(), theme))
    rooms = {name for names in read_storeys(ROOT / ".importlinter", package.NAME) for name in names}
    assert {name: found.count(name) for name in rooms & set(package.rooms())} == dict.fromkeys(
        rooms & set(package.rooms()), 1
    )


@pytest.mark.parametrize(
    ("modules", "lines", "expected"),
    [(1, 74, "1 module, 74 lines"), (2, 285, "2 modules, 290 lines"), (14, 1449, "14 modules, 1,400 lines")],
)
def test_lines_are_rounded(modules: int, lines: int, expected: str) -> None:
    """A picture that changes with every line would be in everybody's way."""
    assert ", ".join(sized(modules, lines)) == expected


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_both_themes_can_be_read(theme: Theme) -> None:
    """WCAG 2 wants 4.5 for text and 3 for what is drawn."""
    for behind in (theme.ground, theme.floor, theme.card):
        assert contrast(theme.text, behind) >= 7
        assert contrast(theme.muted, behind) >= 4.5
        assert contrast(theme.line, behind) >= 3


def test_black_on_white_has_the_most_contrast() -> None:
    """The scale is that of WCAG 2."""
    assert (round(contrast("#000000", "#ffffff"), 2), contrast("#808080", "#808080")) == (21, 1)


def test_every_file_of_a_request_is_drawn_in_its_order() -> None:
    """The names that are read from top to bottom are those of the trace."""
    trace = Trace([Entry("edge/front.py", "Front.call"), Entry("store.py", "put"), Entry("edge/a/b.py", "<lambda>")], 7)
    assert trace.sentence == "7 calls in 3 files of 2 rooms"
    found = " ".join(texts(draw_request(trace, [["edge"], ["store"]], LIGHT)))
    places = [re.search(pattern, found) for pattern in ("front.pyFront.call", "putstore.py", "a/b.py<lambda>")]
    starts = [place.start() for place in places if place]
    assert len(starts) == 3
    assert starts == sorted(starts)


def test_the_rooms_of_a_request_are_ordered_from_the_roof_down() -> None:
    """What is in no layer comes first: it starts the rest."""
    assert ordered(["c", "a", "main"], [["a"], ["b"], ["c", "d"]]) == ["main", "a", "c"]


# The trace


def _once() -> None:
    [sorted([one, 1], key=_itself) for one in range(2)]
    max((1, 2), key=lambda one: -one)


def _itself(one: int) -> int:
    return one


def _several() -> Iterator[int]:
    yield from (1, 2, 3)


async def _later() -> None:
    for _ in range(3):
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("work", "calls"),
    [(_once, 7), (lambda: list(_several()), 2), (lambda: asyncio.run(_later()), 2)],
    ids=["functions and lambdas, not comprehensions", "a generator once", "a coroutine once"],
)
def test_calls_are_counted_alike_by_every_python(work: Any, calls: int) -> None:
    """Neither how comprehensions are compiled nor how often a coroutine waits makes a difference."""
    trace = followed(work, Path(__file__).parent)
    assert (trace.calls, trace.files) == (calls, 1)
    assert trace.entries[0].file == Path(__file__).name


def test_what_others_call_does_not_count() -> None:
    """Libraries are not ours."""
    assert followed(lambda: re.compile("a+b"), Path(__file__).parent / "elsewhere") == Trace([], 0)
