"""The rows of one table: those that sandboxes share, and a sandbox's own changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.store.records import Document
from watchword.store.rows import Rows, SharedRows


@pytest.fixture
def rows() -> Rows:
    """Two shared rows, and one of its own."""
    made = Rows(SharedRows({"a": {"n": 1}, "b": {"n": 2}}), indexed=["n"])
    made.put("c", {"n": 1})
    return made


def test_a_table_has_shared_rows_and_its_own(rows: Rows) -> None:
    assert dict(rows) == {"a": {"n": 1}, "b": {"n": 2}, "c": {"n": 1}}
    assert len(rows) == 3
    assert list(rows.find("n", 1)) == ["a", "c"]


def test_an_own_row_replaces_a_shared_one(rows: Rows) -> None:
    rows.put("a", {"n": 5})
    assert rows["a"] == {"n": 5}
    assert len(rows) == 3
    assert list(rows) == ["a", "b", "c"]
    assert [list(rows.find("n", n)) for n in (1, 5)] == [["c"], ["a"]]


def test_a_deleted_row_is_in_neither_the_table_nor_its_index(rows: Rows) -> None:
    rows.delete("a")
    rows.delete("c")
    assert dict(rows) == {"b": {"n": 2}}
    assert len(rows) == 1
    assert "a" not in rows
    assert list(rows.find("n", 1)) == []
    with pytest.raises(KeyError):
        rows["a"]


def test_a_deleted_row_can_be_added_again(rows: Rows) -> None:
    rows.delete("a")
    rows.put("a", {"n": 2})
    assert len(rows) == 3
    assert list(rows.find("n", 2)) == ["b", "a"]


def test_deleting_a_missing_row_does_nothing(rows: Rows) -> None:
    rows.delete("z")
    rows.delete("a")
    rows.delete("a")
    assert len(rows) == 2


def test_shared_rows_do_not_change() -> None:
    shared = SharedRows({"a": {"n": 1}})
    one, other = Rows(shared, ["n"]), Rows(shared, ["n"])
    one.delete("a")
    one.put("b", {"n": 1})
    assert dict(shared.rows) == {"a": {"n": 1}}
    assert dict(other) == {"a": {"n": 1}}
    assert list(other.find("n", 1)) == ["a"]


def test_a_new_index_has_the_existing_rows(rows: Rows) -> None:
    late = Rows(SharedRows({"a": {"m": 1}}))
    late.put("b", {"m": 1})
    late.add_index("m")
    late.add_index("m")
    assert list(late.find("m", 1)) == ["a", "b"]
    assert late.indexed == {"m"}


@pytest.mark.parametrize("value", [[1], {"x": 1}], ids=["a list", "an object"])
def test_a_value_that_cannot_be_searched_can_be_put_and_deleted(value: object) -> None:
    rows = Rows(indexed=["n"])
    rows.put("a", {"n": value})
    rows.put("a", {"n": 1})
    assert list(rows.find("n", 1)) == ["a"]
    rows.delete("a")
    assert list(rows.find("n", None)) == []


def test_equal_rows_are_shared_as_a_whole() -> None:
    earlier = SharedRows({"a": {"n": 1}})
    assert SharedRows({"a": {"n": 1}}).share_with(earlier) is earlier


def test_rows_that_differ_share_their_equal_documents() -> None:
    earlier = SharedRows({"a": {"n": 1}, "b": {"n": 2}, "c": {}})
    rows = SharedRows({"a": {"n": 1}, "b": {"n": 3}}).share_with(earlier)
    assert dict(rows.rows) == {"a": {"n": 1}, "b": {"n": 3}}
    assert rows.rows["a"] is earlier.rows["a"]
    assert earlier.rows["b"] == {"n": 2}


_keys = st.sampled_from("abcdef")
_documents = st.fixed_dictionaries({}, optional={"n": st.sampled_from([None, 1, 2, "x", [1]])})


@given(
    shared=st.dictionaries(_keys, _documents),
    changes=st.lists(st.tuples(_keys, st.none() | _documents), max_size=20),
)
def test_rows_behave_like_a_dictionary(shared: dict[str, Document], changes: list[tuple[str, Document | None]]) -> None:
    rows, plain = Rows(SharedRows(shared), indexed=["n"]), dict(shared)
    for key, document in changes:
        if document is None:
            rows.delete(key)
            plain.pop(key, None)
        else:
            rows.put(key, document)
            plain[key] = document
        assert dict(rows) == plain
        assert len(rows) == len(plain)
        assert {key for key in "abcdef" if key in rows} == set(plain)
        for value in (1, 2, "x"):
            assert sorted(rows.find("n", value)) == sorted(k for k, one in plain.items() if one.get("n") == value)
