"""What can still be read of a damaged file: a damaged page costs the rows that are in it."""

from pathlib import Path

import pytest

from tests.store.test_sqlite import MADE, make_tables
from watchword.store.examination import examine
from watchword.store.sqlite import FILE, SqlitePersistence

PAGE = 4096
ROWS = 400


@pytest.fixture(scope="module")
def many_rows(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A data file with two sandboxes of many rows."""
    disk = SqlitePersistence(tmp_path_factory.mktemp("many"))
    for number in range(2):
        box = disk.add_sandbox(f"box-{number}", make_tables(), MADE)
        box.write({("notes", f"{row * 7919 % 100_003:05}"): {"text": "x" * 200} for row in range(ROWS)})
    disk.close()
    return (disk.folder / FILE).read_bytes()


def records(path: Path) -> int:
    found = examine(path, lambda *_: True)
    return sum(len(one.documents) for one in found.saved)


@pytest.mark.parametrize("content", [bytes(PAGE), b"\xa5" * PAGE], ids=["zeros", "other bytes"])
@pytest.mark.parametrize("together", [1, 2])
def test_a_damaged_page_costs_the_rows_that_are_in_it(
    many_rows: bytes, tmp_path: Path, content: bytes, together: int
) -> None:
    """Pages near both ends are damaged at once, so what lies between is found by neither end."""
    pages = [many_rows[at : at + PAGE] for at in range(0, len(many_rows), PAGE)]
    lost = []
    for first in range(6, len(pages) // 2, 9):
        damaged = [*pages]
        for at in (first, len(pages) - first)[:together]:
            damaged[at] = content
        (tmp_path / FILE).write_bytes(b"".join(damaged))
        lost.append(2 * ROWS - records(tmp_path / FILE))
    # A root page is one of few, and costs what is below it.
    assert sum(0 <= one <= 25 * together for one in lost) >= 0.8 * len(lost), lost
