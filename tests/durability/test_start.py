"""``watchword serve --data``: which directories it refuses, and what it leaves when it stops."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import serving
from tests.soak.client import Client, people
from watchword.store.sqlite import FILE

PAGE = 4096


def serve_and_fail(*flags: str) -> str:
    """Start a server that must not start, and return its error message."""
    command = [sys.executable, "-m", "watchword", "serve", "--port", "0", "--hashing", "fast", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as first:
        message = serve_and_fail("--data", str(data))
        assert f"--data: {data} is in use by another server (process {first.process.pid})" in message
        assert "use another directory" in message
        client = Client(first.port, "default")
        reply = client("GET", "/__admin/clock")
        client.close()
    assert reply is not None
    assert reply.status == 200


def test_a_file_of_another_program_is_refused_and_left_unchanged(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("my diary")
    message = serve_and_fail("--data", str(tmp_path))
    assert f"{tmp_path / FILE} was not written by watchword, and is left unchanged" in message
    assert (tmp_path / FILE).read_text() == "my diary"


@pytest.mark.parametrize("folder", ["/proc/watchword", "/dev/null/data"])
def test_a_directory_that_cannot_be_written_is_refused(folder: str) -> None:
    message = serve_and_fail("--data", folder)
    assert folder in message
    assert "cannot be written" in message or "is a file" in message


def test_a_graceful_stop_leaves_a_data_file_and_its_seal_for_their_owner_only(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as served:
        ada = people(served.port)["weavr_multi", "ada"]
        client = Client(served.port, "default")
        body = {"email": ada.login}
        reply = client("POST", "/passwords/lost_password/start", body, ada.headers)
        client.close()
        assert reply is not None
        assert reply.status == 204
    assert sorted(path.name for path in data.iterdir()) == ["lock", FILE, f"{FILE}-seal"]
    assert {path.stat().st_mode & 0o077 for path in data.iterdir()} == {0}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def forget_passwords(port: int) -> None:
    """Make persisted changes in ten sandboxes."""
    ada = people(port)["weavr_multi", "ada"]
    for number in range(10):
        client = Client(port, f"box-{number}")
        reply = client("POST", "/passwords/lost_password/start", {"email": ada.login}, ada.headers)
        client.close()
        assert reply is not None
        assert reply.status == 204


def test_acknowledged_writes_that_are_lost_after_a_kill_are_refused_with_what_is_left(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as served:
        forget_passwords(served.port)
        served.process.kill()
        served.process.wait()
    log = data / f"{FILE}-wal"
    raw = bytearray(log.read_bytes())
    raw[len(raw) // 2] ^= 1
    log.write_bytes(raw)
    before = contents(data)
    message = serve_and_fail("--data", str(data))
    assert "is damaged, or writes that were acknowledged are missing" in message
    assert "It is left unchanged, and so is its log. Sandboxes that can be read: " in message
    assert contents(data) == before


def test_a_file_whose_pages_changed_places_is_refused_and_left_unchanged(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as served:
        forget_passwords(served.port)
    path = data / FILE
    raw = path.read_bytes()
    pages = [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]
    path.write_bytes(b"".join([*pages[:-2], pages[-1], pages[-2]]))
    before = contents(data)
    assert "is damaged" in serve_and_fail("--data", str(data))
    assert contents(data) == before
