"""The pytest plugin, in runs of pytest of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.consumers.conftest import RunPytest
from tests.proposals import NEXT, WHOLE
from tests.scenarios.curt import FINE, curt
from tests.serving import Served
from watchword.client import Watchword

FORGET = """
import httpx

def forget(box, **more):
    ada = box.person_named("weavr_multi", "ada")
    body = {"email": ada.login, **more}
    return httpx.post(box.url + "/multi/passwords/lost_password/start", headers=ada.headers, json=body)
"""


def test_each_test_has_a_sandbox_of_its_own_which_goes_while_its_coverage_stays(
    run_pytest: RunPytest, consumed: Served
) -> None:
    ran = run_pytest(
        FORGET
        + """
def test_one_sends_a_mail(watchword):
    assert forget(watchword).status_code == 204
    assert watchword.inbox.wait(to="ada@multi.example").codes

def test_another_has_none(watchword, watchword_server):
    assert watchword.inbox.all() == []
    assert watchword.server is watchword_server
"""
    )
    assert ran.returncode == 0, ran.stdout
    names = [one["name"] for one in httpx.get(f"{consumed.url}/__admin/sandboxes").json()["sandboxes"]]
    assert not [name for name in names if "one-sends-a-mail" in name]
    counted = Watchword(consumed.url).coverage(sandbox="*one-sends-a-mail*")
    assert counted["requests"] == 1


def test_a_failing_test_shows_its_requests_with_reasons_and_without_secrets(run_pytest: RunPytest) -> None:
    ran = run_pytest(
        """
import httpx

def test_fails(watchword):
    dario = watchword.person_named("weavr_multi", "dario")
    body = {"oldPassword": {"value": "Wrong-Secret-" + "42"}, "newPassword": {"value": "Quiet-river-42"}}
    status = httpx.post(watchword.url + "/passwords/update", headers=dario.headers, json=body).status_code
    assert status == 200
"""
    )
    assert ran.returncode == 1
    assert "POST /passwords/update 409  dario" in ran.stdout, ran.stdout
    assert "    409 PASSWORD_INCORRECT: " in ran.stdout, ran.stdout
    assert "Wrong-Secret-42" not in ran.stdout, ran.stdout


def test_every_sandbox_of_a_run_chooses_the_proposal_that_an_option_names(run_pytest: RunPytest) -> None:
    code = """
import httpx

def test_asks(watchword):
    assert httpx.get(watchword.url + "/countries").status_code == 200
