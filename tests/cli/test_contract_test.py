"""``watchword test``."""

import json
import os
import re
import select
import signal
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner, Result

from tests.cli.commands import start
from tests.scenarios.curt import SILENCE, curt
from tests.scenarios.other_multi import serving_other_multi, write_bindings
from tests.serving import serving
from watchword.cli.main import cli
from watchword.contract.bindings import read_bindings
from watchword.contract.reports import REPORTS
from watchword.contract.subjects import SUBJECTS
from watchword.resources import folder

MULTI = ("--system", "weavr_multi")
REFUSAL = (
    b"HTTP/1.1 401 Unauthorized\r\nContent-Type: application/problem+json\r\nContent-Length: 25\r\n\r\n"
    b'{"code":"token-required"}'
)
"""What a server that is not a Watchword answers without a token."""
PERSON = '[people.member]\nid = "1"\nlogin = "mila@example.com"\npassword = "Teapot-12-blue"\n'
HOOK = '[hooks.reset]\nrequest = "POST /test/reset"\n'


def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
    """Run the command; what is asked about the document is a test of its own."""
    return CliRunner().invoke(cli, ["test", "--document-requests", "0", *arguments], env=env)


@pytest.fixture
def bindings(tmp_path: Path) -> Path:
    """The bindings of somebody else's server."""
    file = tmp_path / "bindings.toml"
    file.write_text(write_bindings(), encoding="utf-8")
    return file


def last_line(result: Result) -> str:
    """Read what the run amounts to."""
    return result.stdout.strip().splitlines()[-1]


def test_another_watchword_needs_no_bindings_keeps_every_rule_and_loses_its_sandbox(tmp_path: Path) -> None:
    token = ("--token", "Clover-66")
    with serving(tmp_path, "--admin-token", token[1]) as served:
        without = run(served.url, *MULTI)
        assert (without.exit_code, "give it with --token" in without.stderr) == (2, True)
        for system, kept in (("weavr_multi", 55), ("weavr_payment_run", 57), ("entrust", 41)):
            result = run(served.url, "--system", system, "--walks", "2", "--random-seed", "1", *token)
            assert (result.exit_code, result.stderr.count("broken: ")) == (0, 0), result.output
            assert last_line(result).startswith(f"{kept} rules kept, 0 broken, 0 not testable; ")


