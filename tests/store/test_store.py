"""The records of one sandbox, in a TinyDB whose document ids are the keys of the records."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event

import pytest
from tinydb import where

from watchword.store import Store, record
from watchword.store.records import Document
from watchword.store.rows import Rows


@record("toy_notes", key="id", indexed=("topic", "rank", "pinned"))
@dataclass(frozen=True)
class Note:
    id: str
    topic: str | None = None
    rank: int = 0
    pinned: bool = False
    lines: tuple[str, ...] = ()


@record("toy_other_notes", key="id", indexed=("topic",))
@dataclass(frozen=True)
class OtherNote:
    id: str
    topic: str | None = None
    tags: tuple[str, ...] = field(default=())


@pytest.fixture
def store() -> Store:
    made = Store()
    transaction = made.transaction()
    for note in (Note("n1", "a", 1), Note("n2", "a", 2, pinned=True), Note("n3", None, 1, lines=("x", "y"))):
        transaction.put(note)
    transaction.put(OtherNote("n1", "a"))
    transaction.commit()
    return made


def find_ids(store: Store, **equal: object) -> list[str]:
    return [note.id for note in store.transaction().find(Note, **equal)]


@pytest.mark.parametrize(
    ("equal", "ids"),
    [
        ({}, ["n1", "n2", "n3"]),
        ({"topic": "a"}, ["n1", "n2"]),
        ({"topic": None}, ["n3"]),
        ({"rank": 1}, ["n1", "n3"]),
        ({"topic": "a", "rank": 1}, ["n1"]),
        ({"pinned": True}, ["n2"]),
        ({"topic": "b"}, []),
    ],
    ids=str,
)
def test_records_are_found_by_their_indexed_fields(store: Store, equal: dict[str, object], ids: list[str]) -> None:
    assert find_ids(store, **equal) == ids


def test_a_table_has_only_its_own_records(store: Store) -> None:
    transaction = store.transaction()
    assert transaction.get(OtherNote, "n2") is None
    assert transaction.find(OtherNote, topic="a") == [OtherNote("n1", "a")]


def test_a_store_has_only_its_own_records(store: Store) -> None:
    assert find_ids(store) == ["n1", "n2", "n3"]
    assert find_ids(Store()) == []


@pytest.mark.parametrize("key", ["7", "07", "", "ä/🔑", "'; DROP TABLE", "__proto__", "a" * 5000], ids=repr)
def test_a_key_can_be_any_text(key: str) -> None:
    store = Store()
    transaction = store.transaction()
    transaction.put(Note(key, "here"))
    assert transaction.commit()
    assert store.transaction().get(Note, key) == Note(key, "here")
    assert store.transaction().get(Note, f"{key}0") is None


def test_a_deleted_record_is_not_found_by_any_search(store: Store) -> None:
    transaction = store.transaction()
    transaction.delete(Note, "n1")
    assert transaction.commit()
    assert store.transaction().get(Note, "n1") is None
    assert find_ids(store, topic="a") == ["n2"]


def test_a_repeated_search_finds_records_that_were_added_later(store: Store) -> None:
    assert find_ids(store, topic="a") == ["n1", "n2"]
    transaction = store.transaction()
    transaction.put(Note("n0", "a"))
    transaction.put(Note("n1", "b"))
    assert transaction.commit()
    assert find_ids(store, topic="a") == ["n0", "n2"]


def test_changing_a_document_that_was_read_does_not_change_the_store(store: Store) -> None:
    notes = store.database.table("toy_notes")
    notes.get(doc_id="n3")["topic"] = "changed"  # type: ignore[call-overload]  # keys are strings here
    notes.search(where("rank") == 2)[0]["topic"] = "changed"
    assert find_ids(store, topic="changed") == []


def test_a_commit_without_writes_is_not_counted(store: Store) -> None:
    before = store.commits
    reading = store.transaction()
    reading.find(Note)
    assert reading.commit()
    assert store.commits == before
    writing = store.transaction()
    writing.put(Note("n4"))
    writing.delete(Note, "n1")
    assert writing.commit()
    assert store.commits == before + 1


def test_a_transaction_that_read_half_a_commit_is_refused(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """One note is changed already, the other is not: a transaction that read this state must not commit."""
    middle, proceed = Event(), Event()
    put = Rows.put

    def slowly(rows: Rows, key: str, document: Document) -> None:
        put(rows, key, document)
        middle.set()
        assert proceed.wait(60)

    assert find_ids(store) == ["n1", "n2", "n3"]
    reader, writer = store.transaction(), store.transaction()
    writer.put(Note("n1", "b"))
    writer.put(Note("n2", "b"))
    monkeypatch.setattr(Rows, "put", slowly)
    with ThreadPoolExecutor(2) as threads:
        written = threads.submit(writer.commit)
        assert middle.wait(60)
        assert [getattr(reader.get(Note, key), "topic", None) for key in ("n1", "n2")] == ["b", "a"]
        judged = threads.submit(reader.commit)
        proceed.set()
        assert (written.result(), judged.result()) == (True, False)
