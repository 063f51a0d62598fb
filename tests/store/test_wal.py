"""An unfinished last write in the write-ahead log is measured, and a complete one is not."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from watchword.store.wal import measure_unfinished_write

PAGE, FRAME = 4096, 4096 + 24


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The log of three commits, as a killed process leaves it."""
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    for number in range(2):
        connection.execute("INSERT INTO t VALUES (?)", (f"{number}" * 10,))
    log = tmp_path / "copy-wal"
    shutil.copy(tmp_path / "live-wal", log)
    connection.close()
    return log


def test_a_complete_log_has_no_unfinished_write(log: Path) -> None:
    assert log.stat().st_size > 2 * FRAME
    assert measure_unfinished_write(log) == 0


@pytest.mark.parametrize("size", [None, 0], ids=["no log", "an empty log"])
def test_without_a_log_there_is_no_unfinished_write(tmp_path: Path, size: int | None) -> None:
    log = tmp_path / "log"
    if size is not None:
        log.touch()
    assert measure_unfinished_write(log) == 0


@pytest.mark.parametrize("length", [1, 7, 15, 24, 100, FRAME - 1])
def test_a_truncated_frame_is_measured(log: Path, length: int) -> None:
    raw = log.read_bytes()
    log.write_bytes(raw[: len(raw) - FRAME + length])
    assert measure_unfinished_write(log) == length


def test_a_frame_with_a_wrong_checksum_is_measured(log: Path) -> None:
    raw = bytearray(log.read_bytes())
    raw[-1] ^= 1
    log.write_bytes(raw)
    assert measure_unfinished_write(log) == FRAME


def test_a_truncated_header_is_measured(log: Path) -> None:
    log.write_bytes(log.read_bytes()[:20])
    assert measure_unfinished_write(log) == 20


def test_frames_without_a_commit_are_measured(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA cache_spill=1")
    connection.execute("PRAGMA cache_size=2")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,) for _ in range(100)])
    shutil.copy(tmp_path / "live-wal", tmp_path / "copy")
    connection.close()
    measured = measure_unfinished_write(tmp_path / "copy")
    assert measured > FRAME
    assert measured % FRAME == 0


def test_frames_of_an_earlier_round_are_not_an_unfinished_write(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "live", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (x)")
    connection.executemany("INSERT INTO t VALUES (?)", [("x" * 3000,) for _ in range(20)])
    connection.execute("PRAGMA wal_checkpoint(RESTART)")
    connection.execute("INSERT INTO t VALUES (1)")
    shutil.copy(tmp_path / "live-wal", tmp_path / "copy")
    connection.close()
    assert (tmp_path / "copy").stat().st_size > 10 * FRAME
    assert measure_unfinished_write(tmp_path / "copy") == 0
