"""Damage that SQLite does not notice is noticed, and a refused directory is left byte for byte as it was."""

import logging
import shutil
import sqlite3
from contextlib import closing
from itertools import combinations
from pathlib import Path

import pytest

from tests.store.test_sqlite import MADE, make_tables
from watchword.store import UnusableData
from watchword.store.format import STEPS, upgrade
from watchword.store.inspection import TABLES, opened
from watchword.store.sqlite import FILE, SqlitePersistence

PAGE = 4096
SEAL, LOG = f"{FILE}-seal", f"{FILE}-wal"


def write_some(folder: Path) -> SqlitePersistence:
    """Write sandboxes, among them documents of several pages."""
    disk = SqlitePersistence(folder)
    for number in range(4):
        box = disk.add_sandbox(f"box-{number}", make_tables(), MADE)
        for row in range(12):
            box.write({("notes", f"n{row}"): {"text": f"{number}-{row} " * (10 if row % 4 else 1500)}})
    return disk


@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """The directory of a server that has stopped."""
    write_some(tmp_path / "data").close()
    return tmp_path / "data"


@pytest.fixture
def killed(tmp_path: Path) -> Path:
    """The directory of a server that was killed."""
    disk = write_some(tmp_path / "live")
    (tmp_path / "data").mkdir()
    for path in disk.folder.glob(f"{FILE}*"):
        shutil.copy(path, tmp_path / "data")
    disk.close()
    return tmp_path / "data"


def test_what_is_inspected_as_a_copy_is_private_and_goes_even_after_a_failure(killed: Path) -> None:
    with pytest.raises(ZeroDivisionError), opened(killed / FILE) as connection:  # noqa: PT012  # the copy lives inside
        copy = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        sizes = {one.name: one.stat().st_size for one in copy.parent.iterdir()}
        modes = {one.stat().st_mode & 0o777 for one in copy.parent.iterdir()}
        folder_mode = copy.parent.stat().st_mode & 0o777
        raise ZeroDivisionError
    assert sizes == {name: (killed / name).stat().st_size for name in (FILE, LOG)}
    assert (modes, folder_mode) == ({0o600}, 0o700)
    assert not copy.parent.exists()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def start(folder: Path) -> list[str]:
    """Start on a directory, and return the sandboxes that are there."""
    disk = SqlitePersistence(folder)
    try:
        return [one.name for one in disk.read_sandboxes()]
    finally:
        disk.close()


def refuse(folder: Path, match: str = "damaged") -> None:
    """Start on a directory that is refused and stays as it was."""
    before = contents(folder)
    with pytest.raises(UnusableData, match=match):
        start(folder)
    assert contents(folder) == before


def rows(folder: Path) -> list[tuple[object, ...]] | None:
    """Read what a file has in it, as SQLite sees it; None if it cannot."""
    try:
        with closing(sqlite3.connect(f"file:{folder / FILE}?immutable=1", uri=True)) as connection:
            return [
                *connection.execute("SELECT * FROM seeds"),
                *connection.execute("SELECT * FROM sandboxes"),
                *connection.execute("SELECT * FROM documents"),
            ]
    except (sqlite3.Error, UnicodeDecodeError):
        return None


def test_no_two_pages_can_change_places_unnoticed(stopped: Path) -> None:
    path, true, refused = stopped / FILE, rows(stopped), 0
    assert true
    raw = path.read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    assert len(pages) > 20
    for one, other in combinations(range(1, len(pages)), 2):
        swapped = [*pages]
        swapped[one], swapped[other] = pages[other], pages[one]
        path.write_bytes(b"".join(swapped))
        if rows(stopped) != true:
            refuse(stopped)
            refused += 1
    assert refused > 50


@pytest.mark.parametrize("part", range(8))
def test_no_bit_of_a_row_can_flip_unnoticed(stopped: Path, part: int) -> None:
    path, true = stopped / FILE, rows(stopped)
    assert true
    raw = path.read_bytes()
    for at in range(100 + part * 61, len(raw), 8 * 61):
        flipped = bytearray(raw)
        flipped[at] ^= 1 << at % 8
        path.write_bytes(flipped)
        if rows(stopped) != true:
            refuse(stopped, "damaged|not written by|newer")


