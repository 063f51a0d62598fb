"""One server per directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from watchword.store import UnusableData
from watchword.store.lock import NAME, lock_directory

_HOLD = "import sys, pathlib; from watchword.store import lock; f = lock.lock_directory(pathlib.Path(sys.argv[1]));"


def test_a_second_server_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    with (
        lock_directory(tmp_path),
        pytest.raises(UnusableData, match=f"in use by another server \\(process {os.getpid()}\\)") as refused,
    ):
        lock_directory(tmp_path)
    assert str(tmp_path) in str(refused.value)


def test_an_unlocked_directory_can_be_locked_again(tmp_path: Path) -> None:
    lock_directory(tmp_path).close()
    lock_directory(tmp_path).close()
    assert (tmp_path / NAME).read_text() == f"{os.getpid()}\n"


def test_a_killed_server_holds_no_lock(tmp_path: Path) -> None:
    hold = [sys.executable, "-c", f"{_HOLD} print(1, flush=True); input()", str(tmp_path)]
    with subprocess.Popen(hold, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:  # noqa: S603
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"1\n"
        with pytest.raises(UnusableData, match=f"process {holder.pid}"):
            lock_directory(tmp_path)
        holder.kill()
        holder.wait()
        lock_directory(tmp_path).close()


def test_a_directory_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableData, match="cannot be written"):
        lock_directory(tmp_path / "file" / "data")
