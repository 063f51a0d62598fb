"""``watchword lint``."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.commands import run, write

SHOP = """\
openapi: 3.0.3
info: {title: Shop, version: "1"}
paths:
  /login:
    post:
      operationId: shop.login
      requestBody: {$ref: bodies.yaml#/Login}
      responses: {"204": {description: done}}
"""
BODIES = """\
Login:
  content:
    application/json:
      schema:
        type: object
        properties:
          name: {type: string}
          password: {type: string}
"""
FOUND = "bodies.yaml:8:11 warning secret-not-marked: password has the name of a secret, and no format: password."
SPECTRAL = """\
#!/bin/sh
echo '[{"code": "info-contact", "path": ["info"], "message": "Info must have a contact.", "severity": 1}]'
exit 1
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    write(tmp_path / "shop.yaml", SHOP)
    write(tmp_path / "bodies.yaml", BODIES)
    return tmp_path


def test_a_finding_is_told_at_its_place_in_the_file_that_somebody_wrote(shop: Path) -> None:
    ended = run(shop, "lint", "shop.yaml", "--no-spectral")
    assert ended.output.splitlines() == [FOUND, "1 warning."]
    assert ended.exit_code == 0


def test_a_fault_that_the_document_brings_has_to_meet_a_request(shop: Path) -> None:
    fault = "[{match: {operation: shop.logout}, fault: {delay: {fixed: 3s}}}]"
    write(shop / "shop.yaml", f"{SHOP}x-watchword-faults: {fault}\n")
    ended = run(shop, "lint", "shop.yaml", "--no-spectral")
    assert ended.exit_code == 2
    assert "shop.yaml:9:31: x-watchword-faults: fault 1: match.operation: 'shop.logout' is not" in ended.output


@pytest.mark.parametrize(
    ("person", "flags", "code"),
    [
        ("alice", ["--people", "team.yaml"], 0),
        ("ada", ["--people", "team.yaml"], 0),
        ("alicia", ["--people", "team.yaml"], 2),
        ("alicia", [], 0),
    ],
)
def test_a_fault_is_for_somebody_of_the_team_if_the_team_is_given(
    person: str, flags: list[str], code: int, tmp_path: Path
) -> None:
    write(tmp_path / "team.yaml", "people: [{system: weavr_multi, name: alice, like: hilda}]")
    fault = f"[{{match: {{person: {person}}}, fault: {{delay: {{fixed: 3s}}}}}}]"
    action = f"actions:\n- target: $\n  update: {{x-watchword-faults: {fault}}}\n"
    write(tmp_path / "slow.yaml", f"overlay: 1.0.0\ninfo: {{title: Slow, version: '1'}}\n{action}")
    ended = run(tmp_path, "lint", "--no-spectral", "--overlay", "slow.yaml", *flags)
    problem = "slow.yaml:5:42: x-watchword-faults: fault 1: match.person: 'alicia' is nobody here; nearest: alice"
    assert (ended.exit_code, problem in ended.output) == (code, code == 2)


def test_a_file_of_people_that_cannot_be_used_is_told(shop: Path) -> None:
    write(shop / "team.yaml", "people: [{system: weavr_multi, name: ada}]")
    ended = run(shop, "lint", "shop.yaml", "--no-spectral", "--people", "team.yaml")
    assert ended.exit_code == 2
    assert "--people: team.yaml:1:32: people.0.name: somebody of weavr_multi is called 'ada' already." in ended.output


def test_the_severity_that_fails_can_be_chosen(shop: Path) -> None:
    assert run(shop, "lint", "shop.yaml", "--no-spectral", "--fail-on", "warning").exit_code == 1


def test_a_finding_with_a_reason_beside_its_place_is_accepted(shop: Path) -> None:
    write(shop / "bodies.yaml", BODIES + "      x-lint-ignore: {secret-not-marked: It is a game.}\n")
    ended = run(shop, "lint", "shop.yaml", "--no-spectral", "--fail-on", "info")
    assert (ended.output, ended.exit_code) == ("No findings (1 accepted).\n", 0)


def test_what_one_run_found_is_the_baseline_of_the_next_wherever_it_has_moved(shop: Path) -> None:
    assert run(shop, "lint", "shop.yaml", "--no-spectral", "--write-baseline", "base.json").exit_code == 0
    write(shop / "bodies.yaml", "# moved\n" + BODIES.replace("name: {type: string}", "token: {type: string}"))
    ended = run(shop, "lint", "shop.yaml", "--no-spectral", "--fail-on", "warning", "--baseline", "base.json")
    assert ended.output.splitlines() == [
        "bodies.yaml:8:11 warning secret-not-marked: token has the name of a secret, and no format: password.",
        "1 warning (1 accepted).",
    ]
    assert ended.exit_code == 1


def test_what_an_overlay_writes_is_found_in_the_overlay(shop: Path) -> None:
    action = {"target": "$.components.requestBodies.Login.content['application/json'].schema"}
    overlay = {"overlay": "1.0.0", "info": {"title": "x", "version": "1"}, "actions": [
        {**action, "update": {"properties": {"password": {"format": "password"}, "otp": {"type": "string"}}}},
    ]}  # fmt: skip
    write(shop / "overlay.json", json.dumps(overlay, indent=1))
    ended = run(shop, "lint", "shop.yaml", "--overlay", "overlay.json", "--no-spectral")
    assert ended.output.startswith("overlay.json:15:6 warning secret-not-marked: otp has")


def test_github_and_reports_say_the_same(shop: Path) -> None:
    ended = run(
        shop, "lint", "shop.yaml", "--no-spectral", "--format", "github", "--report", "json=a.json,sarif=a.sarif"
    )
    assert ended.output.startswith("::warning file=bodies.yaml,line=8,col=11,title=watchword secret-not-marked::")
    (one,) = json.loads((shop / "a.json").read_text())["findings"]
    (run_,) = json.loads((shop / "a.sarif").read_text())["runs"]
    assert run_["results"][0]["partialFingerprints"]["watchword/v1"] == one["fingerprint"]


def test_checks_are_listed_with_severity_and_reason(tmp_path: Path) -> None:
    listed = run(tmp_path, "lint", "--list").output
    assert "bound-contradicts-rule  (error)\n    A number that only the document has is promised" in listed


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["broken.yaml"], "openapi is missing"),
        (["shop.yaml", "--baseline", "shop.yaml"], "shop.yaml is not a JSON report of watchword lint"),
        (["shop.yaml", "--report", "html=a.html"], "the forms are json, md, sarif"),
        (["missing.yaml"], "does not exist"),
        (["shop.yaml", "--write-baseline", "/dev/full"], "the baseline /dev/full cannot be written: No space left"),
        (["shop.yaml", "--write-baseline", "-"], "'-' is not a file; write /dev/stdout"),
    ],
)
def test_what_cannot_be_looked_at_exits_with_two(words: list[str], told: str, shop: Path) -> None:
    write(shop / "broken.yaml", "info: {}\n")
    ended = run(shop, "lint", "--no-spectral", *words)
    assert ended.exit_code == 2
    assert told in ended.output


def test_spectral_is_asked_where_it_is_installed_and_said_to_be_missing_where_not(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "Spectral is not installed here" in run(shop, "lint", "shop.yaml").output
    demanded = run(shop, "lint", "shop.yaml", "--spectral")
    assert (demanded.exit_code, "npm install" in demanded.output) == (2, True)
    program = shop / "node_modules" / ".bin" / "spectral"
    program.parent.mkdir(parents=True)
    write(program, SPECTRAL)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    told = run(shop, "lint", "shop.yaml", "--spectral").output
    assert "shop.yaml:2:1 warning spectral:info-contact: Info must have a contact." in told
