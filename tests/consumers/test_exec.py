"""``watchword exec``: exit codes, the gate, signals, and nothing that stays behind."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import run
from watchword.cli.flag import Flag
from watchword.cli.options import list_options

CALLS = """
import json, os, sys, urllib.request
def post(path, body, **headers):
    address = os.environ["WATCHWORD_URL"] + path
    headers = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH==", "Content-Type": "application/json", **headers}
    urllib.request.urlopen(urllib.request.Request(address, json.dumps(body).encode(), headers))
post("/multi/passwords/validate", {"password": {"value": "Quiet-river-42"}})
"""
BAD = CALLS + 'post("/multi/passwords/validate?verbose=1", {"password": {"value": "Quiet-river-42"}, "passwrd": 1})\n'
HERE = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD")}


def execute(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "watchword", "exec", *words],
        cwd=folder,
        env={**HERE, **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def python(code: str) -> tuple[str, ...]:
    return "--", sys.executable, "-c", code


def test_a_command_that_keeps_the_document_passes_and_its_reports_are_written(tmp_path: Path) -> None:
    reports = "html=coverage.html,json=coverage.json"
    operations = ("--operations", "weavr_multi.validate*", "--operations", "weavr_multi.*")
    flags = ("--fail-on", "undocumented,unmatched", *operations, "--min-coverage", "0.5")
    ran = execute(tmp_path, *flags, "--report", reports, "--report", "md=coverage.md", *python(CALLS))
    assert ran.returncode == 0, ran.stderr
    assert "1 of 187 documented answers reached (0.5 %)" in ran.stderr
    assert (tmp_path / "coverage.html").read_text().startswith("<!doctype html>")
    assert '"requests": 1' in (tmp_path / "coverage.json").read_text()
    assert (tmp_path / "coverage.md").read_text().startswith("### Watchword coverage")


def test_a_command_that_sends_nothing_is_told_where_the_address_stands(tmp_path: Path) -> None:
    ran = execute(tmp_path, *python("pass"))
    assert ran.returncode == 0
    assert "The command sent no request to this server: it has to take the address from WATCHWORD_URL." in ran.stderr
    assert "sent no request" not in execute(tmp_path, *python(CALLS)).stderr


def test_without_operations_the_share_is_that_of_the_systems_that_were_called(tmp_path: Path) -> None:
    ran = execute(tmp_path, "--min-coverage", "0.5", *python(CALLS))
    assert ran.returncode == 0, ran.stderr
    assert "1 of 187 documented answers reached (0.5 %)" in ran.stderr
    assert "entrust, weavr_payment_run and zitadel are not counted: nothing of them was called." in ran.stderr


def test_what_a_command_sends_is_recorded(tmp_path: Path) -> None:
    assert execute(tmp_path, "--journal-file", "shop.ndjson", *python(CALLS)).returncode == 0
    (entry,) = map(json.loads, (tmp_path / "shop.ndjson").read_text().splitlines())
    assert (entry["operation"], entry["request"]["body"]) == (
        "weavr_multi.validate_password",
        {"password": {"value": "***"}},
    )


def test_what_was_forbidden_closes_the_gate(tmp_path: Path) -> None:
    ran = execute(tmp_path, "--fail-on", "undocumented", *python(BAD))
    assert ran.returncode == 1
    assert "undocumented: POST /multi/passwords/validate body /passwrd: is not known here" in ran.stderr
    assert "FAILED: 2 findings that --fail-on forbids (undocumented)." in ran.stderr


def test_too_little_coverage_closes_the_gate_and_the_code_of_the_command_wins(tmp_path: Path) -> None:
    in_its_place = "import os; os.mkdir('lost.md');"
    command = python(f"{in_its_place}{BAD}sys.exit(7)")
    ran = execute(tmp_path, "--min-coverage", "60", "--report", "md=lost.md", *command)
    assert ran.returncode == 7
    assert "watchword: the report md=lost.md cannot be written: Is a directory" in ran.stderr
    assert "of the documented answers were reached, not 60 %." in ran.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--fail-on", "undocumented,typos"), "there is no kind 'typos'. There are: undocumented, unmatched, "),
        (("--report", "pdf=x.pdf"), "'pdf=x.pdf': write FORM=FILE; the forms are html, json, md, text."),
        (("--report", "md=nowhere/x.md"), "'nowhere' is not a directory"),
        (("--min-coverage", "101"), "101.0 is not in the range 0<=x<=100"),
        (("--operations", "weavr_mlti.*"), "No operation fits one of the patterns."),
        (("--zitadel-profile", "v9"), "--zitadel-profile"),
    ],
)
def test_what_cannot_be_read_is_told_before_anything_runs(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = run(tmp_path, "exec", *words, *python("open('ran', 'w')"))
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.split())
    assert not (tmp_path / "ran").exists()


def test_a_command_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    ran = execute(tmp_path, "--", "./no-such-program")
    assert (ran.returncode, "there is no command './no-such-program'" in ran.stderr) == (2, True)


DEPLOYED = {
    "data": "data",
    "admin_token": "for-the-deployment",
    "tls_cert": "seed.toml",
    "tls_key": "seed.toml",
    "journal_file": "journal.jsonl",
    "import": "seed.toml",
    "export_on_exit": "state.json",
    "port_file": "port",
    "public_url": "https://test.example/watchword",
    "trust_proxy": "192.0.2.1",
    "disable_admin_api": "true",
    "journal": "0",
    "journal_memory": "1KiB",
    "max_sandboxes": "1",
    "sandbox_ttl": "1s",
    "mutant": "weavr.nonce.single/gone",
    "watch": "true",
}


def test_what_belongs_to_a_deployment_is_not_meant_for_the_server_of_a_command(tmp_path: Path) -> None:
    (tmp_path / "seed.toml").write_text("")
    imitated = "seed = 1\n[settings.zitadel]\nmaintenance = true\n"
    assert DEPLOYED.keys() == {one.name for one in list_options() if isinstance(one, Flag) and one.deployment}
    deployed = "".join(f'{name} = "{value}"\n' for name, value in DEPLOYED.items())
    (tmp_path / "watchword.toml").write_text(deployed + imitated)
    variables = {f"WATCHWORD_{name.upper()}": value for name, value in DEPLOYED.items()}
    asks = """
