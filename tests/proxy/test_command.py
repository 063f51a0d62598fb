"""``watchword proxy`` as its users start and stop it."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import requests

from tests.cli.commands import run
from tests.proxy.scripted import Scripted, serving_script
from tests.scenarios import other_multi
from tests.serving import Served, serving
from watchword.server.listening import leads_to

SECONDS = 60
ANY = "0.0.0.0"  # noqa: S104  # nothing is bound to it
PASSWORD = "Harbour-7-lamp"
PERSON: dict[str, Any] = {"email": "ada@multi.example", "password": {"value": PASSWORD}}
JSON = {"Content-Type": "application/json"}
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


def accepts(url: str) -> bool:
    """Whether connections are accepted at an address."""
    with closing(HTTPConnection(url.removeprefix("http://"))) as connection:
        try:
            connection.connect()
        except OSError:
            return False
        return True


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
        ("theirs.example", "UPSTREAM has to begin with http:// or https:// and a host, as in https://test.example."),
        ("http://me:Secret-1@theirs.example", "UPSTREAM has a name or a password in it"),
        ("http://theirs.example/?key=Secret-1", "UPSTREAM has a query or a fragment"),
        ("http://theirs.example:Secret-1", "UPSTREAM cannot be read: its port is not a number up to 65535."),
        ("http://127.0.0.1:7070", "UPSTREAM is this proxy itself: both are at port 7070 of 127.0.0.1."),
        ("http://localhost:7070/api", "UPSTREAM is this proxy itself"),
        ("https://[::ffff:127.0.0.1]:7070", "UPSTREAM is this proxy itself"),
        ("http://0.0.0.0:7070", "UPSTREAM is this proxy itself"),
    ],
)
def test_an_address_that_cannot_be_used_exits_with_2(upstream: str, why: str, tmp_path: Path) -> None:
    result = run(tmp_path, "proxy", upstream, "--system", "zitadel")
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
    assert "Secret" not in result.output


@pytest.mark.parametrize(
    ("name", "host", "leads"),
    [
        ("127.0.0.1", "localhost", True),
        ("localhost", "127.0.0.1", True),
        (ANY, "127.0.0.1", True),
        ("127.0.0.1", ANY, True),
        ("127.0.0.9", ANY, True),
        ("127.0.0.9", "127.0.0.1", False),
        ("127.0.0.1", "::", True),
        ("::ffff:127.0.0.1", "127.0.0.1", True),
        ("192.0.2.1", ANY, False),
        ("LOCALHOST", "127.0.0.1", True),
        ("nobody.invalid", "127.0.0.1", False),
    ],
)
def test_a_name_leads_to_a_server_by_any_address_of_it(name: str, host: str, *, leads: bool) -> None:
    assert leads_to(name, host) is leads


def test_every_finding_is_told_at_the_end(served: Served, tmp_path: Path) -> None:
    with proxying(tmp_path, f"{served.url}/multi") as (url, process):
        with httpx.Client(base_url=url) as client:
            for number in range(15):
                client.get(f"/unknown-{'x' * number}")
        code, out, _ = stop(process, signal.SIGINT)
    assert code == 0
    assert [line.partition(":")[0] for line in out[-16:-1]] == ["unmatched"] * 15
    assert out[-1] == f"15 requests forwarded to {served.url}/multi; 15 findings."


def test_a_shadow_names_the_rule_at_the_end_and_logs_nothing_of_its_own(tmp_path: Path) -> None:
    bindings = tmp_path / "bindings.toml"
    bindings.write_text(other_multi.write_bindings(), encoding="utf-8")
    key, email = {"api-key": other_multi.KEYS["shop"]}, other_multi.LOGINS["inactive"]
    flags = ("--shadow", "--bindings", str(bindings), "--fail-on", "behaviour")
    with other_multi.serving_other_multi() as (server, multi), proxying(tmp_path, server, *flags) as (url, process):
        multi.defect = "an inactive user can log in"
        body: Any = {"email": email, "password": {"value": "Pepper-90-gold"}}
        answer = requests.post(f"{url}/login_with_password", json=body, headers=key, timeout=SECONDS)
        requests.post(f"{url}/logout", headers={**key, "Authorization": "Bearer Nobodys-1"}, timeout=SECONDS)
        code, out, log = stop(process, signal.SIGINT)
    assert (code, answer.status_code) == (1, 200)
    assert "A private stand-in is asked the same; 17 people are bound." in out
    told, *rest = out[-4:]
    assert told.startswith("behaviour: POST /login_with_password response /status: was 200, should be 403 ")
    assert "(weavr.login.refused, " in told
    assert rest == [
        f"2 requests forwarded to {server}; 1 finding.",
        "2 requests compared with a stand-in, none not.",
        "FAILED: 1 finding that --fail-on forbids (behaviour).",
    ]
    assert "oracle" not in log


class Unasked:
    """A proxy with a shadow that was asked for a mail, and waits for it, while nobody waits for the proxy's answer."""

    def __init__(self) -> None:
        self.asked, self.answering = Event(), Event()

    @contextmanager
    def proxying(self, folder: Path) -> Iterator[tuple[str, str, "subprocess.Popen[str]"]]:
        """Start it; gives its address, that of the server behind it, and the process."""
        (bindings := folder / "bindings.toml").write_text(other_multi.write_bindings(), encoding="utf-8")
        start: Any = {"email": other_multi.LOGINS["member"]}
        resume: Any = {**start, "nonce": "123456", "newPassword": {"value": "Lantern-42-amber"}}
        headers = {"api-key": other_multi.KEYS["shop"]}
        with serving_script() as scripted:
            scripted.script = lambda connection: self._answer(scripted, connection)
            flags = ("--shadow", "--bindings", str(bindings))
            with proxying(folder, scripted.url, *flags) as (url, process):
                requests.post(f"{url}/passwords/lost_password/start", json=start, headers=headers, timeout=SECONDS)
                impatient = HTTPConnection(url.removeprefix("http://"))
                impatient.request("POST", "/passwords/lost_password/resume", json.dumps(resume), {**headers, **JSON})
                assert self.asked.wait(SECONDS)
                impatient.close()
                try:
                    yield url, scripted.url, process
                finally:
                    self.answering.set()

    def _answer(self, scripted: Scripted, connection: socket.socket) -> None:
        status, body = "204 No Content", b""
        if scripted.heads[-1].startswith(b"GET /test/mails"):
            status, body = "200 OK", b'{"sent": []}'
            if len(scripted.heads) > 1:
                self.asked.set()
                self.answering.wait(SECONDS)
        connection.sendall(f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)


