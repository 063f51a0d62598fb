"""Sandboxes on the disk: what is written is there again, what cannot be written changes nothing."""

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from watchword.domain.refusal import NotStored
from watchword.store import SharedRows, SharedTables, Store, StoredSandbox, UnusableData, record
from watchword.store.sqlite import FILE, SqlitePersistence, SqliteSandbox

MADE = datetime(2026, 1, 15, 12, 30, tzinfo=UTC)


@record("toy_kept_notes", key="id", indexed=("topic",))
@dataclass(frozen=True)
class Note:
    id: str
    topic: str = ""


def seed() -> SharedTables:
    return SharedTables(
        {"toy_kept_notes": SharedRows({"s1": {"id": "s1", "topic": "seed"}, "s2": {"id": "s2", "topic": "seed"}})}
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SqlitePersistence]:
    made = SqlitePersistence(tmp_path / "data")
    yield made
    made.close()


def killed(disk: SqlitePersistence, folder: Path) -> Path:
    """Copy the files as a kill at this moment would leave them."""
    folder.mkdir()
    for path in disk.folder.glob(f"{FILE}*"):
        shutil.copy(path, folder)
    return folder


def again(folder: Path) -> dict[str, StoredSandbox]:
    disk = SqlitePersistence(folder)
    try:
        return {one.name: one for one in disk.stored()}
    finally:
        disk.close()


def put(store: Store, *notes: Note) -> None:
    transaction = store.transaction()
    for note in notes:
        transaction.put(note)
    assert transaction.commit()


def store_of(disk: SqlitePersistence, name: str) -> Store:
    planted = seed()
    return Store(planted.tables, disk.sandbox(name, planted, MADE))


def full(disk: SqlitePersistence) -> None:
    """Let the disk be full."""
    connection = disk._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


def roomy(disk: SqlitePersistence) -> None:
    disk._connection.execute("PRAGMA max_page_count=100000")


def test_what_a_transaction_wrote_is_there_after_a_kill(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = store_of(disk, "box")
    put(store, Note("n1", "a"), Note("s1", "changed"))
    transaction = store.transaction()
    transaction.delete(Note, "s2")
    transaction.commit()
    kept = again(killed(disk, tmp_path / "copy"))["box"]
    recalled = Store(kept.tables.tables)
    recalled.restore(kept.documents)
    assert recalled.transaction().find(Note) == [Note("n1", "a"), Note("s1", "changed")]
    assert kept.created_at == MADE


def test_a_sandbox_that_was_only_read_is_not_on_the_disk(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = store_of(disk, "box")
    assert store.transaction().get(Note, "s1") is not None
    assert store.transaction().commit()
    assert again(killed(disk, tmp_path / "copy")) == {}


def test_a_row_that_is_removed_again_leaves_nothing_behind(disk: SqlitePersistence) -> None:
    store = store_of(disk, "box")
    put(store, Note("n1"))
    transaction = store.transaction()
    transaction.delete(Note, "n1")
    transaction.commit()
    assert disk._connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)


def test_sandboxes_of_one_planting_share_their_seed(disk: SqlitePersistence) -> None:
    planted = seed()
    for number in range(3):
        disk.sandbox(f"box-{number}", planted, MADE).write({})
    assert disk._connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)


def test_a_seed_goes_with_the_last_sandbox_that_has_it(disk: SqlitePersistence) -> None:
    planted, shelves = seed(), []
    for number in range(2):
        shelves.append(disk.sandbox(f"box-{number}", planted, MADE))
        shelves[-1].write({("toy_kept_notes", "n"): {"id": "n"}})
    shelves[0].delete()
    assert disk._connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)
    shelves[1].delete()
    counts = [
        disk._connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        for table in ("seeds", "sandboxes", "documents")
    ]
    assert counts == [(0,), (0,), (0,)]
    disk.sandbox("box-3", planted, MADE).write({})
    assert disk._connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)