import json, os, urllib.request
def get(path):
    return json.load(urllib.request.urlopen(os.environ["WATCHWORD_URL"] + path))
assert get("/__admin/settings")["zitadel"]["maintenance"] is True
assert get("/__admin/mutants")["mutants"] == []
"""
    ran = execute(tmp_path, *python(asks), **variables)
    assert ran.returncode == 0, ran.stderr
    assert {one.name for one in tmp_path.iterdir()} == {"seed.toml", "watchword.toml"}


WAITS = """
import os, pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path("ended").touch(), sys.exit(9)))
pathlib.Path("part").write_text(os.environ["WATCHWORD_URL"])
pathlib.Path("part").rename("url")
time.sleep(60)
"""


def test_a_signal_reaches_the_command_which_ends_as_it_likes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "watchword", "exec", *python(WAITS)]
    with subprocess.Popen(command, cwd=tmp_path, env=HERE, stderr=subprocess.DEVNULL) as ours:  # noqa: S603
        url = _told(tmp_path)
        ours.send_signal(signal.SIGTERM)
        assert ours.wait(60) == 9
    assert _is_gone(url)


def test_nothing_stays_behind_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-m', 'watchword', 'exec', *{python(WAITS)!r}])"
    with subprocess.Popen([sys.executable, "-c", starts], cwd=tmp_path, env=HERE, stderr=subprocess.DEVNULL) as parent:  # noqa: S603
        url = _told(tmp_path)
        parent.kill()
    _until((tmp_path / "ended").exists)
    _until(lambda: _is_gone(url))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_command_and_what_it_has_started_end_when_we_are_ended(tmp_path: Path, number: signal.Signals) -> None:
    _, *code = python(WAITS)
    command = [sys.executable, "-m", "watchword", "exec", "--", "sh", "-c", '"$0" "$@"; true', *code]
    with subprocess.Popen(  # noqa: S603
        command,
        cwd=tmp_path,
        env=HERE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # a terminal would have one process group for all
    ) as ours:
        url = _told(tmp_path)
        ours.send_signal(number)
    _until((tmp_path / "ended").exists)
    _until(lambda: _is_gone(url))


SHELL = """
import os, pathlib, signal, subprocess, sys, termios, fcntl, time
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
job = subprocess.Popen(sys.argv[1:], process_group=0)  # &
while not pathlib.Path("url").exists():
    time.sleep(0.05)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
os.tcsetpgrp(0, job.pid)  # fg
pathlib.Path("fg").touch()
sys.exit(job.wait())
"""


def test_ctrl_c_reaches_a_command_that_a_shell_has_brought_to_the_foreground(tmp_path: Path) -> None:
    ends = python(WAITS.replace("SIGTERM", "SIGINT"))
    keyboard, terminal = pty.openpty()
    try:
        with subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", SHELL, sys.executable, "-m", "watchword", "exec", *ends],
            cwd=tmp_path,
            env=HERE,
            stdin=terminal,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as shell:
            try:
                _until((tmp_path / "fg").exists)
                os.write(keyboard, b"\x03")
                assert shell.wait(60) == 9
            finally:
                shell.kill()  # what is left hangs up with it
    finally:
        os.close(keyboard)
        os.close(terminal)


def _told(folder: Path) -> str:
    _until((folder / "url").exists)
    return (folder / "url").read_text()


def _is_gone(url: str) -> bool:
    try:
        httpx.get(f"{url}/__admin/health")
    except httpx.TransportError:
        return True
    return False


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