def test_a_broken_rule_is_told_reported_in_every_form_and_accepted_by_a_baseline(
    bindings: Path, tmp_path: Path
) -> None:
    files = {form: tmp_path / f"report.{form}" for form in ("json", "junit", "md", "html", "sarif")}
    reports = ",".join(f"{form}={path}" for form, path in files.items())
    common = (*MULTI, "--bindings", str(bindings), "--walks", "0")
    with serving_other_multi() as (url, multi):
        multi.defect = "31 characters are accepted"
        broken = run(url, *common, "--report", reports)
        accepted = run(url, *common, "--baseline", str(files["json"]))
    assert broken.exit_code == 1
    assert "1 broken" in last_line(broken)
    assert "weavr.password.length (documented" in broken.stdout
    found = json.loads(files["json"].read_text())
    first = found["findings"][0]
    assert first["bodies"]["should"] == {"errorCode": "PASSWORD_TOO_LONG"}
    for form in ("md", "html", "sarif"):
        assert first["title"] in files[form].read_text()
        assert first["title"] == first["scenario"] != first["sentence"]
    assert f"BROKEN  {first['title']}\n" in broken.stdout
    assert f"broken: {first['title']} ({first['operation']}: status was " in broken.stderr
    assert "should be 409 PASSWORD_TOO_LONG)" in broken.stderr
    assert found["broken"] == ["weavr.password.length"]
    assert int(Xml.fromstring(files["junit"].read_text()).get("failures", "0")) >= 1  # noqa: S314  # our own file
    results = json.loads(files["sarif"].read_text())["runs"][0]["results"]
    assert {one["ruleId"] for one in results} == {"weavr.password.length"}
    lines = [one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in results]
    assert all(bindings.read_text().splitlines()[line - 1].startswith("[people.") for line in lines)
    described = results[0]["relatedLocations"][0]["physicalLocation"]
    document = folder("openapi").parent / described["artifactLocation"]["uri"]
    operation = results[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert operation in document.read_text(encoding="utf-8").splitlines()[described["region"]["startLine"] - 1]
    assert found["findings"][0]["fingerprint"] in files["md"].read_text()
    assert "weavr.password.length" in files["html"].read_text()
    assert (accepted.exit_code, "0 broken, 1 accepted" in last_line(accepted)) == (0, True)


def test_a_way_of_a_server_is_told_once_and_accepted_by_the_lines_that_the_finding_names(bindings: Path) -> None:
    common = (*MULTI, "--bindings", str(bindings), "--walks", "0")
    with serving_other_multi() as (url, multi):
        multi.ways = ("errors have a trace",)
        told = run(url, *common)
        _, _, lines = told.stdout.partition("to live with it, add to the bindings:\n")
        entry = "\n".join(line for line in lines.splitlines() if line.startswith("      "))
        typo = entry.replace("body/trace", "body/track")
        bindings.write_text(f"{bindings.read_text()}\n{entry}\n{typo}", encoding="utf-8")
        accepted = run(url, *common)
    assert (told.exit_code, told.stdout.count("BROKEN  ")) == (1, 1), told.stdout
    assert re.search(r"    Seen in \d\d scenarios, which end there; shortest: ", told.stdout)
    assert (accepted.exit_code, accepted.stdout.count("ACCEPTED  ")) == (0, 1), accepted.output
    assert last_line(accepted).startswith("42 rules kept, 0 broken, 13 not testable (")
    assert "nothing was found that [[accepted]] with place body/track covers" in accepted.stderr


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    result = run("http://mila:Kettle-34@127.0.0.1:9", *MULTI)
    assert (result.exit_code, "Authorization = " in result.stderr) == (2, True)
    assert "Kettle" not in result.output


def test_a_server_that_dies_ends_the_run_and_what_was_found_is_reported(bindings: Path, tmp_path: Path) -> None:
    files = {form: tmp_path / f"report.{form}" for form in REPORTS}
    reports = ",".join(f"{form}={path}" for form, path in files.items())
    with serving_other_multi() as (url, multi):
        multi.defect, multi.answers_left = "31 characters are accepted", 60
        result = run(url, *MULTI, "--bindings", str(bindings), "--report", reports)
    assert (result.exit_code, "weavr.password.length (documented" in result.stdout) == (2, True), result.output
    assert f"ended early: {url} does not answer POST /" in last_line(result)
    found = json.loads(files["json"].read_text())
    assert (found["broken"], "does not answer" in found["endedEarly"]) == (["weavr.password.length"], True)
    assert "the run ended early" in {one["skipped"] for one in found["scenarios"]}
    subject = SUBJECTS["weavr_multi"]
    told = [*subject.tell(), *(one.scenario for one in subject.tell_races())]
    assert [one["name"] for one in found["scenarios"]] == [one.name for one in told]
    junit = Xml.fromstring(files["junit"].read_text())  # noqa: S314  # our own file
    assert (junit.get("errors"), junit.get("tests")) == ("1", str(len(told) + 3))
    drawn = [one for one in junit if one.get("classname") in ("document", "walks")]
    assert [[part.get("message") for part in one] for one in drawn] == [["the run ended early"]] * 2
    assert "ended early" in files["md"].read_text()
    assert "ended early" in files["html"].read_text()
    invocations = json.loads(files["sarif"].read_text())["runs"][0]["invocations"]
    assert [one["executionSuccessful"] for one in invocations] == [False]


def test_a_report_that_cannot_be_written_at_the_end_ends_the_run_behind_its_verdict(bindings: Path) -> None:
    with serving_other_multi() as (url, multi):
        multi.answers_left = 60
        result = run(url, *MULTI, "--bindings", str(bindings), "--report", "json=/dev/full")
    assert (result.exit_code, "ended early" in last_line(result)) == (2, True), result.output
    assert "the report json=/dev/full cannot be written: No space left on device" in result.stderr


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    endless, nowhere, long = tmp_path / "endless", tmp_path / "nowhere", tmp_path / ("x" * 300)
    endless.symlink_to(endless)
    nowhere.symlink_to(tmp_path / "missing" / "report")
    for file, why in (
        (endless, "Too many levels of symbolic links"),
        (nowhere, "No such file or directory"),
        (long, "File name too long"),
    ):
        result = run("http://127.0.0.1:9", *MULTI, "--report", f"json={file}")
        assert result.exit_code == 2
        assert f"'json={file}': {str(file)!r} cannot be written: {why}." in result.stderr


def test_that_a_report_can_be_written_is_found_out_without_a_trace(tmp_path: Path) -> None:
    earlier, link = tmp_path / "earlier.json", tmp_path / "link.md"
    earlier.write_text("{}")
    link.symlink_to(tmp_path / "report.md")
    reports = f"json={earlier},md={link},html={tmp_path / 'report.html'}"
    assert "cannot be reached" in run("http://127.0.0.1:9", *MULTI, "--report", reports).stderr
    assert (earlier.read_text(), link.is_symlink()) == ("{}", True)
    assert {one.name for one in tmp_path.iterdir()} == {"earlier.json", "link.md"}


def test_that_a_report_can_be_written_is_not_found_out_by_opening_a_pipe(tmp_path: Path) -> None:
    """Its reader would take that for the end of the report."""
    pipe = tmp_path / "report.json"
    os.mkfifo(pipe)
    with os.fdopen(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK), "rb") as reader:
        assert "cannot be reached" in run("http://127.0.0.1:9", *MULTI, "--report", f"json={pipe}").stderr
        ends = select.poll()
        ends.register(reader, select.POLLIN)
        assert ends.poll(0) == []


