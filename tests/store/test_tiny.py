"""TinyDB's public interface over this project's own tables."""

import copy
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tinydb import Query, TinyDB, where
from tinydb.operations import add, delete, increment
from tinydb.storages import MemoryStorage

from watchword.store import SharedRows, SharedTables
from watchword.store.sqlite import SqlitePersistence
from watchword.store.storage import RowStorage
from watchword.store.tiny import KeyedDB, RowDB, RowTable


@pytest.fixture(params=["in memory", "on a disk"])
def database(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[RowDB]:
    """An empty database, over each storage."""
    if request.param == "in memory":
        yield RowDB()
        return
    disk = SqlitePersistence(tmp_path)
    tables = SharedTables({})
    persisted = disk.add_sandbox("box", tables, datetime(2026, 1, 1, tzinfo=UTC))
    yield RowDB(storage=lambda: persisted.make_storage(tables.tables))
    disk.close()


@pytest.fixture
def table(database: RowDB) -> RowTable:
    """A table with three documents."""
    made = database.table("notes")
    assert isinstance(made, RowTable)
    made.insert_multiple([{"n": 1, "tags": ["a"]}, {"n": 2, "tags": []}, {"n": 3, "tags": ["b"]}])
    return made


READERS: dict[str, Callable[[RowTable], Any]] = {
    "get by id": lambda table: table.get(doc_id=1),
    "get by ids": lambda table: table.get(doc_ids=[1])[0],
    "get by query": lambda table: table.get(where("n") == 1),
    "search": lambda table: table.search(where("n") == 1)[0],
    "all": lambda table: table.all()[0],
    "iteration": lambda table: next(iter(table)),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_reading_returns_a_copy(table: RowTable, read: Callable[[RowTable], Any]) -> None:
    found = read(table)
    assert found == {"n": 1, "tags": ["a"]}
    found["tags"].append("mine")
    found["n"] = 9
    assert table.get(doc_id=1) == {"n": 1, "tags": ["a"]}


def test_inserting_stores_a_copy(table: RowTable) -> None:
    mine = {"n": 4, "tags": ["c"]}
    identifier = table.insert(mine)
    mine["tags"].append("more")  # type: ignore[attr-defined]  # the list
    assert table.get(doc_id=identifier) == {"n": 4, "tags": ["c"]}


def test_an_update_that_fails_changes_nothing(table: RowTable) -> None:
    def half(document: dict[str, Any]) -> None:
        document["n"] = -1
        document["tags"].append("half")
        if document.get("tags") == ["half"]:
            raise RuntimeError("at the second")

    before = table.all()
    with pytest.raises(RuntimeError, match="at the second"):
        table.update(half)
    assert table.all() == before


def test_if_one_of_several_documents_is_invalid_none_is_inserted(table: RowTable) -> None:
    with pytest.raises(ValueError, match="Mapping"):
        table.insert_multiple([{"n": 4}, 5])  # type: ignore[list-item]  # the error that is tested
    assert len(table) == 3


def test_a_change_of_type_is_stored(table: RowTable) -> None:
    table.update({"n": True}, doc_ids=[1])
    found = table.get(doc_id=1)
    assert found is not None
    assert found["n"] is True


def test_threads_lose_no_documents(database: RowDB) -> None:
    threads = [Thread(target=lambda: [database.insert({"n": number}) for number in range(300)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(database) == 8 * 300
    assert len({document.doc_id for document in database}) == 8 * 300


class Counted(dict[str, Any]):
    """A document that counts how often a query reads it."""

    reads = 0

    def __getitem__(self, key: str) -> Any:
        Counted.reads += 1
        return super().__getitem__(key)


@pytest.mark.parametrize(
    ("query", "reads"),
    [
        pytest.param(where("n") == 1, 1, id="equality on an index"),
        pytest.param((where("n") == 1) & (where("m") == 0), 2, id="and"),
        pytest.param((where("m") == 0) & ((where("n") == 1) & (where("m") == 0)), 3, id="nested and"),
        pytest.param(where("m") == 0, 100, id="no index"),
        pytest.param((where("n") == 1) | (where("n") == 2), 199, id="or"),
        pytest.param(~(where("n") == 1), 100, id="not"),
        pytest.param(where("n") == [1], 100, id="a value that cannot be searched"),
    ],
)
def test_a_query_for_an_indexed_value_reads_only_the_documents_with_it(query: Query, reads: int) -> None:
    storage = RowStorage({"notes": SharedRows({str(n): Counted(n=n, m=0) for n in range(100)})})
    table = RowDB(storage=lambda: storage).table("notes")
    assert isinstance(table, RowTable)
    table.index("n")
    Counted.reads = 0
    found = table.search(query)
    assert Counted.reads == reads
    assert [one.doc_id for one in found] == [n for n in range(100) if query({"n": n, "m": 0})]


def test_documents_are_found_in_the_order_of_the_table_whenever_they_got_their_value(table: RowTable) -> None:
    table.index("n")
    table.update({"n": 3}, doc_ids=[1])
    assert [one.doc_id for one in table.search(where("n") == 3)] == [1, 3]


def test_a_keyed_table_has_strings_as_document_ids() -> None:
    storage = RowStorage({"people": SharedRows({"ada": {"id": "ada"}})})
    table: Any = KeyedDB(storage=lambda: storage).table("people")
    (found,) = table.search(where("id") == "ada")
    assert found.doc_id == "ada"
    assert table.get(doc_id="ada") == {"id": "ada"}


def test_a_dropped_table_is_empty(database: RowDB, table: RowTable) -> None:
    database.table("others").insert({"n": 1})
    database.drop_table("notes")
    assert database.tables() == {"others"}
    database.drop_tables()
    assert database.tables() == set()
    assert len(database.table("notes")) == 0


values = st.sampled_from([0, 1, 2, True, None, "x", 1.5]) | st.lists(st.integers(0, 2), max_size=2)
documents = st.dictionaries(st.sampled_from("abc"), values, max_size=3)
queries = st.recursive(
    st.builds(lambda field, value: where(field) == value, st.sampled_from("abc"), values)
    | st.builds(lambda field: where(field).exists(), st.sampled_from("abc")),
    lambda inner: (
        st.builds(lambda one, other: one & other, inner, inner)
        | st.builds(lambda one, other: one | other, inner, inner)
        | st.builds(lambda one: ~one, inner)
    ),
    max_leaves=3,
)
Operation = Callable[[Any], Any]
operations: st.SearchStrategy[Operation] = st.one_of(
    st.builds(lambda one: lambda table: table.insert(copy.deepcopy(one)), documents),
    st.builds(lambda many: lambda table: table.insert_multiple(copy.deepcopy(many)), st.lists(documents, max_size=3)),
    st.builds(lambda fields, query: lambda table: table.update(copy.deepcopy(fields), query), documents, queries),
    st.builds(
        lambda fields, ids: lambda table: table.update(fields, doc_ids=ids), documents, st.lists(st.integers(1, 4))
    ),
    st.builds(lambda one, query: lambda table: table.upsert(copy.deepcopy(one), query), documents, queries),
    st.builds(lambda query: lambda table: table.remove(query), queries),
    st.builds(lambda ids: lambda table: table.remove(doc_ids=ids), st.lists(st.integers(1, 4), min_size=1)),
    st.builds(lambda query: lambda table: table.search(query), queries),
    st.builds(lambda query: lambda table: table.get(query), queries),
    st.builds(lambda query: lambda table: table.count(query), queries),
    st.builds(lambda query: lambda table: table.contains(query), queries),
    st.builds(
        lambda field, query: lambda table: table.update(increment(field), query), st.sampled_from("abc"), queries
    ),
    st.builds(lambda field, query: lambda table: table.update(delete(field), query), st.sampled_from("abc"), queries),
    st.builds(lambda field, query: lambda table: table.update(add(field, 1), query), st.sampled_from("abc"), queries),
    st.just(lambda table: table.truncate()),
    st.just(len),
    st.just(lambda table: table.all()),
)


def result_of(operation: Operation, table: Any) -> Any:
    """Return the result of an operation as text, in which 1 is not True, or the type of its error."""
    try:
        return repr(operation(table))
    except (KeyError, TypeError) as error:
        return type(error)


@given(steps=st.lists(operations, max_size=12))
def test_every_operation_has_the_result_that_it_has_in_tinydb(steps: list[Operation]) -> None:
    stock, ours = TinyDB(storage=MemoryStorage).table("notes"), RowDB().table("notes")
    assert isinstance(ours, RowTable)
    ours.index("a", "b")
    for step in steps:
        expected = result_of(step, stock)
        if isinstance(expected, type):
            # A failed operation leaves half of its changes in TinyDB's own table, and none in ours.
            before = repr(ours.all())
            assert result_of(step, ours) == expected
            assert repr(ours.all()) == before
            return
        assert result_of(step, ours) == expected
    assert repr(ours.all()) == repr(stock.all())
