"""``watchword log`` and ``watchword why``, which read a running server."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import refused
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("journal")) as served:
        yield served


def watchword(*arguments: str, where: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watchword", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, cwd=where)  # noqa: S603  # our own program


def test_why_says_what_decided_with_its_source(served: Served) -> None:
    body = {"password": {"value": "Secret-Number-42"}}
    httpx.post(f"{served.url}/~why/multi/passwords/validate", json=body, headers={"api-key": "unknown"})
    ran = watchword("why", "--url", served.url, "--sandbox", "why")
    assert ran.returncode == 0
    assert ran.stdout.startswith("POST /multi/passwords/validate\n401 ")
    assert "rule      weavr.key.known" in ran.stdout
    assert "says      A key that belongs to no programme of this product is answered 401." in ran.stdout
    assert "source    " in ran.stdout
    assert "Secret-Number-42" not in ran.stdout


@pytest.mark.parametrize(
    ("head", "status", "sentence"),
    [
        ("Host: no host", 400, "The header Host is not a host"),
        (f"Host: a\r\nX-Long: {'a' * 70_000}", 431, "Request line and headers are longer than"),
        ("Host: a\r\nTransfer-Encoding: gzip", 400, "The only transfer coding that is served is chunked."),
        ("no header", 400, "This is not an HTTP/1.1 request."),
    ],
)
def test_what_is_refused_before_it_is_a_request_says_where_that_is_explained(
    served: Served, head: str, status: int, sentence: str
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\n{head}\r\n\r\n".encode())
        answer = HTTPResponse(connection)
        answer.begin()
    explained = httpx.get(f"{served.url}{answer.headers['watchword-why']}").json()
    assert (answer.status, explained["status"]) == (status, status)
    assert sentence in explained["sentence"]


def test_log_shows_a_line_each_oldest_first_and_reasons_on_demand(served: Served) -> None:
    for path in ("/v2/nowhere", "/debug/healthz"):
        httpx.get(f"{served.url}/~log{path}")
    lines = watchword("log", "--url", served.url, "--sandbox", "log").stdout.splitlines()
    assert [line.partition(" ")[2] for line in lines] == ["GET /v2/nowhere 404 NOT_FOUND", "GET /debug/healthz 200"]
    reasoned = watchword("log", "--url", served.url, "--sandbox", "log", "--why", "-n", "2").stdout
    assert "404 NOT_FOUND: no operation has this path and method; nearest: " in reasoned
    assert "sandbox=log" in watchword("log", "--url", served.url, "--all").stdout


def test_log_follows_what_comes(served: Served) -> None:
    command = [sys.executable, "-m", "watchword", "log", "-f", "--url", served.url, "--sandbox", "follow"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as following:  # noqa: S603  # our own program
        assert following.stdout is not None
        try:
            for path in ("/v2/one", "/v2/two"):
                httpx.get(f"{served.url}/~follow{path}")
                assert path in following.stdout.readline()
        finally:
            following.kill()


def test_what_cannot_be_reached_or_found_ends_with_2_and_says_so(served: Served, tmp_path: Path) -> None:
    nobody = watchword("why", "--url", "http://127.0.0.1:1")
    assert (nobody.returncode, "cannot be reached" in nobody.stderr) == (2, True)
    httpx.post(f"{served.url}/~nothing-happened/__admin/reset")
    empty = watchword("why", "--url", served.url, "--sandbox", "nothing-happened")
    assert (empty.returncode, empty.stderr) == (2, "Error: No request has come yet.\n")
    for command in ("why", "log"):
        mistyped = watchword(command, "--url", served.url, "--sandbox", "nothing-hapened")
        assert mistyped.returncode == 2
        assert "There is no sandbox 'nothing-hapened'. Nearest: nothing-happened." in mistyped.stderr
    assert httpx.get(f"{served.url}/__admin/sandboxes/nothing-hapened").status_code == 404
    no_id = watchword("why", "123", "--url", served.url, "--sandbox", "nothing-happened")
    assert (no_id.returncode, "path id: must " in no_id.stderr) == (2, True)
    with serving(tmp_path, "--journal", "0") as silent:
        off = [watchword(command, "--url", silent.url) for command in ("log", "why")]
    assert [(one.returncode, "--journal 0" in one.stderr) for one in off] == [(2, True)] * 2


def test_who_has_no_token_is_told_where_to_give_it(tmp_path: Path) -> None:
    with serving(tmp_path, "--admin-token", "Amber-Key-9") as guarded:
        told = watchword("log", "--url", guarded.url)
        assert (told.returncode, "--token or WATCHWORD_ADMIN_TOKEN" in told.stderr) == (2, True)
        assert watchword("log", "--url", guarded.url, "--token", "Amber-Key-9").returncode == 0


def test_the_journal_is_written_for_programs_and_as_an_http_archive(served: Served) -> None:
    httpx.post(f"{served.url}/~har/multi/passwords/validate", json={"password": {"value": "Secret-Number-42"}})
    options = ("--url", served.url, "--sandbox", "har", "--format")
    entry = json.loads(watchword("log", *options, "json").stdout)
    assert entry["operation"] == "weavr_multi.validate_password"
    text = watchword("log", *options, "har").stdout
    (archived,) = json.loads(text)["log"]["entries"]
    assert archived["request"]["url"] == f"{served.url}/~har/multi/passwords/validate"
    assert (archived["response"]["status"], "Secret-Number-42" in text) == (400, False)
    assert watchword("log", *options, "har", "--follow").returncode == 2
    assert "decidedBy" in watchword("log", *options, "json", "--why").stderr


def test_a_journal_file_is_complete_at_the_end_and_masked(tmp_path: Path) -> None:
    file = tmp_path / "journal.ndjson"
    with serving(tmp_path, "--journal-file", str(file), "--journal", "2") as served:
        for _ in range(5):
            body = {"password": {"value": "Secret-Number-42"}}
            httpx.post(f"{served.url}/multi/passwords/validate", json=body)
    written = file.read_text(encoding="utf-8")
    assert [json.loads(line)["response"]["status"] for line in written.splitlines()] == [400] * 5
    assert "Secret-Number-42" not in written
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("flags", [("--journal-file", "/nowhere/at/all"), ("--journal", "0", "--journal-file", "x")])
def test_a_journal_file_that_cannot_be_written_refuses_the_start(flags: tuple[str, ...], tmp_path: Path) -> None:
    ran = refused(tmp_path, *flags)
    assert (ran.exit_code, "--journal-file" in ran.stderr) == (2, True)


@pytest.mark.parametrize("value", ["lots", "1", "-5"])
def test_a_size_that_cannot_be_read_refuses_the_start(value: str, tmp_path: Path) -> None:
    ran = refused(tmp_path, "--journal-memory", value)
    assert (ran.exit_code, "--journal-memory" in ran.stderr) == (2, True)


def test_why_says_what_would_have_helped(served: Served) -> None:
    body = {"password": {"value": "Secret-Number-42"}}
    httpx.post(f"{served.url}/~helped/multi/passwords/validate", json=body, headers={"api-key": "unknown"})
    ran = watchword("why", "--what-if", "--url", served.url, "--sandbox", "helped")
    cures = [line for line in ran.stdout.splitlines() if line.startswith("  what if   With the credentials of ")]
    assert cures
    assert 'it would have been answered 204. {"person": "' in cures[0]
    assert "Secret-Number-42" not in ran.stdout


def test_why_says_that_what_was_not_refused_needs_no_help(served: Served) -> None:
    httpx.get(f"{served.url}/~unrefused/debug/healthz")
    ran = watchword("why", "--what-if", "--url", served.url, "--sandbox", "unrefused")
    assert ran.stdout.splitlines()[-1] == "  what if   It was not refused."


def test_a_client_that_gives_up_during_a_delay_is_noted_as_gone(served: Served) -> None:
    box = f"{served.url}/~gone"
    delay = {"match": {}, "times": 1, "fault": {"delay": {"fixed": "60s"}}}
    assert httpx.post(f"{box}/__admin/faults", json=delay).status_code == 201
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{box}/debug/healthz", timeout=0.2)
    (entry,) = httpx.get(f"{box}/__admin/journal?wait=10s").json()["entries"]
    assert (entry["aborted"], entry["response"]["status"]) == (True, 0)