def test_a_reset_sandbox_takes_the_place_of_the_former_one(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = store_of(disk, "box")
    put(store, Note("n1"))
    planted = seed()
    disk.sandbox("box", planted, MADE, replaces=store._storage._persisted)  # type: ignore[attr-defined]  # a durable one's
    kept = again(killed(disk, tmp_path / "copy"))
    assert kept["box"].documents == {}


def test_what_is_written_into_a_world_that_was_given_up_is_nowhere(disk: SqlitePersistence, tmp_path: Path) -> None:
    """A request that was under way in it belongs to the time before."""
    planted = seed()
    persisted = disk.sandbox("box", planted, MADE)
    store = Store(planted.tables, persisted)
    put(store, Note("n1"))
    persisted.delete()
    put(store, Note("n2"))
    assert store.transaction().get(Note, "n2") is not None
    assert again(killed(disk, tmp_path / "copy")) == {}


@pytest.mark.parametrize("new", [True, False], ids=["a new sandbox", "a sandbox that is there"])
def test_a_full_disk_refuses_a_write_and_nothing_changes(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, new: bool
) -> None:
    store = store_of(disk, "box")
    if not new:
        put(store, Note("n1"))
    before, on_disk = store.transaction().find(Note), again(killed(disk, tmp_path / "before"))
    full(disk)
    big = [Note(f"big-{number}", "x" * 4000) for number in range(50)]
    for _ in range(2):
        with pytest.raises(NotStored, match="the disk is full"):
            put(store, *big)
    assert store.transaction().find(Note) == before
    after = again(killed(disk, tmp_path / "after"))
    assert {name: one.documents for name, one in after.items()} == {n: one.documents for n, one in on_disk.items()}
    roomy(disk)
    put(store, *big)
    assert len(again(killed(disk, tmp_path / "again"))["box"].documents) == 50 + (not new)
    lines = [one.getMessage() for one in caplog.records if one.name == "watchword.data"]
    assert ["cannot be stored" in lines[0], "stored again" in lines[1], len(lines)] == [True, True, 2]


def test_a_read_only_disk_refuses_a_write_and_is_read_on(disk: SqlitePersistence) -> None:
    store = store_of(disk, "box")
    put(store, Note("n1"))
    disk._connection.execute("PRAGMA query_only=ON")
    with pytest.raises(NotStored, match="read-only"):
        put(store, Note("n2"))
    assert store.transaction().get(Note, "n1") == Note("n1")
    assert store.transaction().get(Note, "n2") is None


def test_a_sandbox_that_could_not_be_dropped_is_still_there(disk: SqlitePersistence, tmp_path: Path) -> None:
    persisted = disk.sandbox("box", seed(), MADE)
    persisted.write({})
    disk._connection.execute("PRAGMA query_only=ON")
    with pytest.raises(NotStored):
        persisted.delete()
    disk._connection.execute("PRAGMA query_only=OFF")
    persisted.write({("toy_kept_notes", "n1"): {"id": "n1"}})
    assert again(killed(disk, tmp_path / "copy"))["box"].documents == {("toy_kept_notes", "n1"): {"id": "n1"}}


def test_a_value_that_is_no_json_is_refused_and_nothing_changes(disk: SqlitePersistence) -> None:
    persisted = disk.sandbox("box", seed(), MADE)
    with pytest.raises(TypeError):
        persisted.write({("t", "a"): {"x": 1}, ("t", "b"): {"x": object()}})
    persisted.write({})
    assert disk._connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)


@pytest.mark.parametrize("damage", ["cut off", "a flipped bit"])
def test_a_torn_last_write_is_dropped_with_a_line_in_the_log(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = store_of(disk, "box")
    put(store, Note("n1"))
    put(store, Note("n2"))
    log = killed(disk, tmp_path / "copy") / f"{FILE}-wal"
    raw = bytearray(log.read_bytes())
    if damage == "cut off":
        del raw[-100:]
    else:
        raw[-100] ^= 1
    log.write_bytes(raw)
    caplog.set_level(logging.WARNING, "watchword.data")
    kept = again(tmp_path / "copy")["box"]
    assert list(kept.documents) == [("toy_kept_notes", "n1")]
    assert [one.getMessage() for one in caplog.records if "was not finished" in one.getMessage()]


def test_a_whole_log_is_not_called_torn(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(store_of(disk, "box"), Note("n1"))
    again(killed(disk, tmp_path / "copy"))
    assert caplog.records == []


def test_threads_lose_nothing(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = store_of(disk, "box")

    def work(thread: int) -> None:
        for number in range(50):
            put(store, Note(f"{thread}-{number}"))

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(again(killed(disk, tmp_path / "copy"))["box"].documents) == 400


def test_the_log_does_not_grow_for_ever(disk: SqlitePersistence) -> None:
    store = store_of(disk, "box")
    for number in range(3000):
        put(store, Note("n", f"{number}"))
    assert sum(path.stat().st_size for path in disk.folder.iterdir()) < 8_000_000


def test_nobody_else_writes_underneath(disk: SqlitePersistence) -> None:
    put(store_of(disk, "box"), Note("n1"))
    other = sqlite3.connect(disk.folder / FILE, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("DELETE FROM sandboxes")
    other.close()


def test_a_document_that_cannot_be_read_refuses_the_start(disk: SqlitePersistence, tmp_path: Path) -> None:
    persisted = disk.sandbox("box", seed(), MADE)
    persisted.write({("t", "a"): {"x": 1}})
    assert isinstance(persisted, SqliteSandbox)
    disk._connection.execute("UPDATE documents SET document = 'no json'")
    with pytest.raises(UnusableData, match="damaged"):
        again(killed(disk, tmp_path / "copy"))


def test_seeds_that_differ_share_what_does_not_when_they_are_read_again(
    disk: SqlitePersistence, tmp_path: Path
) -> None:
    for number in range(2):
        tables = {"same": SharedRows({"a": {"x": 1}}), "other": SharedRows({"b": {"x": 1}, "c": {"x": number}})}
        disk.sandbox(f"box-{number}", SharedTables(tables), MADE).write({})
    one, other = (kept.tables.tables for kept in again(killed(disk, tmp_path / "copy")).values())
    assert one["same"] is other["same"]
    assert one["other"].rows["b"] is other["other"].rows["b"]
    assert sorted(tables["other"].rows["c"]["x"] for tables in (one, other)) == [0, 1]
