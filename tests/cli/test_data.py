"""``watchword data``: what it says about a data directory, what it saves, and that it changes nothing."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.commands import refused, run
from tests.durability.test_start import forget_passwords
from tests.serving import Served, serving
from tests.soak.client import Client
from watchword.store import UnusableData
from watchword.store.sqlite import FILE, SqlitePersistence

PAGE = 4096
SEAL, LOG = f"{FILE}-seal", f"{FILE}-wal"
BOXES = [f"box-{number}" for number in range(10)]


@pytest.fixture(scope="session")
def served_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directories of a server that wrote to ten sandboxes: killed, and stopped."""
    folder = tmp_path_factory.mktemp("data")
    with serving(folder, "--data", str(folder / "stopped")) as served:
        forget_passwords(served.port)
        shutil.copytree(folder / "stopped", folder / "killed")  # as a kill at this moment would leave it
    return folder


@pytest.fixture
def stopped(served_once: Path, tmp_path: Path) -> Path:
    """The directory of a server that has stopped."""
    return Path(shutil.copytree(served_once / "stopped", tmp_path / "stopped"))


@pytest.fixture
def killed(served_once: Path, tmp_path: Path) -> Path:
    """The directory of a server that was killed."""
    return Path(shutil.copytree(served_once / "killed", tmp_path / "killed"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def data(folder: Path, command: str, *words: str) -> tuple[int, str]:
    """Run a command that leaves the directory as it is."""
    before = contents(folder)
    done = run(folder.parent, "data", command, str(folder), *words)
    assert contents(folder) == before
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.output


def check(folder: Path) -> tuple[int, dict[str, Any]]:
    code, text = data(folder, "check", "--json")
    return code, json.loads(text)


def change(folder: Path, *statements: str) -> None:
    """Damage rows in a way that SQLite does not notice."""
    with closing(sqlite3.connect(folder / FILE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def count(folder: Path, where: str = "") -> int:
    with closing(sqlite3.connect(f"file:{folder / FILE}?immutable=1", uri=True)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM documents {where}").fetchone()[0])  # noqa: S608


def names(served: Served) -> list[str]:
    client = Client(served.port, "default")
    reply = client("GET", "/__admin/sandboxes")
    client.close()
    assert reply is not None
    return sorted(one["name"] for one in reply.body["sandboxes"] if one["name"] != "default")


def starts_with(folder: Path, expected: list[str]) -> None:
    """Serve a saved directory, and stop; it is sound before and after that."""
    assert check(folder)[0] == 0
    with serving(folder.parent, "--data", str(folder)) as served:
        assert names(served) == expected
        forget_passwords(served.port)
    assert check(folder)[0] == 0


def test_a_sound_directory_is_one_line_and_exit_code_0(stopped: Path, killed: Path) -> None:
    for folder in (stopped, killed):
        code, text = data(folder, "check")
        assert code == 0
        (line,) = text.splitlines()
        assert line.startswith(f"{folder} is sound: 10 sandboxes, ")


@pytest.mark.parametrize("kind", ["stopped", "killed"])
def test_a_sound_directory_is_saved_whole(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    folder = request.getfixturevalue(kind)
    code, text = data(folder, "salvage", str(tmp_path / "into"))
    assert code == 0
    assert "Nothing was lost." in text
    assert check(tmp_path / "into")[1]["sandboxes"] == check(folder)[1]["sandboxes"]
    starts_with(tmp_path / "into", BOXES)


def test_a_damaged_record_costs_only_itself(stopped: Path, tmp_path: Path) -> None:
    change(stopped, "UPDATE documents SET document = x'7b7b' WHERE place = 'weavr_nonces' AND sandbox IN (2, 3)")
    code, text = data(stopped, "check")
    assert code == 1
    assert "Lost: 2 damaged records: 1 in box-1, 1 in box-2." in text
    assert "Can be read: 10 sandboxes, " in text
    assert f"watchword data salvage {stopped} NEW_DIR" in text
    code, text = data(stopped, "salvage", str(tmp_path / "into"))
    assert code == 1
    assert "Lost: 2 damaged records: 1 in box-1, 1 in box-2." in text
    assert count(tmp_path / "into") == count(stopped) - 2
    starts_with(tmp_path / "into", BOXES)


@pytest.mark.parametrize(
    "document",
    ["'null'", "'[]'", '\'{"count": "x"}\'', "'text'", "x'80'", "3"],
)
@pytest.mark.parametrize("place", ["weavr_nonces", "watchword.messages", "watchword.postbox"])
def test_a_document_that_no_server_could_read_is_left_out(
    stopped: Path, tmp_path: Path, place: str, document: str
) -> None:
    value = document if document.startswith("x") or document in {"3", "'text'"} else f"CAST({document} AS BLOB)"
    change(stopped, f"UPDATE documents SET document = {value} WHERE place = '{place}' AND sandbox = 2")  # noqa: S608
    changed = count(stopped, f"WHERE place = '{place}' AND sandbox = 2")
    assert changed
    code, _ = data(stopped, "salvage", str(tmp_path / "into"))
    assert code == 1
    assert count(tmp_path / "into") == count(stopped) - changed
    assert check(tmp_path / "into")[0] == 0


def test_a_sandbox_without_its_row_is_lost_alone_and_one_without_its_seed_data_gets_others(
    stopped: Path, tmp_path: Path
) -> None:
    change(
        stopped,
        "DELETE FROM sandboxes WHERE name = 'box-3'",
        "UPDATE sandboxes SET seed = x'00' WHERE name = 'box-5'",
        "UPDATE sandboxes SET created_at = 'once' WHERE name = 'box-7'",
    )
    code, text = data(stopped, "salvage", str(tmp_path / "into"))
    assert code == 1
    assert "Lost: sandbox number 4, whose name is unknown, with " in text
    assert "its row cannot be read" in text
    assert "Lost: the seed data of 1 sandbox (box-5); a saved copy has the seed data of this release" in text
    assert "Lost: sandbox box-7, with " in text
    left = [one for one in BOXES if one not in {"box-3", "box-7"}]
    assert [one["name"] for one in check(tmp_path / "into")[1]["sandboxes"]] == left
    starts_with(tmp_path / "into", left)


def test_missing_rows_are_counted_by_the_seal(stopped: Path) -> None:
    change(stopped, "DELETE FROM documents WHERE place = 'weavr_nonces' AND sandbox <= 3")
    code, report = check(stopped)
    assert (code, report["sound"], report["missingRows"]) == (1, False, 3)
    assert "Lost: 3 rows that the last server left" in report["damage"][0]


def test_a_row_that_changed_and_can_be_read_is_told(stopped: Path) -> None:
    change(stopped, "UPDATE documents SET place = 'weavr_noncesx' WHERE place = 'weavr_nonces' AND sandbox = 2")
    code, text = data(stopped, "check")
    assert code == 1
    assert "As many rows can be read as the last server left, but not the same" in text


def test_a_log_that_lost_acknowledged_writes_is_told_and_the_rest_is_saved(killed: Path, tmp_path: Path) -> None:
    log = killed / LOG
    raw = bytearray(log.read_bytes())
    raw[len(raw) // 2] ^= 1
    log.write_bytes(raw)
    code, report = check(killed)
    assert code == 1
    assert report["missingRows"] > 0
    code, _ = data(killed, "salvage", str(tmp_path / "into"))
    assert code == 1
    assert [one["name"] for one in check(tmp_path / "into")[1]["sandboxes"]] == [
        one["name"] for one in report["sandboxes"]
    ]


def zeroed(raw: bytes, page: int) -> bytes:
    return raw[: page * PAGE] + bytes(PAGE) + raw[(page + 1) * PAGE :]


def overwritten(raw: bytes, page: int) -> bytes:
    return raw[: page * PAGE] + b"\xa5" * PAGE + raw[(page + 1) * PAGE :]


def cut(raw: bytes, page: int) -> bytes:
    return raw[: page * PAGE]


def is_served(folder: Path) -> bool:
    try:
        disk = SqlitePersistence(folder)
    except UnusableData:
        return False
    disk.close()
    return True


@pytest.mark.parametrize(("damage", "least"), [(zeroed, 0.8), (overwritten, 0.8), (cut, 0.4)])
def test_every_damaged_page_costs_only_what_is_in_it(
    stopped: Path, tmp_path: Path, damage: Callable[[bytes, int], bytes], least: float
) -> None:
    raw, (_, before) = (stopped / FILE).read_bytes(), check(stopped)
    all_records = sum(one["records"] for one in before["sandboxes"])
    saved_of = []
    for page in range(1, len(raw) // PAGE):
        (stopped / FILE).write_bytes(damage(raw, page))
        code, report = check(stopped)
        copy = Path(shutil.copytree(stopped, tmp_path / f"copy-{page}"))
        assert (code == 0) is is_served(copy)
        if code == 0:  # The page is not in use.
            assert report["sandboxes"] == before["sandboxes"]
            continue
        assert code == 1
        assert report["damage"]
        into = tmp_path / f"into-{page}"
        code, text = data(stopped, "salvage", str(into))
        if into.exists():
            saved = check(into)
            assert saved[0] == 0
            assert [one["records"] for one in saved[1]["sandboxes"]] == [one["records"] for one in report["sandboxes"]]
            assert count(into) <= all_records
            saved_of.append(sum(one["records"] for one in saved[1]["sandboxes"]))
        else:
            assert code == 2
            assert "No sandbox in" in text
    assert max(saved_of) > all_records * least


def test_without_a_seal_a_directory_is_read_and_the_doubt_is_told(stopped: Path) -> None:
    (stopped / SEAL).unlink()
    code, text = data(stopped, "check")
    assert code == 0
    assert "Whether the last writes are missing cannot be told: there is no seal." in text


def test_a_directory_in_use_is_not_checked(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with serving(tmp_path, "--data", str(folder)) as served:
        for words in (["check", str(folder)], ["salvage", str(folder), str(tmp_path / "into")]):
            done = run(tmp_path, "data", *words)
            assert done.exit_code == 2
            assert f"{folder} is in use by a running server (process {served.process.pid})" in done.output
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist"),
        (b"my diary", "was not written by watchword"),
        (b"SQLite format 3\0" + bytes(44) + (99).to_bytes(4) + bytes(4) + b"WWrd" + bytes(28), "by a newer watchword"),
    ],
    ids=["no data file", "foreign", "newer"],
)
def test_what_cannot_be_checked_is_a_sentence_and_exit_code_2(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    if content is not None:
        (folder / FILE).write_bytes(content)
    for words in (["check"], ["salvage", str(tmp_path / "into")]):
        code, text = data(folder, *words)
        assert code == 2
        assert message in text
        assert "Traceback" not in text
    assert not (tmp_path / "into").exists()


def test_a_missing_directory_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    done = run(tmp_path, "data", "check", "nowhere")
    assert done.exit_code == 2
    assert "nowhere is not a directory" in done.output


def test_a_directory_that_is_not_empty_or_is_the_damaged_one_is_not_written(stopped: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary").touch()
    for into in (tmp_path / "full", stopped, stopped / "below", tmp_path / "full" / "diary"):
        code, text = data(stopped, "salvage", str(into))
        assert code == 2
        assert "is not an empty directory" in text or "is in" in text
    assert contents(tmp_path / "full") == {"diary": b""}


def test_a_directory_that_cannot_be_written_is_a_sentence_and_exit_code_2(stopped: Path) -> None:
    code, text = data(stopped, "salvage", "/proc/watchword")
    assert code == 2
    assert "/proc/watchword cannot be written" in text


def test_an_empty_directory_can_be_saved_into(stopped: Path, tmp_path: Path) -> None:
    (tmp_path / "into").mkdir()
    assert data(stopped, "salvage", str(tmp_path / "into"))[0] == 0


def test_salvage_writes_its_report_for_programs(stopped: Path, tmp_path: Path) -> None:
    change(stopped, "DELETE FROM documents WHERE place = 'weavr_nonces' AND sandbox <= 3")
    code, text = data(stopped, "salvage", str(tmp_path / "into"), "--json")
    report = json.loads(text)
    assert (code, report["into"], report["missingRows"]) == (1, str(tmp_path / "into"), 3)


def test_the_refusal_of_a_start_names_the_commands(stopped: Path) -> None:
    change(stopped, "DELETE FROM documents WHERE place = 'weavr_nonces' AND sandbox <= 3")
    done = refused(stopped.parent, "--data", str(stopped))
    text = " ".join(done.output.split())
    assert done.exit_code == 2
    assert f"watchword data check {stopped}; to save it: watchword data salvage {stopped} NEW_DIR" in text
    assert "sqlite3 watchword" not in text


def test_mails_get_new_ids_where_their_number_was_lost(stopped: Path, tmp_path: Path) -> None:
    change(stopped, "DELETE FROM documents WHERE place = 'watchword.postbox'")
    into = tmp_path / "into"
    assert data(stopped, "salvage", str(into))[0] == 1
    with serving(tmp_path, "--data", str(into)) as served:
        forget_passwords(served.port)
        client = Client(served.port, "box-1")
        reply = client("GET", "/__admin/inbox")
        client.close()
        assert reply is not None
        ids = [one["id"] for one in reply.body["messages"]]
    assert len(ids) == len(set(ids)) == 2


def test_snapshots_are_counted_apart_from_sandboxes(tmp_path: Path) -> None:
    with serving(tmp_path, "--data", str(tmp_path / "data")) as served:
        httpx.post(f"{served.url}/~box/__admin/snapshots", json={"name": "before"}).raise_for_status()
    code, report = check(tmp_path / "data")
    assert (code, [one["name"] for one in report["sandboxes"]]) == (0, ["box"])
    assert [(one["sandbox"], one["name"]) for one in report["snapshots"]] == [("box", "before")]
    assert "is sound: 1 sandbox, 1 snapshot, " in data(tmp_path / "data", "check")[1]
