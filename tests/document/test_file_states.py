"""Whether files have changed since they were last looked at."""

import os
from pathlib import Path

import pytest

from watchword.document.file_states import FileStates


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "a.yaml"
    made.write_text("a: 1")
    return made


@pytest.fixture
def states(file: Path) -> FileStates:
    looked = FileStates()
    assert looked.look([file]) == [], "the first time nothing has changed"
    return looked


def test_a_file_with_other_content_has_changed_once(file: Path, states: FileStates) -> None:
    file.write_text("a: 22")
    assert states.look([file]) == [file]
    assert states.look([file]) == []


def test_a_file_that_was_only_touched_has_not_changed(file: Path, states: FileStates) -> None:
    os.utime(file, ns=(1, 1))
    assert states.look([file]) == []


def test_another_file_of_the_same_size_and_time_in_its_place_is_a_change(file: Path, states: FileStates) -> None:
    beside, before = file.with_name("b.yaml"), file.stat()
    beside.write_text("a: 2")
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns))
    beside.replace(file)
    assert states.look([file]) == [file]


def test_a_file_that_goes_and_comes_back_has_changed_twice(file: Path, states: FileStates) -> None:
    file.unlink()
    assert states.look([file]) == [file]
    file.write_text("a: 1")
    assert states.look([file]) == [file]
