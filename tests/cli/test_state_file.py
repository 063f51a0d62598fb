"""A sandbox in a file: serve --import, serve --export-on-exit, and export state."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from click.testing import Result

from tests.cli.commands import refused, run, write
from tests.serving import Served, serving

API_KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}
PASSWORD = "Harbour-7-lamp"  # of the seed data


def log_in(served: Served) -> str:
    body = {"email": "ada@multi.example", "password": {"value": PASSWORD}}
    return str(httpx.post(f"{served.url}/multi/login_with_password", json=body, headers=API_KEY).json()["token"])


def users(served: Served, token: str) -> tuple[int, bytes]:
    answer = httpx.get(f"{served.url}/multi/users", headers={**API_KEY, "auth-token": token})
    return answer.status_code, answer.content


class Reported(NamedTuple):
    """
    A server whose sandbox was exported.

    Args:
        token: Of somebody who had logged in before.
        next_token: Of the next log-in.
    """

    token: str
    next_token: str
    users: tuple[int, bytes]
    by_command: Path
    on_exit: Path
    exported: Result
    shown: Result
    unknown: Result
    people: Result


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Reported:
    folder = tmp_path_factory.mktemp("reported")
    by_command, on_exit = folder / "by-command.json", folder / "on-exit.json"
    with serving(folder, "--export-on-exit", str(on_exit)) as served:
        httpx.put(f"{served.url}/__admin/clock", json={"action": "freeze"})
        token = log_in(served)
        exported = run(folder, "export", "state", "--url", served.url, "--journal", "-o", str(by_command))
        shown = run(folder, "export", "state", "--url", served.url)
        unknown = run(folder, "export", "state", "--url", served.url, "--sandbox", "defautl")
        people = run(folder, "people", "--url", served.url, "--system", "weavr_multi", "--json")
        later, seen = log_in(served), users(served, token)
        return Reported(token, later, seen, by_command, on_exit, exported, shown, unknown, people)


@pytest.mark.parametrize("which", ["by_command", "on_exit"])
def test_a_server_that_starts_with_an_export_goes_on_from_there(reported: Reported, tmp_path: Path, which: str) -> None:
    file, again = getattr(reported, which), tmp_path / "again.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_bytes().startswith(b'{\n  "warning": "For tests only.')
    with serving(tmp_path, "--import", str(file), "--seed", "7", "--export-on-exit", str(again)) as served:
        if which == "by_command":
            assert log_in(served) == reported.next_token
        assert users(served, reported.token) == reported.users
    if which == "by_command":
        # By now the same has happened here and there.
        written, expected = (json.loads(one.read_bytes()) for one in (again, reported.on_exit))
        assert {**written, "exportedAt": ""} == {**expected, "exportedAt": ""}


def test_a_sandbox_is_shown_or_written_with_its_journal(reported: Reported) -> None:
    assert (reported.exported.exit_code, reported.exported.output) == (0, "")
    assert json.loads(reported.shown.output)["warning"].startswith("For tests only.")
    written = json.loads(reported.by_command.read_bytes())
    assert [one["operation"] for one in written["journal"]] == ["weavr_multi.login_with_password"]
    assert PASSWORD not in str(written)


REFUSED: dict[str, tuple[str, str]] = {
    "no JSON": ('{\n"format": 1,\n}', "bad.json, line 2, column 12: this is not JSON"),
    "no export": ("[]", "bad.json: This is no sandbox that this server could have"),
    "a later release": ('{"format": 2, "version": "9.0.0"}', "This sandbox has format 2, of Watchword 9.0.0"),
    "a wrong record": ("records", "records.weavr_users.4711.email: is required"),
}


@pytest.mark.parametrize(("text", "told"), REFUSED.values(), ids=REFUSED)
@pytest.mark.usefixtures("logging_as_before")
def test_a_file_that_does_not_fit_refuses_the_start_and_says_where(
    reported: Reported, tmp_path: Path, text: str, told: str
) -> None:
    if text == "records":
        whole: Any = json.loads(reported.by_command.read_bytes())
        whole["records"]["weavr_users"]["4711"] = {"id": "4711"}
        text = json.dumps(whole)
    file = write(tmp_path / "bad.json", text)
    ran = run(tmp_path, "serve", "--port", "0", "--import", file)
    assert (ran.exit_code, told in ran.output, "--import" in ran.output) == (2, True, True)


def test_people_of_a_running_server_are_listed_as_they_are_now(reported: Reported) -> None:
    listed = {one["name"]: one for one in json.loads(reported.people.stdout)}
    assert {one["system"] for one in listed.values()} == {"weavr_multi"}
    assert any(one["expiresAt"] for one in listed["ada"]["state"]["tokens"])  # who had logged in


def test_a_sandbox_that_does_not_exist_is_not_exported(reported: Reported) -> None:
    assert reported.unknown.exit_code == 2
    assert "There is no sandbox 'defautl'. Nearest: default." in reported.unknown.output


@pytest.mark.parametrize("path", [".", "nowhere/state.json", "/proc/state.json"])
@pytest.mark.usefixtures("logging_as_before")
def test_a_file_that_cannot_be_written_refuses_the_start(tmp_path: Path, path: str) -> None:
    ran = refused(tmp_path, "--export-on-exit", path)
    assert (ran.exit_code, "--export-on-exit" in ran.output) == (2, True)


def test_an_export_that_fails_at_the_end_is_told(tmp_path: Path) -> None:
    file = tmp_path / "gone" / "state.json"
    file.parent.mkdir()
    with serving(tmp_path, "--export-on-exit", str(file)) as served:
        file.parent.rmdir()
    assert served.process.returncode == 1
    assert "The sandbox was not exported" in served.log.read_text(encoding="utf-8")
