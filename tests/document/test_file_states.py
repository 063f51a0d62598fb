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
    noted = FileStates()
    noted.add(file)
    return noted


def test_a_file_with_other_content_has_changed_once(file: Path, states: FileStates) -> None:
    file.write_text("a: 22")
    assert states.look() == [file]
    assert states.look() == []


def test_a_file_that_was_only_touched_has_not_changed(file: Path, states: FileStates) -> None:
    os.utime(file, ns=(1, 1))
    assert states.look() == []


def test_another_file_of_the_same_size_and_time_in_its_place_is_a_change(file: Path, states: FileStates) -> None:
    beside, before = file.with_name("b.yaml"), file.stat()
    beside.write_text("a: 2")
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns))
    beside.replace(file)
    assert states.look() == [file]


def test_a_file_that_goes_and_comes_back_has_changed_twice(file: Path, states: FileStates) -> None:
    file.unlink()
    assert states.look() == [file]
    file.write_text("a: 1")
    assert states.look() == [file]


def test_what_is_written_after_a_file_was_added_is_a_change(file: Path, states: FileStates) -> None:
    file.write_text("a: 22")
    states.add(file)
    assert states.look() == [file]


@pytest.mark.parametrize("content", ["a: 22", "a: 1"], ids=["with other content", "with the same content"])
def test_a_link_that_leads_elsewhere_is_a_change(file: Path, content: str) -> None:
    other, link, states = file.with_name("b.yaml"), file.with_name("link.yaml"), FileStates()
    other.write_text(content)
    link.symlink_to(file)
    states.add(link)
    link.unlink()
    link.symlink_to(other)
    assert states.look() == [link]


def test_a_file_that_was_added_by_two_names_changes_once_by_the_first(file: Path) -> None:
    link, states = file.with_name("link.yaml"), FileStates()
    link.symlink_to(file)
    states.add(link)
    states.add(file)
    file.write_text("a: 22")
    assert states.look() == [link]


def test_a_link_that_leads_to_itself_is_waited_for(file: Path) -> None:
    link, states = file.with_name("link.yaml"), FileStates()
    link.symlink_to(link)
    states.add(link)
    assert states.look() == []
    link.unlink()
    link.symlink_to(file)
    assert states.look() == [link]
