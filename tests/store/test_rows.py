"""The rows of one table: what many share below, and what one changed above."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchword.store.records import Document
from watchword.store.rows import Rows, SharedRows


@pytest.fixture
def rows() -> Rows:
    """Two rows of a base, and one of its own."""
    made = Rows(SharedRows({"a": {"n": 1}, "b": {"n": 2}}), indexed=["n"])
    made.put("c", {"n": 1})
    return made


def test_the_base_lies_below_what_was_put(rows: Rows) -> None:
    assert dict(rows) == {"a": {"n": 1}, "b": {"n": 2}, "c": {"n": 1}}
    assert len(rows) == 3
    assert list(rows.equal("n", 1)) == ["a", "c"]


def test_what_is_put_covers_the_base(rows: Rows) -> None:
    rows.put("a", {"n": 5})
    assert rows["a"] == {"n": 5}
    assert len(rows) == 3
    assert list(rows) == ["a", "b", "c"]
    assert [list(rows.equal("n", n)) for n in (1, 5)] == [["c"], ["a"]]


def test_what_is_deleted_is_gone_from_base_and_index(rows: Rows) -> None:
    rows.delete("a")
    rows.delete("c")
    assert dict(rows) == {"b": {"n": 2}}
    assert len(rows) == 1
    assert "a" not in rows
    assert list(rows.equal("n", 1)) == []
    with pytest.raises(KeyError):
        rows["a"]


def test_what_was_deleted_can_come_back(rows: Rows) -> None:
    rows.delete("a")
    rows.put("a", {"n": 2})
    assert len(rows) == 3
    assert list(rows.equal("n", 2)) == ["b", "a"]


def test_deleting_what_is_not_there_does_nothing(rows: Rows) -> None:
    rows.delete("z")
    rows.delete("a")
    rows.delete("a")
    assert len(rows) == 2


def test_a_base_is_not_changed_by_those_above_it() -> None:
    base = SharedRows({"a": {"n": 1}})
    one, other = Rows(base, ["n"]), Rows(base, ["n"])
    one.delete("a")
    one.put("b", {"n": 1})
    assert dict(base.rows) == {"a": {"n": 1}}
    assert dict(other) == {"a": {"n": 1}}
    assert list(other.equal("n", 1)) == ["a"]


def test_an_index_that_comes_late_knows_what_is_there(rows: Rows) -> None:
    late = Rows(SharedRows({"a": {"m": 1}}))
    late.put("b", {"m": 1})
    late.add_index("m")
    late.add_index("m")
    assert list(late.equal("m", 1)) == ["a", "b"]
    assert late.indexed == {"m"}


@pytest.mark.parametrize("value", [[1], {"x": 1}], ids=["a list", "an object"])
def test_a_value_that_cannot_be_an_index_key_can_be_put_and_removed(value: object) -> None:
    rows = Rows(indexed=["n"])
    rows.put("a", {"n": value})
    rows.put("a", {"n": 1})
    assert list(rows.equal("n", 1)) == ["a"]
    rows.delete("a")
    assert list(rows.equal("n", None)) == []


def test_an_equal_base_is_the_other_one() -> None:
    former = SharedRows({"a": {"n": 1}})
    assert SharedRows({"a": {"n": 1}}).sharing(former) is former


def test_a_base_that_differs_shares_the_rows_that_do_not() -> None:
    former = SharedRows({"a": {"n": 1}, "b": {"n": 2}, "c": {}})
    shared = SharedRows({"a": {"n": 1}, "b": {"n": 3}}).sharing(former)
    assert dict(shared.rows) == {"a": {"n": 1}, "b": {"n": 3}}
    assert shared.rows["a"] is former.rows["a"]
    assert former.rows["b"] == {"n": 2}


_keys = st.sampled_from("abcdef")
_documents = st.fixed_dictionaries({}, optional={"n": st.sampled_from([None, 1, 2, "x", [1]])})


@given(
    base=st.dictionaries(_keys, _documents),
    changes=st.lists(st.tuples(_keys, st.none() | _documents), max_size=20),
)
def test_rows_are_what_a_dictionary_would_be(
    base: dict[str, Document], changes: list[tuple[str, Document | None]]
) -> None:
    rows, plain = Rows(SharedRows(base), indexed=["n"]), dict(base)
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
            assert sorted(rows.equal("n", value)) == sorted(k for k, one in plain.items() if one.get("n") == value)