"""
    assert run_pytest(code).returncode == 1
    ran = run_pytest(code, "--watchword-proposal", "next")
    assert ran.returncode == 0, ran.stdout


def test_strict_fails_a_test_that_sent_something_outside_the_document(run_pytest: RunPytest) -> None:
    code = FORGET + "\ndef test_sends_more(watchword):\n    forget(watchword, emial=1)\n"
    assert run_pytest(code).returncode == 0
    ran = run_pytest(code, "--watchword-strict")
    assert "1 failed" in ran.stdout, ran.stdout
    assert "undocumented: POST /multi/passwords/lost_password/start body /emial: is not known here" in ran.stdout, (
        ran.stdout
    )


def test_coverage_is_written_and_too_little_fails_the_run(run_pytest: RunPytest, tmp_path: Path) -> None:
    code = FORGET + "\ndef test_reaches(watchword):\n    forget(watchword)\n"
    operations = ("weavr_multi.validate_password", "--watchword-operations", "weavr_multi.start_lost_password")
    flags = ("--watchword-operations", *operations, "--watchword-coverage")
    enough = run_pytest(code, *flags, "coverage.json", "--watchword-min-coverage", "3")
    assert enough.returncode == 0, enough.stdout
    counted = {one["id"]: one["requests"] for one in json.loads((tmp_path / "coverage.json").read_text())["operations"]}
    assert set(counted) == {"weavr_multi.validate_password", "weavr_multi.start_lost_password"}
    assert counted["weavr_multi.start_lost_password"] >= 1
    several = ("coverage.md", "--watchword-coverage", "coverage.html")
    too_little = run_pytest(code, *flags, *several, "--watchword-min-coverage", "99.5")
    assert too_little.returncode == 1
    assert "of the documented answers were reached, not 99.5 %." in too_little.stdout
    assert (tmp_path / "coverage.html").read_text().startswith("<!doctype html>")
    assert "start_lost_password" in (tmp_path / "coverage.md").read_text()


def test_workers_of_xdist_that_reach_too_little_of_a_running_server_fail_the_run(run_pytest: RunPytest) -> None:
    code = FORGET + "\ndef test_reaches(watchword):\n    forget(watchword)\n"
    ran = run_pytest(code, "-n", "1", "--watchword-min-coverage", "99.5")
    assert ran.returncode == 1, ran.stdout
    assert "not counted: nothing of" in ran.stdout
    assert "of the documented answers were reached, not 99.5 %." in ran.stdout


def test_a_run_that_has_to_reach_something_and_does_not_ask_fails(run_pytest: RunPytest, tmp_path: Path) -> None:
    flags = ("--watchword-min-coverage", "99.5", "--watchword-coverage", "coverage.txt")
    ran = run_pytest("def test_nothing(): pass\n", *flags)
    assert ran.returncode == 1, ran.stdout
    assert "No test asked for the fixture." in ran.stdout
    assert "documented answers reached" in (tmp_path / "coverage.txt").read_text()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:9", "http://127.0.0.1:9 does not answer"),
        ("localhost:7070", "the address of a server begins with http:// or https://"),
    ],
)
def test_a_run_whose_coverage_cannot_be_told_fails(run_pytest: RunPytest, url: str, said: str) -> None:
    ran = run_pytest("def test_nothing(): pass\n", "--watchword-min-coverage", "1", url=url)
    assert ran.returncode == 1, ran.stdout
    assert f"FAILED: it cannot be told what was reached: {said}" in ran.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_given_server_that_does_not_answer_is_refused_once_before_the_first_test(
    run_pytest: RunPytest, workers: tuple[str, ...]
) -> None:
    code = "def test_asks(watchword): pass\ndef test_asks_too(watchword): pass\n"
    ran = run_pytest(code, *workers, "--watchword-min-coverage", "1", url="http://127.0.0.1:9")
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    said = "ERROR: --watchword-url: http://127.0.0.1:9 does not answer (Connection refused)."
    assert ran.stderr.strip() == f"{said} Is it a running 'watchword serve'?"
    assert "no tests ran" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "FAILED" not in ran.stdout


def test_a_given_server_that_is_no_watchword_is_refused_before_the_first_test(run_pytest: RunPytest) -> None:
    with curt(FINE) as server:
        ran = run_pytest("def test_asks(watchword): pass\n", url=server.url)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert "--watchword-url: what answers there is not a running 'watchword serve'" in ran.stderr


def test_a_given_server_that_does_not_answer_matters_to_nobody_who_does_not_ask(run_pytest: RunPytest) -> None:
    ran = run_pytest("def test_nothing(): pass\n", url="http://127.0.0.1:9")
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_an_own_server_that_does_not_start_is_told_once_before_the_first_test(
    run_pytest: RunPytest, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    (tmp_path / "watchword.toml").write_text("colour = 1\n", encoding="utf-8")
    code = "def test_asks(watchword): pass\ndef test_asks_too(watchword): pass\n"
    ran = run_pytest(code, *workers, "--watchword-min-coverage", "1", url=None)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert ran.stderr.startswith("ERROR: watchword serve did not start:\n")
    assert ran.stderr.count("colour") == 1
    assert "no tests ran" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "FAILED" not in ran.stdout


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
@pytest.mark.parametrize(
    ("option", "name", "said"),
    [
        ("--watchword-proposal", "nope", "This server has no proposal 'nope'. There are: next."),
        ("--watchword-operations", "weavr_multi.x*", "No operation fits one of the patterns. Write ids of the"),
    ],
)
def test_an_option_that_names_what_the_server_does_not_have_is_refused_once_before_the_first_test(
    run_pytest: RunPytest, workers: tuple[str, ...], option: str, name: str, said: str
) -> None:
    code = "def test_asks(watchword): pass\ndef test_asks_too(watchword): pass\n"
    ran = run_pytest(code, *workers, option, name)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert ran.stderr.startswith(f"ERROR: {option}: {said}")
    assert ran.stderr.count(said) == 1
    assert "no tests ran" in ran.stdout


def test_the_operations_of_an_option_may_be_those_of_a_proposal(run_pytest: RunPytest, tmp_path: Path) -> None:
    (tmp_path / "next.yaml").write_text(NEXT, encoding="utf-8")
    (tmp_path / "watchword.toml").write_text('proposal = ["next=next.yaml"]\n', encoding="utf-8")
    code = "import httpx\ndef test_asks(watchword): httpx.get(watchword.url + '/countries')\n"
    ran = run_pytest(code, "--watchword-proposal", "next", "--watchword-operations", "fifth.*", url=None)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 of 1 operations called" in ran.stdout


def test_operations_that_only_todays_document_has_are_refused_before_the_first_test_by_a_proposal(
    run_pytest: RunPytest, tmp_path: Path
) -> None:
    (tmp_path / "whole.yaml").write_text(WHOLE, encoding="utf-8")
    (tmp_path / "watchword.toml").write_text('proposal = ["whole=whole.yaml"]\n', encoding="utf-8")
    operations = ("--watchword-operations", "weavr_multi.logout")
    ran = run_pytest("def test_asks(watchword): pass\n", "--watchword-proposal", "whole", *operations, url=None)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert ran.stderr.startswith("ERROR: --watchword-operations: No operation fits one of the patterns.")
    assert "no tests ran" in ran.stdout


def test_an_own_server_that_a_running_test_asks_for_in_vain_ends_the_run(run_pytest: RunPytest, tmp_path: Path) -> None:
    (tmp_path / "watchword.toml").write_text("colour = 1\n", encoding="utf-8")
    code = "def test_asks(request): request.getfixturevalue('watchword')\n"
    ran = run_pytest(f"{code}def test_another(): pass\n", url=None)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert "Exit: watchword serve did not start" in ran.stdout
    assert "passed" not in ran.stdout


@pytest.mark.parametrize(
    "flags",
    [
        ("--watchword-coverage", "coverage.pdf"),
        ("--watchword-coverage", "nowhere/coverage.md"),
        ("--watchword-min-coverage", "much"),
    ],
)
def test_an_option_that_cannot_be_read_stops_the_run(run_pytest: RunPytest, flags: tuple[str, str]) -> None:
    ran = run_pytest("def test_nothing(): pass\n", *flags)
    assert ran.returncode == 4
    assert flags[1] in ran.stderr


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_file_of_coverage_that_cannot_be_written_stops_the_run_before_its_tests(
    run_pytest: RunPytest, tmp_path: Path, workers: tuple[str, ...]
) -> None:
    (tmp_path / "first.json").write_text("before")
    (tmp_path / "taken.json").mkdir()
    files = ("--watchword-coverage", "first.json", "--watchword-coverage", "taken.json")
    ran = run_pytest("def test_nothing(): pass\n", *workers, *files)
    assert ran.returncode == pytest.ExitCode.USAGE_ERROR, ran.stdout
    assert ran.stderr.strip() == "ERROR: --watchword-coverage taken.json: 'taken.json' is a directory."
    assert "passed" not in ran.stdout
    assert (tmp_path / "first.json").read_text() == "before"


def test_a_run_that_does_not_ask_loads_nothing_of_it(run_pytest: RunPytest) -> None:
    code = """
