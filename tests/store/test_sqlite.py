"""Sandboxes on a disk: a write survives a kill, and a write that fails changes nothing."""

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


@record("toy_persisted_notes", key="id", indexed=("topic",))
@dataclass(frozen=True)
class Note:
    id: str
    topic: str = ""


def make_tables() -> SharedTables:
    return SharedTables(
        {"toy_persisted_notes": SharedRows({"s1": {"id": "s1", "topic": "seed"}, "s2": {"id": "s2", "topic": "seed"}})}
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SqlitePersistence]:
    made = SqlitePersistence(tmp_path / "data")
    yield made
    made.close()


def copy_files(disk: SqlitePersistence, folder: Path) -> Path:
    """Copy the files as a kill at this moment would leave them."""
    folder.mkdir()
    for path in disk.folder.glob(f"{FILE}*"):
        shutil.copy(path, folder)
    return folder


def restart(folder: Path) -> dict[str, StoredSandbox]:
    disk = SqlitePersistence(folder)
    try:
        return {one.name: one for one in disk.read_sandboxes()}
    finally:
        disk.close()


def put(store: Store, *notes: Note) -> None:
    transaction = store.transaction()
    for note in notes:
        transaction.put(note)
    assert transaction.commit()


def make_store(disk: SqlitePersistence, name: str) -> Store:
    tables = make_tables()
    return Store(tables.tables, disk.add_sandbox(name, tables, MADE))


def fill(disk: SqlitePersistence) -> None:
    """Let the file grow no more, as on a full disk."""
    connection = disk.file.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages}")


def free(disk: SqlitePersistence) -> None:
    disk.file.connection.execute("PRAGMA max_page_count=100000")


def test_a_committed_transaction_survives_a_kill(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = make_store(disk, "box")
    put(store, Note("n1", "a"), Note("s1", "changed"))
    transaction = store.transaction()
    transaction.delete(Note, "s2")
    transaction.commit()
    stored = restart(copy_files(disk, tmp_path / "copy"))["box"]
    restored = Store(stored.tables.tables)
    restored.restore(stored.documents)
    assert restored.transaction().find(Note) == [Note("n1", "a"), Note("s1", "changed")]
    assert stored.created_at == MADE


def test_a_sandbox_that_was_only_read_is_not_written(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = make_store(disk, "box")
    assert store.transaction().get(Note, "s1") is not None
    assert store.transaction().commit()
    assert restart(copy_files(disk, tmp_path / "copy")) == {}


def test_a_row_that_was_added_and_deleted_leaves_nothing_in_the_file(disk: SqlitePersistence) -> None:
    store = make_store(disk, "box")
    put(store, Note("n1"))
    transaction = store.transaction()
    transaction.delete(Note, "n1")
    transaction.commit()
    assert disk.file.connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)


def test_sandboxes_with_the_same_seed_data_share_it_in_the_file(disk: SqlitePersistence) -> None:
    tables = make_tables()
    for number in range(3):
        disk.add_sandbox(f"box-{number}", tables, MADE).write({})
    assert disk.file.connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)


def test_seed_data_is_deleted_with_the_last_sandbox_that_shares_it(disk: SqlitePersistence) -> None:
    tables, sandboxes = make_tables(), []
    for number in range(2):
        sandboxes.append(disk.add_sandbox(f"box-{number}", tables, MADE))
        sandboxes[-1].write({("toy_persisted_notes", "n"): {"id": "n"}})
    sandboxes[0].delete()
    assert disk.file.connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)
    sandboxes[1].delete()
    counts = [
        disk.file.connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        for table in ("seeds", "sandboxes", "documents")
    ]
    assert counts == [(0,), (0,), (0,)]
    disk.add_sandbox("box-3", tables, MADE).write({})
    assert disk.file.connection.execute("SELECT count(*) FROM seeds").fetchone() == (1,)