def interrupt(url: str, process: "subprocess.Popen[str]") -> None:
    """Send what Ctrl-C sends, and wait until the proxy accepts nothing any more."""
    process.send_signal(signal.SIGINT)
    while accepts(url):
        pass


def test_the_verdict_has_what_the_stand_in_is_still_asked_when_the_proxy_stops(tmp_path: Path) -> None:
    unasked = Unasked()
    with unasked.proxying(tmp_path) as (url, upstream, process):
        interrupt(url, process)
        unasked.answering.set()
        out, _ = process.communicate(timeout=SECONDS)
    *_, told, forwarded, compared = out.splitlines()
    assert told.startswith(
        "behaviour: POST /passwords/lost_password/resume response /status: was 204 without a body, should be 409 "
    )
    assert forwarded == f"2 requests forwarded to {upstream}; 2 findings."
    assert compared == "2 requests compared with a stand-in, none not."


def test_a_second_ctrl_c_waits_for_the_stand_in_no_longer(tmp_path: Path) -> None:
    with Unasked().proxying(tmp_path) as (url, upstream, process):
        interrupt(url, process)
        process.send_signal(signal.SIGINT)
        out, log = process.communicate(timeout=SECONDS)
    *_, forwarded, compared, why = out.splitlines()
    assert forwarded.startswith(f"2 requests forwarded to {upstream}; ")
    assert compared == "1 request compared with a stand-in, 1 not:"
    assert why == "  1: the proxy was stopped at once"
    assert (process.returncode, "Traceback" in log) == (0, False)


def test_a_request_that_was_not_forwarded_is_told_at_the_end(served: Served, tmp_path: Path) -> None:
    with proxying(tmp_path, f"{served.url}/multi", "--max-body", "100") as (url, process):
        answer = requests.post(f"{url}/login_with_password", data=b"x" * 101, headers=KEY, timeout=SECONDS)
        code, out, _ = stop(process, signal.SIGINT)
    assert (answer.status_code, code) == (413, 0)
    assert out[-2:] == [
        f"No requests forwarded to {served.url}/multi; no findings.",
        "1 request not forwarded: over --max-body or --body-timeout.",
    ]


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--fail-on", "violation"], "there is no kind 'violation'"),
        (["--fail-on", "violation"], "aborted, violations."),
        (["--journal", "0"], "--journal: a proxy needs a journal, for its verdict"),
        (["--timeout", "0"], "too short"),
        (["--system", "theirs"], "'theirs' is not one of"),
        (["--shadow"], "--shadow requires --bindings FILE"),
        (["--bindings", "bindings.toml"], "--bindings says who plays which role for --shadow, which is not given."),
        (["--fail-on", "behaviour"], "--fail-on behaviour finds nothing without --shadow."),
        (["--shadow", "--bindings", "bindings.toml"], "bindings.toml: people.member lacks id."),
    ],
)
def test_a_flag_that_cannot_be_used_exits_with_2(flags: list[str], why: str, tmp_path: Path) -> None:
    (tmp_path / "bindings.toml").write_text('[people.member]\nlogin = "me"\npassword = "Secret-1"\n', encoding="utf-8")
    result = run(tmp_path, "proxy", "http://theirs.example", "--system", "zitadel", *flags)
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
