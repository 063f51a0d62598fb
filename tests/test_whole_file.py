"""A file is written whole or not at all."""

import stat
from pathlib import Path

import pytest

from watchword.whole_file import write_whole


def test_a_file_is_replaced_by_one_that_only_its_owner_can_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")
    write_whole(file, b"after")
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"after", 0o600)
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_replaced_stays_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write_whole(folder, b"after")
    assert (list(tmp_path.iterdir()), list(folder.iterdir())) == ([folder], [folder / "inside"])
