"""
A full disk: writes are refused in the system's format, reads still work, and no acknowledged write is lost.

The disk is a small tmpfs, if the test may mount one, for which it needs to be root. Otherwise, and in a second run in
any case, a limit on file sizes has the same effect on the server.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.serving import Served, serving
from tests.soak.client import Client, people

SIZE = 700_000
Program = tuple[str, ...]
Disk = Callable[[Path], AbstractContextManager[tuple[Path, Program]]]


@contextmanager
def tmpfs(folder: Path) -> Iterator[tuple[Path, Program]]:
    """Mount a small disk, or limit the size of files if that is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0  # noqa: S603
    except FileNotFoundError:
        mounted = False
    try:
        yield folder / "data", () if mounted else _limit()
    finally:
        if mounted:
            subprocess.run(["umount", str(folder)], check=True)  # noqa: S603, S607


@contextmanager
def limit_file_size(folder: Path) -> Iterator[tuple[Path, Program]]:
    """Limit the size of files."""
    yield folder / "data", _limit()


def _limit() -> Program:
    script = (
        "import resource, runpy, sys;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({SIZE}, resource.getrlimit(resource.RLIMIT_FSIZE)[1]));"
        "sys.argv[0] = 'watchword';"
        "runpy.run_module('watchword', run_name='__main__')"
    )
    return (sys.executable, "-c", script)


def request_mails(client: Client, email: str, headers: dict[str, str], most: int = 5000) -> int:
    """Request mails until a request is refused; return how many succeeded."""
    for number in range(most):
        reply = client("POST", "/passwords/lost_password/start", {"email": email}, headers)
        assert reply is not None
        if reply.status != 204:
            assert reply.status == 503
            return number
    raise AssertionError(f"{most} writes, and the disk is still not full")


def check_reading(client: Client, headers: dict[str, str], mails: int) -> None:
    """Check that all requests that only read still work."""
    inbox = client("GET", "/__admin/inbox")
    assert inbox is not None
    assert inbox.status == 200
    assert inbox.body["messages"][0]["id"] == mails
    body = {"password": {"value": "Harbour-7-lamp"}}
    validated = client("POST", "/passwords/validate", body, headers)
    assert validated is not None
    assert validated.status == 204


@pytest.mark.parametrize("disk", [tmpfs, limit_file_size], ids=["a small disk", "a limit on file sizes"])
def test_a_full_disk_loses_no_acknowledged_write_and_can_still_be_read(tmp_path: Path, disk: Disk) -> None:
    with disk(tmp_path / "small") as (data, program):
        with _serve(tmp_path, data, program) as served:
            ada = people(served.port)["weavr_multi", "ada"]
            headers = dict(ada.headers)
            client = Client(served.port, "box")
            mails = request_mails(client, ada.login, headers)
            assert mails > 5
            for _ in range(20):
                assert request_mails(client, ada.login, headers, most=1) == 0
            check_reading(client, headers, mails)
            client.close()
            log = served.log.read_text()
            assert log.count("changes cannot be stored") == 1, "logged once, not for every request"
            served.process.kill()
        with _serve(tmp_path, data, program) as served:
            client = Client(served.port, "box")
            check_reading(client, headers, mails)
            client.close()


def _serve(folder: Path, data: Path, program: Program) -> AbstractContextManager[Served]:
    (folder / "port").unlink(missing_ok=True)
    return serving(folder, "--data", str(data), program=program)
