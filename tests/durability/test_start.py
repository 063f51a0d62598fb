"""``watchword serve --data``: whom it refuses, with which words, and what it tells."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import serving
from tests.soak.client import Client, people
from watchword.store.sqlite import FILE


def refused(*flags: str) -> str:
    """Start a server that must not start, and give what it says."""
    command = [sys.executable, "-m", "watchword", "serve", "--port", "0", "--hashing", "fast", *flags]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_second_server_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as first:
        said = refused("--data", str(data))
        assert f"--data: {data} is in use by another server (process {first.process.pid})" in said
        assert "directory of its own" in said
        client = Client(first.port, "default")
        reply = client("GET", "/__admin/clock")
        client.close()
    assert reply is not None
    assert reply.status == 200


def test_a_foreign_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("my diary")
    assert f"{tmp_path / FILE} was not written by watchword; it is left alone." in refused("--data", str(tmp_path))
    assert (tmp_path / FILE).read_text() == "my diary"


@pytest.mark.parametrize("place", ["/proc/watchword", "/dev/null/data"])
def test_a_place_that_cannot_be_written_is_refused(place: str) -> None:
    said = refused("--data", place)
    assert place in said
    assert "cannot be written" in said or "is a file" in said


def test_a_graceful_stop_leaves_one_whole_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(tmp_path, "--data", str(data)) as served:
        ada = people(served.port)["weavr_multi", "ada"]
        client = Client(served.port, "default")
        body = {"email": ada.login}
        reply = client("POST", "/passwords/lost_password/start", body, ada.headers)
        client.close()
        assert reply is not None
        assert reply.status == 204
    assert sorted(path.name for path in data.iterdir()) == ["lock", FILE]