def test_who_interrupts_before_anything_was_tested_breaks_no_rule() -> None:
    command = [sys.executable, "-m", "watchword", "test", "--system", "weavr_multi"]
    with curt(SILENCE) as server, subprocess.Popen([*command, server.url], stderr=subprocess.PIPE) as process:  # noqa: S603
        assert server.asked.wait(60)
        process.send_signal(signal.SIGINT)
        said = b"watchword: the run ends early, without a result: it was ended by SIGINT\n"
        assert (process.communicate()[1], process.returncode) == (said, 130)


def test_a_run_that_a_ci_cancels_tells_and_reports_what_it_has_found(bindings: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    common = (*MULTI, "--bindings", str(bindings), "--report", f"json={report}")
    with serving_other_multi() as (url, multi):
        multi.defect = "31 characters are accepted"
        with start(tmp_path, "test", *common, url) as process:
            assert process.stderr is not None
            assert process.stderr.readline().startswith("broken: ")
            process.send_signal(signal.SIGTERM)
            told, _ = process.communicate()
    assert process.returncode == 128 + signal.SIGTERM
    assert told.endswith("; ended early: it was ended by SIGTERM\n")
    found = json.loads(report.read_text())
    assert (found["broken"], found["endedEarly"]) == (["weavr.password.length"], "it was ended by SIGTERM")


def test_the_admin_token_is_told_to_no_other_server() -> None:
    with curt(REFUSAL) as server:
        foreign = run(server.url, *MULTI, "--token", "Clover-66")
    assert (foreign.exit_code, "is not a Watchword" in foreign.stderr) == (2, True)
    assert server.heard
    assert not any(b"Clover-66" in one for one in server.heard)


def test_what_cannot_be_played_is_counted_and_can_fail_the_run(bindings: Path) -> None:
    with serving_other_multi() as (url, _):
        result = run(url, *MULTI, "--bindings", str(bindings), "--walks", "0", "--max-skipped", "3")
    assert (result.exit_code, "not testable (its settings cannot be changed: " in last_line(result)) == (4, True)


def test_a_dry_run_says_who_cannot_log_in(bindings: Path) -> None:
    wrong = bindings.read_text().replace('"Teapot-12-blue"', '"$MEMBER_PASSWORD"')
    bindings.write_text(wrong, encoding="utf-8")
    with serving_other_multi() as (url, _):
        common = (url, *MULTI, "--bindings", str(bindings), "--dry-run")
        missing = run(*common)
        refused = run(*common, env={"MEMBER_PASSWORD": "Another-1-secret"})
        fine = run(*common, env={"MEMBER_PASSWORD": "Teapot-12-blue"})
    assert (missing.exit_code, refused.exit_code, fine.exit_code) == (2, 2, 0)
    assert "people.member.password: the environment has no variable MEMBER_PASSWORD" in missing.stderr
    assert "people.member: log-in was answered 403, not 200" in refused.stderr
    assert "Another-1-secret" not in refused.output
    assert fine.stdout.startswith("17 people are bound")
    missing_most = fine.stdout.splitlines()[1]
    assert re.match(r"not testable without: settings that can be changed \(\d+ scenarios\), .+ \(\d+\)", missing_most)
    costs = [int(one) for one in re.findall(r"\((\d+)", missing_most)]
    assert costs == sorted(costs, reverse=True)


def test_a_dry_run_puts_the_server_back_first_tries_every_hook_and_names_what_is_wrong(bindings: Path) -> None:
    text = bindings.read_text()
    changes = {
        "/test/clock": "/test/watch",
        "/test/mails": "/test/letters",
        "/sent": "/nowhere",
        '["list_users", "tokenise"]': '["list_usrs", "tokenise"]',
        'id = "71002"': 'id = "71009"',
    }
    with serving_other_multi() as (url, multi):
        common = (url, *MULTI, "--bindings", str(bindings), "--dry-run")
        multi.users["71002"]["passwords"] = ["Left-by-4-another-run"]
        fine = run(*common)
        assert (fine.exit_code, multi.users["71002"]["passwords"]) == (0, ["Teapot-12-blue"])
        assert multi.sessions == {}, "it leaves nobody logged in"
        for old, new in changes.items():
            text = text.replace(old, new)
        bindings.write_text(text, encoding="utf-8")
        wrong = run(*common)
    assert wrong.exit_code == 2
    told = wrong.stderr.splitlines()
    assert 'server.lacks: weavr_multi has no operation like "list_usrs"; the nearest: list_users' in told[0]
    assert "hooks.mails: GET /test/letters was answered 404." in told
    assert "hooks.clock: POST /test/watch was answered 404." in told
    assert any(re.match(r"people\.member\.id: the answer to the log-in has another one, at /", one) for one in told)


def test_a_server_that_nobody_reaches_is_told_once_and_not_for_every_hook(bindings: Path) -> None:
    result = run("http://127.0.0.1:9/multi", *MULTI, "--bindings", str(bindings))
    assert (result.exit_code, result.stderr.splitlines()) == (
        2,
        [
            "http://127.0.0.1:9/multi cannot be reached (Connection refused):"
            " check the address, and that the server is running.",
            "Error: 1 problem: nothing was tested",
        ],
    )


def test_a_command_that_puts_the_server_back_may_be_what_starts_it(bindings: Path, tmp_path: Path) -> None:
    started = tmp_path / "started"
    text = bindings.read_text().replace('request = "POST /test/reset"', f'command = ["touch", "{started}"]')
    bindings.write_text(text, encoding="utf-8")
    result = run("http://127.0.0.1:9", *MULTI, "--bindings", str(bindings))
    assert (result.exit_code, started.exists()) == (2, True), result.output


def test_a_log_in_has_to_give_a_token(bindings: Path) -> None:
    answer = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n{"token": ""}'
    text = bindings.read_text()
    bindings.write_text(text[: text.index("[hooks")], encoding="utf-8")
    with curt(answer) as server:
        result = run(server.url, *MULTI, "--bindings", str(bindings), "--dry-run")
    assert (result.exit_code, "log-in was answered 200, but there is nothing at /token" in result.stderr) == (2, True)


def test_a_run_without_a_reset_hook_says_how_much_it_played_and_that_there_are_no_walks(bindings: Path) -> None:
    text = bindings.read_text()
    bindings.write_text(text[: text.index("[hooks")], encoding="utf-8")
    with serving_other_multi() as (url, _):
        told = run(url, *MULTI, "--bindings", str(bindings)).stderr.splitlines()
    subject = SUBJECTS["weavr_multi"]
    there_are = len(subject.tell()) + len(subject.tell_races())
    words = rf"\d+ of {there_are} scenarios and races, \d+ requests; no walks: no reset hook"
    assert re.fullmatch(words, told[-1])


def test_all_that_is_wrong_with_people_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bindings.toml"
    file.write_text(f'[keys]\nmain = "1"\n{PERSON}key = "mian"\n[people.newcomer]\nidd = "1"\n', encoding="utf-8")
    result = run("http://127.0.0.1:9", *MULTI, "--bindings", str(file))
    told = [one.partition("bindings.toml: ")[2] for one in result.stderr.splitlines()]
    assert told[0] == "people.member.key: there is no key 'mian' in [keys], perhaps main is meant; there are: main"
    assert told[1].startswith("people.newcomer lacks id, login, key. ")
    assert told[2].startswith("people.newcomer.idd is not known, perhaps id is meant; there are: id, login")


@pytest.mark.parametrize("key", ["MIIEogIBAAKCAQEAnwRi", "{}", '{"keyId": "1", "key": "MIIEogIBAAKCAQEAnwRi"}'])
def test_a_file_that_is_no_key_of_a_service_user_is_refused_and_not_shown(key: str, tmp_path: Path) -> None:
    file = tmp_path / "bindings.toml"
    file.write_text('[people.signer]\nid = "1"\nkey_file = "$SIGNER_KEY"\n', encoding="utf-8")
    arguments = ("http://127.0.0.1:9", "--system", "zitadel", "--bindings", str(file))
    result = run(*arguments, env={"SIGNER_KEY": key})
    assert result.exit_code == 2
    assert "people.signer.key_file has to be the JSON of a key as the console exports it" in result.stderr
    assert "MIIEog" not in result.output


def test_a_report_shows_the_name_of_a_variable_instead_of_its_value(bindings: Path, tmp_path: Path) -> None:
    text = bindings.read_text().replace('"Teapot-12-blue"', '"$MEMBER_PASSWORD"')
    bindings.write_text(text, encoding="utf-8")
    env, report = {"MEMBER_PASSWORD": "Teapot-12-blue"}, tmp_path / "report.json"
    with serving_other_multi() as (url, multi):
        multi.defect = "the old password is not checked"
        result = run(url, *MULTI, "--bindings", str(bindings), "--walks", "0", "--report", f"json={report}", env=env)
    assert result.exit_code == 1
    assert "${MEMBER_PASSWORD}" in report.read_text()
    assert "Teapot-12-blue" not in report.read_text() + result.output


@pytest.mark.parametrize("system", SUBJECTS)
def test_the_first_bindings_file_can_be_used_as_it_is(system: str, tmp_path: Path) -> None:
    written = run("--init", "--system", system)
    first = list(SUBJECTS[system].first_roles)
    assert list(tomllib.loads(written.stdout)["people"]) == first
    file = tmp_path / "bindings.toml"
    file.write_text(written.stdout, encoding="utf-8")
    variables = re.findall(r'"\$([A-Z_]+)"', written.stdout)
    found = read_bindings(file, SUBJECTS[system], dict.fromkeys(variables, "x"))
    assert list(found.personas) == first
    assert "x" in {value for persona in found.personas.values() for value in persona.known.values()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name the address of the server, or --init."),
        (
            ("",),
            "the address of the server is empty: it has to begin with http:// or https:// and a host, as in https://",
        ),
        (("ftp://127.0.0.1",), "the address of the server has to begin with http:// or https:// and a host"),
        (("http://[::1",), "the address of the server cannot be read: its host is not written as one"),
        (("http://127.0.0.1:99999",), "its port is not a number up to 65535"),
        (("http://127.0.0.1:9/é",), "has letters beyond ASCII in its path"),
        (("http://127.0.0.1:9/?a=b",), "has a query or a fragment"),
        (("http://127.0.0.1:9/~mine",), "a run makes one of its own"),
        (("http://192.0.2.1",), "can lock people out: say --i-own-this if the server is yours\n"),
        (("http://127.0.0.1:9",), "http://127.0.0.1:9 cannot be reached (Connection refused): check the address"),
        (("http://127.0.0.1:9", "--report", "yaml=x"), "write FORM=FILE"),
        (("http://127.0.0.1:9", "--report", "json=a,json=b"), "'json=b': json has a file already, 'a'"),
        (("http://127.0.0.1:9", "--report", "json=-"), "'json=-': '-' is not a file; write /dev/stdout."),
        (("http://127.0.0.1:9", "--report", "json=a,md=./a"), "'md=./a': json is written to 'a' already"),
    ],
)
def test_a_run_that_is_not_possible_says_why(arguments: Sequence[str], said: str) -> None:
    result = run(*arguments, *MULTI)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[server", "Expected ']'"),
        ("[sever]", "sever is not known, perhaps server is meant; there are: server, keys"),
        ("[people.membr]", "people.membr is not known"),
        ('[people.member]\nid = "1"', "people.member lacks login, password, key"),
        ('[hooks.reset]\nrequest = "reset"', "hooks.reset.request has to be a method and a path"),
        ("[hooks.reset]", "hooks.reset needs one of request, command"),
        ("[server]\nfailed_log_ins = -1", "server.failed_log_ins has to be a whole number from 0 on"),
        ("[settings]\nprogramme = {history = -1}", "history"),
        ('[hooks.reset]\nrequest = "POST http://127.0.0.1:99999/"', "hooks.reset.request cannot be read: its port"),
        ('[hooks.reset]\nrequest = "POST http://me:pw@127.0.0.1/"', "hooks.reset.request has a name or a password"),
        ("", "Nobody is bound: name newcomer and member in [people]"),
        ('[[accepted]]\nfingerprint = "1"', "accepted[0] needs a reason, and one at least of fingerprint, rule, place"),
        ("accepted = 5", "accepted has to be a list of tables"),
        ("[server.headers]\nX-Tier = 5", "server.headers.X-Tier has to be a text"),
        ("[server]\nheaders = 5", "server.headers has to be a table"),
        ('[server.headers]\nX-Key = "$API_KEY"', "server.headers.X-Key has a line break in it"),
        ("[server]\ncode = 123456", "server.code has to be a text"),
        ('[server]\ncode = "$CODE"', "server.code: the environment has no variable CODE"),
        (f'{PERSON}key = ["main"]', "people.member.key has to be a text"),
        (f'{PERSON}key = "main"\n[keys]\nmain = "$API_KEY"', "people.member.key has a line break in it"),
        (f"{HOOK}body = {{a = 1}}", "hooks.reset.body has to be a text"),
        (f'{HOOK}headers = "x"', "hooks.reset.headers has to be a table"),
        (f"{HOOK}headers = {{X-Tier = 5}}", "hooks.reset.headers.X-Tier has to be a text"),
        ('[hooks.reset]\nrequest = "reset"', "bindings.toml: hooks.reset.request"),
        (f'{HOOK}body = "{{now}}"', "hooks.reset.body: {now} is not known; nothing is filled in here"),
        (
            '[hooks.clock]\nrequest = "POST /clock?by={secs}"',
            "hooks.clock.request: {secs} is not known, perhaps {seconds} is meant; there are: {seconds}, {mill",
        ),
        ('[hooks.clock]\nrequest = "POST /clock"', "hooks.clock does not say how far: {seconds} or {milliseconds}"),
    ],
)
def test_a_bindings_file_that_cannot_be_used_says_what_and_where(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "bindings.toml"
    file.write_text(text, encoding="utf-8")
    result = run("http://127.0.0.1:9", *MULTI, "--bindings", str(file), env={"API_KEY": "sk-Clover-66\n"})
    assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert "Clover" not in result.output