def test_a_reset_sandbox_replaces_the_old_one(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = make_store(disk, "box")
    put(store, Note("n1"))
    disk.add_sandbox("box", make_tables(), MADE, replaces=store._storage._persisted)  # type: ignore[attr-defined]  # a durable one's
    stored = restart(copy_files(disk, tmp_path / "copy"))
    assert stored["box"].documents == {}


def test_a_write_to_a_deleted_sandbox_is_not_persisted(disk: SqlitePersistence, tmp_path: Path) -> None:
    """A request that was running when the sandbox was deleted still succeeds."""
    tables = make_tables()
    persisted = disk.add_sandbox("box", tables, MADE)
    store = Store(tables.tables, persisted)
    put(store, Note("n1"))
    persisted.delete()
    put(store, Note("n2"))
    assert store.transaction().get(Note, "n2") is not None
    assert restart(copy_files(disk, tmp_path / "copy")) == {}


@pytest.mark.parametrize("new", [True, False], ids=["a new sandbox", "an existing sandbox"])
def test_a_write_to_a_full_disk_is_refused_and_changes_nothing(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, new: bool
) -> None:
    store = make_store(disk, "box")
    if not new:
        put(store, Note("n1"))
    before, on_disk = store.transaction().find(Note), restart(copy_files(disk, tmp_path / "before"))
    fill(disk)
    big = [Note(f"big-{number}", "x" * 4000) for number in range(50)]
    for _ in range(2):
        with pytest.raises(NotStored, match="the disk is full"):
            put(store, *big)
    assert store.transaction().find(Note) == before
    after = restart(copy_files(disk, tmp_path / "after"))
    assert {name: one.documents for name, one in after.items()} == {n: one.documents for n, one in on_disk.items()}
    free(disk)
    put(store, *big)
    assert len(restart(copy_files(disk, tmp_path / "again"))["box"].documents) == 50 + (not new)
    lines = [one.getMessage() for one in caplog.records if one.name == "watchword.data"]
    assert ["cannot be stored" in lines[0], "stored again" in lines[1], len(lines)] == [True, True, 2]


def test_a_write_to_a_read_only_disk_is_refused_and_reading_still_works(disk: SqlitePersistence) -> None:
    store = make_store(disk, "box")
    put(store, Note("n1"))
    disk.file.connection.execute("PRAGMA query_only=ON")
    with pytest.raises(NotStored, match="read-only"):
        put(store, Note("n2"))
    assert store.transaction().get(Note, "n1") == Note("n1")
    assert store.transaction().get(Note, "n2") is None


def test_a_sandbox_that_could_not_be_deleted_still_exists(disk: SqlitePersistence, tmp_path: Path) -> None:
    persisted = disk.add_sandbox("box", make_tables(), MADE)
    persisted.write({})
    disk.file.connection.execute("PRAGMA query_only=ON")
    with pytest.raises(NotStored):
        persisted.delete()
    disk.file.connection.execute("PRAGMA query_only=OFF")
    persisted.write({("toy_persisted_notes", "n1"): {"id": "n1"}})
    assert restart(copy_files(disk, tmp_path / "copy"))["box"].documents == {
        ("toy_persisted_notes", "n1"): {"id": "n1"}
    }


def test_a_value_that_is_not_json_is_refused_and_changes_nothing(disk: SqlitePersistence) -> None:
    persisted = disk.add_sandbox("box", make_tables(), MADE)
    with pytest.raises(TypeError):
        persisted.write({("t", "a"): {"x": 1}, ("t", "b"): {"x": object()}})
    persisted.write({})
    assert disk.file.connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)


@pytest.mark.parametrize("damage", ["truncated", "a flipped bit"])
def test_an_unfinished_last_write_is_dropped_and_logged(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    store = make_store(disk, "box")
    put(store, Note("n1"))
    seal = (disk.folder / f"{FILE}-seal").read_bytes()
    put(store, Note("n2"))
    log = copy_files(disk, tmp_path / "copy") / f"{FILE}-wal"
    (tmp_path / "copy" / f"{FILE}-seal").write_bytes(seal)
    raw = bytearray(log.read_bytes())
    if damage == "truncated":
        del raw[-100:]
    else:
        raw[-100] ^= 1
    log.write_bytes(raw)
    caplog.set_level(logging.WARNING, "watchword.data")
    stored = restart(tmp_path / "copy")["box"]
    assert list(stored.documents) == [("toy_persisted_notes", "n1")]
    assert [one.getMessage() for one in caplog.records if "was not finished" in one.getMessage()]


def test_a_complete_log_causes_no_warning(
    disk: SqlitePersistence, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(make_store(disk, "box"), Note("n1"))
    restart(copy_files(disk, tmp_path / "copy"))
    assert caplog.records == []


def test_threads_lose_no_writes(disk: SqlitePersistence, tmp_path: Path) -> None:
    store = make_store(disk, "box")

    def work(thread: int) -> None:
        for number in range(50):
            put(store, Note(f"{thread}-{number}"))

    threads = [Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(restart(copy_files(disk, tmp_path / "copy"))["box"].documents) == 400


def test_the_write_ahead_log_does_not_grow_without_limit(disk: SqlitePersistence) -> None:
    store = make_store(disk, "box")
    for number in range(3000):
        put(store, Note("n", f"{number}"))
    assert sum(path.stat().st_size for path in disk.folder.iterdir()) < 8_000_000


def test_another_program_cannot_write_to_the_file(disk: SqlitePersistence) -> None:
    put(make_store(disk, "box"), Note("n1"))
    other = sqlite3.connect(disk.folder / FILE, timeout=0)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("DELETE FROM sandboxes")
    other.close()


def test_a_document_that_cannot_be_read_refuses_the_start(disk: SqlitePersistence, tmp_path: Path) -> None:
    persisted = disk.add_sandbox("box", make_tables(), MADE)
    persisted.write({("t", "a"): {"x": 1}})
    assert isinstance(persisted, SqliteSandbox)
    disk.file.connection.execute("UPDATE documents SET document = 'not JSON'")
    with pytest.raises(UnusableData, match="damaged"):
        restart(copy_files(disk, tmp_path / "copy"))


def test_different_seed_data_shares_equal_rows_after_a_restart(disk: SqlitePersistence, tmp_path: Path) -> None:
    for number in range(2):
        tables = {"same": SharedRows({"a": {"x": 1}}), "other": SharedRows({"b": {"x": 1}, "c": {"x": number}})}
        disk.add_sandbox(f"box-{number}", SharedTables(tables), MADE).write({})
    one, other = (stored.tables.tables for stored in restart(copy_files(disk, tmp_path / "copy")).values())
    assert one["same"] is other["same"]
    assert one["other"].rows["b"] is other["other"].rows["b"]
    assert sorted(tables["other"].rows["c"]["x"] for tables in (one, other)) == [0, 1]