@pytest.mark.parametrize("damage", ["a bit in the middle", "a bit in the header", "the end is missing", "no log"])
def test_a_log_that_lost_acknowledged_writes_is_refused(killed: Path, damage: str) -> None:
    log = killed / LOG
    raw = bytearray(log.read_bytes())
    match damage:
        case "a bit in the middle":
            raw[len(raw) // 2] ^= 1
        case "a bit in the header":
            raw[20] ^= 1
        case "the end is missing":
            del raw[-PAGE * 3 :]
    log.write_bytes(raw)
    if damage == "no log":
        log.unlink()
    refuse(killed, "writes that were acknowledged are missing")


@pytest.mark.parametrize("left", [SEAL, LOG])
def test_a_directory_that_lost_its_data_file_is_refused(killed: Path, left: str) -> None:
    for name in {FILE, SEAL, LOG} - {left}:
        (killed / name).unlink()
    refuse(killed, f"{left} exists without {FILE}: restore that file, or use another directory")


def test_a_killed_server_goes_on(killed: Path) -> None:
    assert start(killed) == ["box-0", "box-1", "box-2", "box-3"]


def test_a_server_that_was_killed_while_it_wrote_goes_on(tmp_path: Path) -> None:
    """Then the file is as the seal says, or as it would say after the write."""
    disk = write_some(tmp_path / "live")
    before = (disk.folder / SEAL).read_bytes()
    disk.add_sandbox("last", make_tables(), MADE).write({})
    after = (disk.folder / SEAL).read_bytes()
    for name, seal in {"confirmed": after, "pledged": before[:-16] + after[-16:]}.items():
        folder = tmp_path / name
        folder.mkdir()
        for path in disk.folder.glob(f"{FILE}*"):
            shutil.copy(path, folder)
        (folder / SEAL).write_bytes(seal)
        assert start(folder)[-1] == "last"
    disk.close()


def test_a_file_without_a_seal_is_opened_and_gets_one(stopped: Path) -> None:
    (stopped / SEAL).unlink()
    assert len(start(stopped)) == 4
    assert (stopped / SEAL).exists()


def test_after_a_restart_of_the_machine_missing_writes_are_said_and_not_refused(
    killed: Path, caplog: pytest.LogCaptureFixture
) -> None:
    seal, log = killed / SEAL, killed / LOG
    raw = bytearray(seal.read_bytes())
    raw[9:45] = b"0" * 36
    seal.write_bytes(raw)
    log.write_bytes(log.read_bytes()[: -PAGE * 3])
    caplog.set_level(logging.WARNING, "watchword.data")
    assert start(killed)
    line = caplog.records[0].getMessage()
    assert line.endswith("the machine was restarted while a server ran, or this file is damaged")


@pytest.mark.parametrize("content", [b"", b"x" * 77, b"WWseal1"], ids=["empty", "another file", "cut off"])
def test_a_seal_that_is_none_is_not_told_as_a_restart(
    killed: Path, caplog: pytest.LogCaptureFixture, content: bytes
) -> None:
    (killed / SEAL).write_bytes(content)
    caplog.set_level(logging.WARNING, "watchword.data")
    assert start(killed)
    (line,) = [one.getMessage() for one in caplog.records]
    assert line.endswith("the last writes may be missing: this file cannot be read as a seal")


def test_every_column_of_every_table_counts_in_the_sum() -> None:
    """A column that a new format adds must be added here, or damage in it is not noticed."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        upgrade(connection, STEPS)
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert set(tables) == set(TABLES)
        for table, query in TABLES.items():
            columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
            assert [name for name, *_ in connection.execute(query).description] == columns


def test_a_refusal_names_what_can_be_saved(stopped: Path) -> None:
    with closing(sqlite3.connect(stopped / FILE)) as connection:
        connection.execute("DELETE FROM documents WHERE key = 'n3'")
        connection.commit()
    refuse(stopped, "Sandboxes that can be read: box-0, box-1, box-2, box-3")


def test_deleted_and_replaced_rows_and_sandboxes_keep_the_seal_true(tmp_path: Path) -> None:
    disk = write_some(tmp_path / "data")
    box = disk.add_sandbox("box", make_tables(), MADE)
    box.write({("notes", "a"): {"x": 1}, ("toy_persisted_notes", "s1"): None})
    box.write({("notes", "a"): {"x": 2}, ("toy_persisted_notes", "s1"): {"id": "s1"}})
    box.write({("notes", "a"): None, ("notes", "never"): None})
    disk.add_sandbox("box", make_tables(), MADE, replaces=box)
    other = disk.add_sandbox("other", make_tables(), MADE)
    other.write({("notes", "a"): {"x": 1}})
    other.delete()
    disk.close()
    assert start(tmp_path / "data")[-1] == "box"


def test_the_files_are_for_their_owner_only(killed: Path) -> None:
    for path in killed.iterdir():
        path.chmod(0o644)
    disk = SqlitePersistence(killed)
    list(disk.read_sandboxes())
    disk.add_sandbox("new", make_tables(), MADE).write({})
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in killed.glob(f"{FILE}*")} == dict.fromkeys(
        (FILE, SEAL, LOG), "0o600"
    )
    disk.close()


def test_after_a_clean_stop_a_restart_of_the_machine_excuses_nothing(stopped: Path) -> None:
    raw = bytearray((stopped / SEAL).read_bytes())
    raw[9:45] = b"0" * 36
    (stopped / SEAL).write_bytes(raw)
    with closing(sqlite3.connect(stopped / FILE)) as connection:
        connection.execute("DELETE FROM documents WHERE key = (SELECT min(key) FROM documents)")
        connection.commit()
    refuse(stopped)


def test_a_seal_that_cannot_be_kept_is_no_reason_to_refuse_later(
    stopped: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_mapping(*_: object) -> None:
        raise OSError(19, "No such device")

    with monkeypatch.context() as patch:
        patch.setattr("watchword.store.seal.mmap.mmap", no_mapping)
        disk = SqlitePersistence(stopped)
        disk.add_sandbox("later", make_tables(), MADE).write({})
        disk.close()
    assert "damage will not be noticed" in caplog.text
    SqlitePersistence(stopped).close()
