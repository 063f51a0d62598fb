"""The data file: created, recognised, upgraded, or refused and left unchanged."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from watchword.store import SharedRows, SharedTables, UnusableData
from watchword.store.format import STEPS
from watchword.store.sqlite import FILE, SqlitePersistence

MADE = datetime(2026, 1, 15, tzinfo=UTC)
NEXT = (*STEPS, ("ALTER TABLE sandboxes ADD COLUMN note TEXT NOT NULL DEFAULT 'none'", "CREATE TABLE notes (x)"))


def make_data(folder: Path) -> Path:
    """Make a data directory with one sandbox, and return its file."""
    disk = SqlitePersistence(folder)
    disk.add_sandbox("one", SharedTables({"notes": SharedRows({"n1": {"text": "a"}})}), MADE).write(
        {("notes", "n2"): {"text": "b"}}
    )
    disk.close()
    return folder / FILE


def read_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def test_a_new_file_has_our_application_id_and_the_newest_format(tmp_path: Path) -> None:
    with closing(sqlite3.connect(make_data(tmp_path))) as connection:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert application.to_bytes(4) == b"WWrd"
    assert version == len(STEPS)


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        pytest.param(b"", "not written by watchword", id="empty"),
        pytest.param(b"a letter to my aunt" * 20, "not written by watchword", id="a text"),
        pytest.param(None, "not written by watchword", id="a database of another program"),
    ],
)
def test_a_file_of_another_program_is_refused_and_left_unchanged(
    tmp_path: Path, contents: bytes | None, message: str
) -> None:
    path = tmp_path / FILE
    if contents is None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE sandboxes (id)")
            connection.execute("PRAGMA user_version=1")
            connection.commit()
    else:
        path.write_bytes(contents)
    before = read_files(tmp_path)
    with pytest.raises(UnusableData, match=message):
        SqlitePersistence(tmp_path)
    assert read_files(tmp_path) == before


def test_a_newer_file_is_refused_and_left_unchanged(tmp_path: Path) -> None:
    make_data(tmp_path)
    SqlitePersistence(tmp_path, steps=NEXT).close()
    before = read_files(tmp_path)
    with pytest.raises(UnusableData, match=r"newer watchword \(format 2, this one reads up to 1\)"):
        SqlitePersistence(tmp_path)
    assert read_files(tmp_path) == before


def test_a_newer_file_of_a_killed_server_is_left_unchanged_and_so_is_its_log(tmp_path: Path) -> None:
    make_data(tmp_path)
    newer, copy = SqlitePersistence(tmp_path, steps=NEXT), tmp_path / "copy"
    newer.add_sandbox("two", SharedTables({}), MADE).write({})
    copy.mkdir()
    for path in tmp_path.glob(f"{FILE}*"):
        (copy / path.name).write_bytes(path.read_bytes())
    newer.close()
    before = read_files(copy)
    assert before[f"{FILE}-wal"]
    with pytest.raises(UnusableData, match="newer watchword"):
        SqlitePersistence(copy)
    assert read_files(copy) == before


def test_an_older_file_is_upgraded_with_everything_in_it(tmp_path: Path) -> None:
    path = make_data(tmp_path)
    disk = SqlitePersistence(tmp_path, steps=NEXT)
    (stored,) = disk.read_sandboxes()
    disk.close()
    assert (stored.name, stored.created_at, stored.documents) == ("one", MADE, {("notes", "n2"): {"text": "b"}})
    assert stored.tables.tables["notes"].rows == {"n1": {"text": "a"}}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT name, note FROM sandboxes").fetchall() == [("one", "none")]


def test_an_upgrade_that_fails_leaves_the_older_file(tmp_path: Path) -> None:
    make_data(tmp_path)
    with pytest.raises(UnusableData, match="no such table"):
        SqlitePersistence(tmp_path, steps=(*STEPS, ("CREATE TABLE notes (x)", "ALTER TABLE nowhere ADD COLUMN x")))
    disk = SqlitePersistence(tmp_path)
    assert [one.name for one in disk.read_sandboxes()] == ["one"]
    disk.close()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = make_data(tmp_path)
    raw = bytearray(path.read_bytes())
    raw[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    path.write_bytes(raw)
    with pytest.raises(UnusableData, match=r"damaged|malformed"):
        list(SqlitePersistence(tmp_path).read_sandboxes())
    assert path.read_bytes() == raw


def test_a_log_without_its_file_is_not_applied_to_a_new_file(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}-wal").write_bytes(b"x" * 100)
    with pytest.raises(UnusableData, match=r"without watchword\.sqlite3"):
        SqlitePersistence(tmp_path)
    assert read_files(tmp_path) == {f"{FILE}-wal": b"x" * 100}


def test_a_file_that_was_not_finished_is_created_again(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.new").write_bytes(b"half")
    SqlitePersistence(tmp_path).close()
    assert set(read_files(tmp_path)) == {FILE, f"{FILE}-seal"}
