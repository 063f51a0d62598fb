"""What a kill left unfinished in the write-ahead log is measured, and nothing else is."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from watchword.store.wal import unfinished

PAGE, FRAME = 4096, 4096 + 24


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of three committed writes, as a kill leaves it."""
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    for number in range(2):
        connection.execute("INSERT INTO t VALUES (?)", (f"{number}" * 10,))
    log = tmp_path / "copy-wal"
    shutil.copy(tmp_path / "live-wal", log)
    connection.close()
    return log


def test_a_whole_log_has_nothing_unfinished(log: Path) -> None:
    assert log.stat().st_size > 2 * FRAME
    assert unfinished(log) == 0


@pytest.mark.parametrize("size", [None, 0], ids=["no log", "an empty log"])
def test_without_a_log_nothing_is_unfinished(tmp_path: Path, size: int | None) -> None:
    log = tmp_path / "log"
    if size is not None:
        log.touch()
    assert unfinished(log) == 0


@pytest.mark.parametrize("length", [1, 7, 15, 24, 100, FRAME - 1])
def test_a_frame_that_was_cut_off_is_measured(log: Path, length: int) -> None:
    raw = log.read_bytes()
    log.write_bytes(raw[: len(raw) - FRAME + length])
    assert unfinished(log) == length


def test_a_frame_with_a_wrong_checksum_is_measured(log: Path) -> None:
    raw = bytearray(log.read_bytes())
    raw[-1] ^= 1
    log.write_bytes(raw)
    assert unfinished(log) == FRAME


def test_a_torn_head_of_the_log_is_all_of_it(log: Path) -> None:
    log.write_bytes(log.read_bytes()[:20])
    assert unfinished(log) == 20


def test_frames_without_their_commit_are_measured(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA cache_spill=1")
    connection.execute("PRAGMA cache_size=2")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,) for _ in range(100)])
    shutil.copy(tmp_path / "live-wal", tmp_path / "copy")
    connection.close()
    left = unfinished(tmp_path / "copy")
    assert left > FRAME
    assert left % FRAME == 0


def test_what_an_earlier_round_left_behind_is_no_torn_write(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    connection.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,) for _ in range(20)])
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO t VALUES (1)")
    shutil.copy(tmp_path / "live-wal", tmp_path / "copy")
    connection.close()
    assert (tmp_path / "copy").stat().st_size > 10 * FRAME
    assert unfinished(tmp_path / "copy") == 0