import subprocess, sys

def test_nothing():
    loaded = [name for name in sys.modules if name.startswith("watchword.")]
    assert all(name.startswith("watchword.pytest_plugin") for name in loaded), loaded
"""
    ran = run_pytest(code, "--watchword-min-coverage", "0", url=None)
    assert ran.returncode == 0, ran.stdout
    assert "Watchword" not in ran.stdout, ran.stdout


def test_workers_of_xdist_share_one_server_which_ends_with_the_run(run_pytest: RunPytest, tmp_path: Path) -> None:
    code = FORGET + (
        "import pathlib, pytest\n"
        "@pytest.mark.parametrize('number', range(4))\n"
        "def test_tells(watchword, number, worker_id):\n"
        "    forget(watchword)\n"
        "    pathlib.Path(f'{number}.txt').write_text(f'{watchword.server.url} {worker_id}')\n"
    )
    ran = run_pytest(code, "-n", "2", url=None)
    assert ran.returncode == 0, ran.stdout
    assert ", 4 requests" in ran.stdout, ran.stdout
    told = [(tmp_path / f"{number}.txt").read_text().split() for number in range(4)]
    assert {worker for _, worker in told} == {"gw0", "gw1"}
    (url,) = {url for url, _ in told}
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


def test_the_server_ends_when_the_run_is_killed(tmp_path: Path) -> None:
    code = (
        "import pathlib, time\n"
        "def test_waits(watchword):\n"
        "    pathlib.Path('url.part').write_text(watchword.server.url)\n"
        "    pathlib.Path('url.part').rename('url')\n"
        "    time.sleep(60)\n"
    )
    (tmp_path / "test_consumer.py").write_text(code, encoding="utf-8")
    told = tmp_path / "url"
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("WATCHWORD")},
        stdout=subprocess.DEVNULL,
    ) as run:
        _until(told.exists)
        url = told.read_text()
        assert httpx.get(f"{url}/__admin/health").status_code == 200
        run.send_signal(signal.SIGKILL)
    _until(lambda: _is_gone(url))


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


def test_the_test_of_the_readme_passes(run_pytest: RunPytest) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(# test_forgot_password.py\n.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    ran = run_pytest(code, "--watchword-strict")
    assert ran.returncode == 0, ran.stdout
