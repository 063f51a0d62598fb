"""What somebody changed in a form, told apart from what others have changed since it was shown."""

import pytest

from watchword.console.edits import Overtaken, read_edits


def test_an_edit_is_read_with_line_ends_as_they_were_before_a_browser_sent_it() -> None:
    form = {"limits": "[\r\n 2\r\n]", "shown:limits": "[\r\n 1\r\n]"}
    assert read_edits(form, {"limits": "[\n 1\n]"}) == {"limits": "[\n 2\n]"}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["one character", "two characters"])
def test_line_ends_alone_are_neither_an_edit_nor_a_change_by_others(end: str) -> None:
    now = {"limits": f"[{end} 1{end}]"}
    assert read_edits({"limits": "[\r\n 1\r\n]"}, now) == {}
    assert read_edits({"limits": "[]", "shown:limits": "[\r\n 1\r\n]"}, now) == {"limits": "[]"}
    assert read_edits({"limits": "[\r\n 1\r\n]", "shown:limits": "[]"}, now) == {}


def test_all_fields_that_others_have_changed_are_named_and_no_other_one() -> None:
    shown = dict.fromkeys(("shown:a", "shown:b.c", "shown:d", "shown:e"), "")
    form = {**shown, "a": "mine", "b.c": "mine", "d": "mine", "e": ""}
    with pytest.raises(Overtaken) as refused:
        read_edits(form, {"a": "theirs", "b.c": "theirs", "d": "", "e": "theirs"})
    assert [one.path for one in refused.value.violations] == [("a",), ("b", "c")]
