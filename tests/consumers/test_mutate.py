"""``watchword mutate``: what tests notice, what they do not, and what cannot be tried."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import httpx
import pytest

from tests.cli.commands import run

HERE = {name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD")}
STARTS = """
import json, os, pathlib, sys, time, urllib.error, urllib.request
def post(path, body):
    headers = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH==", "Content-Type": "application/json"}
    asked = urllib.request.Request(os.environ["WATCHWORD_URL"] + path, json.dumps(body).encode(), headers)
    try:
        return urllib.request.urlopen(asked).status
    except urllib.error.HTTPError as error:
        return error.code
def validate(password):
    return post("/multi/passwords/validate", {"password": {"value": password}})
"""
TESTS = STARTS + "assert (validate('Quiet-river-42'), validate('Quiet-1')) == (204, 409)"
README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
(COMMAND,) = re.findall(r"^watchword (mutate .*) -- npm test$", README, re.MULTILINE)
LENGTH = ("--mutants=weavr.password.length/gone", "--mutants=weavr.password.length/PasswordTooShort-code")


def mutate(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "watchword", *words], cwd=folder, env=HERE, capture_output=True, text=True, check=False
    )


def test_the_command_of_the_readme_tells_what_nobody_notices(tmp_path: Path) -> None:
    flags = (*COMMAND.split(), *LENGTH, "--jobs=2", "--resume=so-far.json", "--report=json=found.json,junit=found.xml")
    ran = mutate(tmp_path, *flags, "--", sys.executable, "-c", TESTS)
    assert ran.returncode == 1, ran.stderr
    found = json.loads((tmp_path / "found.json").read_text())
    verdicts = {one["id"].partition("/")[2]: one["verdict"] for one in found["mutants"]}
    assert verdicts == {"gone": "noticed", "PasswordTooShort-code": "unnoticed"}
    assert ran.stdout.endswith("1 of 2 mistakes noticed (50 %).\n")
    assert "NOT NOTICED  A password has 8 to 30 characters" in ran.stdout
    assert len(list(Xml.parse(tmp_path / "found.xml").getroot().iter("failure"))) == 1  # noqa: S314  # our own
    for file in ("mutants.md", "mutants.html"):
        assert "PASSWORD_TOO_SHORT is answered with" in (tmp_path / file).read_text()
    other = mutate(tmp_path, *flags, "--", sys.executable, "-c", "")
    assert other.returncode == 2
    assert "so-far.json is of another command, other flags or another release" in other.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--report", "pdf=x.pdf"), "'pdf=x.pdf': write FORM=FILE; the forms are json, junit, md, html."),
        (("--operations", "weavr_mlti.*"), "No operation fits one of the patterns."),
    ],
)
def test_what_cannot_be_read_is_told_before_anything_runs(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    ran = run(tmp_path, "mutate", *words, "--", sys.executable, "-c", "open('ran', 'w')")
    assert ran.exit_code == 2
    assert said in " ".join(ran.output.split())
    assert not (tmp_path / "ran").exists()


def test_a_command_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    ran = mutate(tmp_path, "mutate", "--", "./no-such-program")
    assert (ran.returncode, "there is no command './no-such-program'" in ran.stderr) == (2, True)


WAITS = (
    STARTS
    + """
import subprocess
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
pathlib.Path("part").write_text(os.environ["WATCHWORD_URL"] + " " + str(child.pid))
pathlib.Path("part").rename("began")
time.sleep(60)
"""
)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 128 + signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_nothing_stays_behind_after_a_signal(tmp_path: Path, number: signal.Signals, code: int) -> None:
    command = [sys.executable, "-m", "watchword", "mutate", "--", sys.executable, "-c", WAITS]
    with subprocess.Popen(command, cwd=tmp_path, env=HERE, stderr=subprocess.DEVNULL) as ours:  # noqa: S603
        _until((tmp_path / "began").exists)
        url, child = (tmp_path / "began").read_text().split()
        ours.send_signal(number)
        assert ours.wait(60) == code
    _until(lambda: _is_gone(url))
    _until(lambda: _has_ended(child))


def _is_gone(url: str) -> bool:
    try:
        httpx.get(f"{url}/__admin/health")
    except httpx.TransportError:
        return True
    return False


def _has_ended(process: str) -> bool:
    try:
        return not Path(f"/proc/{process}/cmdline").read_bytes()  # nobody has waited for it yet
    except OSError:
        return True


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
