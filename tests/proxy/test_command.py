"""``watchword proxy`` as its users start and stop it."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import requests

from tests.cli.commands import run
from tests.serving import Served, serving

SECONDS = 60
PASSWORD = "Harbour-7-lamp"
PERSON: dict[str, Any] = {"email": "ada@multi.example", "password": {"value": PASSWORD}}
KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of our own, which is right."""
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@contextmanager
def proxying(folder: Path, url: str, *flags: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Put a proxy before the server at *url*; gives its address and the process."""
    port_file = folder / "proxy.port"
    command = [sys.executable, "-m", "watchword", "proxy", url, "--system", "weavr_multi", "--port", "0"]
    with subprocess.Popen(  # noqa: S603  # our own command
        [*command, "--port-file", str(port_file), *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + SECONDS
            while not port_file.exists() and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
            yield f"http://127.0.0.1:{port_file.read_text().strip()}", process
        finally:
            process.kill()


def stop(process: "subprocess.Popen[str]", number: signal.Signals) -> tuple[int, Sequence[str], str]:
    """Stop it; gives the exit code, the last lines of its output, and its log."""
    process.send_signal(number)
    out, log = process.communicate(timeout=SECONDS)
    return process.returncode, out.splitlines(), log


def test_right_clients_see_no_violation_and_the_verdict_is_0(served: Served, tmp_path: Path) -> None:
    journal = tmp_path / "journal.ndjson"
    with proxying(tmp_path, served.url, "--fail-on", "violations", "--journal-file", str(journal)) as (url, process):
        with httpx.Client(base_url=url) as client:
            first = client.post("/multi/login_with_password", json=PERSON, headers=KEY)
        second = requests.post(f"{url}/multi/login_with_password", json=PERSON, headers=KEY, timeout=SECONDS)
        sent = {**KEY, "Authorization": f"Bearer {second.json()['token']}"}
        third = requests.post(f"{url}/multi/logout", headers=sent, timeout=SECONDS)
        code, out, log = stop(process, signal.SIGTERM)
    assert [one.status_code for one in (first, second, third)] == [200, 200, 204]
    assert "sl-violations" not in {*first.headers, *second.headers, *third.headers}
    assert (code, out[-1]) == (0, f"3 requests forwarded to {served.url}; no findings.")
    assert log.count("POST /login_with_password 200 weavr_multi") == 2
    assert len(journal.read_text().splitlines()) == 3
    for secret in (PASSWORD, second.json()["token"], KEY["api-key"]):
        assert secret not in f"{out}{log}{journal.read_text()}"


def test_ctrl_c_gives_the_verdict_and_what_is_forbidden_exits_with_1(served: Served, tmp_path: Path) -> None:
    with proxying(tmp_path, f"{served.url}/multi", "--fail-on", "violations") as (url, process):
        answer = requests.post(f"{url}/login_with_password", json={**PERSON, "more": 1}, headers=KEY, timeout=SECONDS)
        code, out, _ = stop(process, signal.SIGINT)
    assert answer.json()
    assert code == 1
    assert out[-3:] == [
        "undocumented: POST /login_with_password body /more: is not known here",
        f"1 request forwarded to {served.url}/multi; 1 finding.",
        "FAILED: 1 finding that --fail-on forbids (undocumented).",
    ]


@pytest.mark.parametrize(
    ("upstream", "why"),
    [
        ("theirs.example", "UPSTREAM is not an address that begins with http:// or https:// and a host."),
        ("http://me:Secret-1@theirs.example", "UPSTREAM has a name or a password in it"),
        ("http://theirs.example/?key=Secret-1", "UPSTREAM has a query or a fragment"),
        ("http://theirs.example:Secret-1", "UPSTREAM is not an address: its port is not a number up to 65535."),
        ("http://127.0.0.1:7070", "UPSTREAM is this proxy itself: both are at port 7070."),
    ],
)
def test_an_address_that_cannot_be_used_exits_with_2(upstream: str, why: str, tmp_path: Path) -> None:
    result = run(tmp_path, "proxy", upstream, "--system", "zitadel")
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
    assert "Secret" not in result.output


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--fail-on", "violation"], "there is no kind 'violation'"),
        (["--journal", "0"], "--journal: a proxy needs a journal, for its verdict"),
        (["--timeout", "0"], "too short"),
        (["--system", "theirs"], "'theirs' is not one of"),
    ],
)
def test_a_flag_that_cannot_be_used_exits_with_2(flags: list[str], why: str, tmp_path: Path) -> None:
    result = run(tmp_path, "proxy", "http://theirs.example", "--system", "zitadel", *flags)
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
