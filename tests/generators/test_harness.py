"""What ``make generators`` says of a tool, and of a client that loses something."""

import json
from pathlib import Path

import pytest

from tests.generators.__main__ import DOCUMENTS, GOOD, NOT_TRIED, WHOLE, table
from tests.generators.examples import WRITTEN, Example, lost
from tests.generators.tools import TOOLS

README = (Path(__file__).parents[2] / "openapi" / "README.md").read_text(encoding="utf-8")
EXAMPLE = Example("Session", {"id": "7", "checks": [{"at": "2026-03-01T10:00:00Z"}]})


@pytest.mark.parametrize(
    "written",
    [
        {"id": "7", "checks": [{"at": "2026-03-01T10:00:00Z"}]},
        {"id": "7", "checks": [{"at": "2026-03-01T10:00:00+00:00"}], "label": None},
    ],
    ids=["the same", "a timestamp in another form, and an added member"],
)
def test_an_example_that_a_client_writes_whole_is_kept(tmp_path: Path, written: object) -> None:
    assert _lost(tmp_path, written) == []


@pytest.mark.parametrize(
    "written",
    [
        {"checks": [{"at": "2026-03-01T10:00:00Z"}]},
        {"id": "7", "checks": [{}]},
        {"id": "7", "checks": []},
        {"id": "8", "checks": [{"at": "2026-03-01T10:00:00Z"}]},
        {"id": "7", "checks": [{"at": "2026-03-01T10:00:01Z"}]},
        None,
    ],
    ids=["a member", "an inner member", "an item", "a value", "an instant", "everything"],
)
def test_what_a_client_loses_of_an_example_is_named(tmp_path: Path, written: object) -> None:
    assert [line.partition(":")[0] for line in _lost(tmp_path, written)] == ["Session"]


def test_the_table_has_a_row_for_each_tool_and_a_column_for_each_document() -> None:
    outcomes = {"orval": {WHOLE: GOOD, "zitadel": GOOD}, "Prism": {WHOLE: NOT_TRIED, "zitadel": NOT_TRIED}}
    assert table(outcomes).splitlines() == [
        "| tool | whole | zitadel |",
        "| --- | --- | --- |",
        "| orval | good | good |",
        "| Prism | not tried | not tried |",
    ]


def test_the_documents_readme_says_what_came_of_each_tool_with_each_document() -> None:
    header, _, *rows = table({tool.name: dict.fromkeys(DOCUMENTS, GOOD) for tool in TOOLS}).splitlines()
    assert header in README
    assert [row for row in rows if row not in README] == []


def _lost(folder: Path, written: object) -> list[str]:
    (folder / WRITTEN).write_text(json.dumps([written]), encoding="utf-8")
    return lost([EXAMPLE], folder)
