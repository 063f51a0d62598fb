"""What a proposal changes for consumers whose requests were recorded."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import run, write
from tests.review.consumers import CONSUMERS, NAMED_BY, Caller, with_controls
from tests.review.looking import look, names, record_calls
from tests.review.seeded_use import USES, Use, read_base
from tests.serving import serving
from watchword.contract.progress import Progress
from watchword.review.level import Level
from watchword.review.sides import opened
from watchword.review.use_diff.consumers import Consumer, find_consumers, read_rule
from watchword.review.use_diff.journals import read_journal
from watchword.review.use_diff.section import compare_use
from watchword.review.use_diff.state import read_state

DOORS = """\
openapi: 3.0.3
info: {title: Doors, version: "1"}
tags: [{name: doors}]
paths:
  /doors/{id}:
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    put:
      tags: [doors]
      operationId: doors.open
      parameters:
      - {name: speed, in: query, schema: {type: integer, maximum: 9}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              properties:
                code: {type: string, format: password, maxLength: 30}
                colour: {type: string, maxLength: 10}
      responses:
        "200": {description: open}
    delete:
      tags: [doors]
      operationId: doors.brick_up
      responses:
        "204": {description: gone}
"""

SET = """\
overlay: 1.0.0
info: {title: Locked sooner, version: "1"}
actions:
- target: $
  update:
    x-watchword-settings:
      weavr_multi:
        programme:
          suspended: true
"""
ARMED = """\
overlay: 1.0.0
info: {title: Down for a moment, version: "1"}
actions:
- target: $
  update:
    x-watchword-faults:
    - match: {operation: zitadel.set_password}
      fault: {answer: {status: 503}}
    - match: {operation: weavr_multi.login_with_password}
      fault: {answer: {status: 503}}
"""
NEW = """\
overlay: 1.0.0
info: {title: Passwords that are known to be stolen, version: "1"}
actions:
- target: $.components.responses.WeavrUpdateConflict.content['application/json'].examples
  update:
    PASSWORD_BREACHED: {value: {errorCode: PASSWORD_BREACHED}}
- target: $.components.schemas.WeavrUpdateConflict.properties.errorCode.enum
  update: PASSWORD_BREACHED
"""
GONE = """\
overlay: 1.0.0
info: {title: No more log-in, version: "1"}
actions:
- target: $.paths['/login_with_password'].post
  remove: true
"""


def entry(**changed: Any) -> dict[str, Any]:
    """Make an entry of a journal about a door that was opened."""
    usual: dict[str, Any] = {
        "id": "1",
        "sandbox": "web-1",
        "receivedAt": "2026-01-15T12:00:00Z",
        "sandboxTime": "2026-01-15T12:00:00Z",
        "protocol": "rest",
        "request": {
            "method": "PUT",
            "url": "/doors/7?speed=5",
            "headers": {"content-type": "application/json", "user-agent": "doors/1"},
            "query": {"speed": "5"},
            "body": {"code": "***", "colour": "green"},
        },
        "response": {"status": 200, "headers": {}, "body": None},
        "operation": "doors.open",
        "system": "doors",
        "outcome": "-",
        "code": None,
        "decidedBy": None,
    }
    return {**usual, **{name: [] for name in ("people", "violations", "rules", "mails", "changes")}, **changed}


def record(path: Path, *entries: Mapping[str, Any]) -> str:
    """Write a journal."""
    return write(path, "".join(f"{json.dumps(one)}\n" for one in entries or (entry(),)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "base.yaml", DOORS)
    record(tmp_path / "web.ndjson")
    return tmp_path


def compare(folder: Path, head: str, *words: str) -> tuple[int, str]:
    """Compare the doors with another document of them; gives the exit code, and what it says."""
    write(folder / "head.yaml", head)
    journals = () if "--journal" in words else ("--journal", "web.ndjson")
    ended = run(folder, "diff", "base.yaml", "head.yaml", "--only", "consumers", *journals, *words)
    return ended.exit_code, ended.stdout or ended.stderr


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("maxLength: 10", "maxLength: 4", "web: 1 request would be refused: request body, colour: maxLength: 10 → 4"),
        ("maximum: 9", "maximum: 4", "web: 1 request would be refused: query parameter speed: maximum: 9 → 4"),
        ("object\n", "object\n              required: [hinge]\n", "would be refused: request body, hinge: hinge is"),
        (
            "              properties:\n",
            "              required: [kind]\n              properties:\n                kind: {type: string}\n",
            "would be refused: request body, kind: kind is new and required",
        ),
        (
            "      - {name: speed",
            "      - {name: x-device, in: header, required: true, schema: {type: string}}\n      - {name: speed",
            "the header parameter x-device is new and required",
        ),
        ("    put:", "    patch:", "web: 1 request would be refused: PUT /doors/{id} is gone"),
        ("application/json:", "text/plain:", "would be refused: request body: application/json is gone"),
    ],
)
def test_a_request_that_head_s_document_does_not_allow_would_be_refused(
    folder: Path, old: str, new: str, told: str
) -> None:
    code, output = compare(folder, DOORS.replace(old, new))
    assert told in " ".join(output.split()), output
    assert (code, output.splitlines()[0]) == (1, "1 breaking: base.yaml → head.yaml")
    assert "web: 1 of 1 request would be refused" in output


DEVICE = "      - {name: X-Device, in: header, schema: {type: string}}\n"
"""A parameter that no request has to have."""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "in: header, schema",
            "in: header, required: true, schema",
            "head.yaml:12:38 breaking request-refused web: 1 request would be refused: header parameter x-device:"
            " required: false → true",
        ),
        (
            "{name: id, in: path, required: true, schema: {type: string",
            "{name: id, in: path, required: true, schema: {minLength: 3, type: string",
            "head.yaml:7:53 breaking request-refused web: 1 request would be refused: path parameter: minLength: none",
        ),
    ],
    ids=["a header that has capital letters", "a parameter of the path"],
)
def test_what_a_parameter_no_longer_allows_is_told_where_it_is_written(
    folder: Path, old: str, new: str, told: str
) -> None:
    base = DOORS.replace("      - {name: speed", f"{DEVICE}      - {{name: speed")
    write(folder / "base.yaml", base)
    assert told in " ".join(compare(folder, base.replace(old, new))[1].split())


def test_a_parameter_of_the_path_is_told_also_where_another_name_is_given_to_it(folder: Path) -> None:
    strict = "{name: door, in: path, required: true, schema: {minLength: 3, type: string"
    renamed = DOORS.replace("/doors/{id}", "/doors/{door}").replace(
        "{name: id, in: path, required: true, schema: {type: string", strict
    )
    output = " ".join(compare(folder, renamed)[1].split())
    assert (
        "head.yaml:7:55 breaking request-refused web: 1 request would be refused: path parameter: minLength" in output
    )


def test_a_value_in_the_path_that_is_not_shown_may_be_refused_under_another_name(folder: Path) -> None:
    request = entry()["request"]
    record(folder / "web.ndjson", entry(request={**request, "url": "/doors/***?speed=5"}))
    strict = DOORS.replace("id}", "door}").replace(
        "name: id, in: path, required: true, schema: {", "name: door, in: path, required: true, schema: {minLength: 4, "
    )
    assert "web: 1 request may be refused: path parameter: minLength: none → 4" in compare(folder, strict)[1]


def test_a_header_whose_value_is_not_shown_may_be_refused(folder: Path) -> None:
    base = DOORS.replace("      - {name: speed", f"{DEVICE}      - {{name: speed")
    write(folder / "base.yaml", base)
    request = entry()["request"]
    record(folder / "web.ndjson", entry(request={**request, "headers": {**request["headers"], "x-device": "***"}}))
    output = compare(folder, base.replace("in: header, schema: {", "in: header, schema: {minLength: 4, "))[1]
    assert "web: 1 request may be refused: header parameter x-device: minLength: none → 4" in output


@pytest.mark.parametrize(
    ("old", "new"),
    [("maxLength: 10", "maxLength: 5"), ("maximum: 9", "maximum: 5"), ("    delete:", "    x-delete:")],
)
def test_a_change_that_no_request_meets_touches_nobody(folder: Path, old: str, new: str) -> None:
    code, output = compare(folder, DOORS.replace(old, new))
    assert (code, output.splitlines()[:2]) == (
        0,
        ["nothing differs: base.yaml → head.yaml", "web: nothing changes in 1 request"],
    )


def test_a_value_that_is_not_shown_may_be_refused(folder: Path) -> None:
    code, output = compare(folder, DOORS.replace("maxLength: 30", "maxLength: 20"), "--fail-on", "breaking")
    assert (code, output.splitlines()[0]) == (0, "1 risky: base.yaml → head.yaml")
    assert "web: 1 request may be refused: request body, code: maxLength: 30 → 20" in output
    assert "The journal shows no secrets" in output


def test_a_value_that_is_not_shown_but_sent_is_not_missing(folder: Path) -> None:
    required = DOORS.replace("object\n", "object\n              required: [code]\n")
    code, output = compare(folder, required)
    assert (code, output.splitlines()[0]) == (0, "nothing differs: base.yaml → head.yaml")


def test_a_request_that_base_refuses_is_no_loss(folder: Path) -> None:
    refused = {"status": 400, "headers": {}, "body": None}
    record(folder / "web.ndjson", entry(response=refused, decidedBy={"kind": "schema", "id": "x"}))
    assert compare(folder, DOORS.replace("maxLength: 10", "maxLength: 4"))[0] == 0


def test_a_request_that_head_allows_is_answered_otherwise(folder: Path) -> None:
    refused = {"status": 400, "headers": {}, "body": None}
    wrong = [{"where": "query", "pointer": "/speed", "message": "must be at most 9"}]
    request = {**entry()["request"], "url": "/doors/7?speed=12", "query": {"speed": "12"}}
    decided = {"kind": "schema", "id": "x"}
    record(folder / "web.ndjson", entry(request=request, response=refused, decidedBy=decided, violations=wrong))
    output = compare(folder, DOORS.replace("maximum: 9", "maximum: 20"))[1]
    assert "web: the answer 400 to 1 request would change: HEAD's document allows it" in output


def test_an_answer_that_is_new_was_never_met(folder: Path) -> None:
    new = DOORS.replace("{description: open}", '{description: open}\n        "423": {description: locked}')
    output = compare(folder, new, "--all")[1]
    assert "harmless answer-unmet" in output
    assert "web: it never met 423, which is new" in output


def test_the_refusals_are_named_that_a_consumer_never_met(
    tmp_path: Path, base: Mapping[str, Any], recorded: Sequence[Consumer]
) -> None:
    login_page = [one for one in recorded if one.name == "login-page"]
    found = look(tmp_path, base, Use("nothing", frozenset()), login_page)
    (told,) = [one for one in found.notes if one.startswith("login-page met 3 of ")]
    assert "PASSWORD_EXPIRED" not in told
    known, never, different, more = (int(one) for one in re.findall(r"\d+", told.removeprefix("login-page met 3 ")))
    assert known == 3 + never
    assert different == 5 + more


def test_a_consumer_is_its_file_a_header_or_a_sandbox(folder: Path) -> None:
    (folder / "mobile").mkdir()
    record(folder / "mobile" / "web.ndjson")
    shorter = DOORS.replace("maxLength: 10", "maxLength: 4")
    both = ("--journal", "web.ndjson", "--journal", "mobile/web.ndjson")
    assert "mobile/web: 1 of 1 request would be refused" in compare(folder, shorter, *both)[1]
    for rule, name in (("header:User-Agent", "doors/1"), ("sandbox", "web"), ("sandbox:-([0-9]+)", "1")):
        output = compare(folder, shorter, *both, "--consumer-by", rule)[1]
        assert f"\n{name}: 2 of 2 requests would be refused" in output


@pytest.mark.parametrize("rule", ["colour", "header:", "sandbox:", "sandbox:(", "file:x"])
def test_a_rule_that_tells_nobody_apart_is_refused(folder: Path, rule: str) -> None:
    code, output = compare(folder, DOORS, "--consumer-by", rule)
    assert code == 2
    assert rule.partition(":")[0] in output


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("header:X-Team", "no request has a header X-Team; journals show User-Agent"),
        ("header:Cookie", "journals mask the header Cookie, and show User-Agent"),
        ("sandbox:^mobile", "^mobile finds nothing in the name of a sandbox; they are called web-1"),
    ],
)
def test_a_rule_that_names_the_consumer_of_no_request_says_why(folder: Path, rule: str, told: str) -> None:
    usual = entry()["request"]
    record(folder / "web.ndjson", entry(request={**usual, "headers": {**usual["headers"], "cookie": "***"}}))
    code, output = compare(folder, DOORS, "--consumer-by", rule)
    assert code == 2
    assert f"web.ndjson: --consumer-by tells no consumers apart: {told}" in " ".join(output.split())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"log": {"entries": []}}', "web.ndjson: is an HTTP Archive (HAR), and not one entry a line"),
        ('{"entries": [], "total": 0}', "web.ndjson: is an answer of GET /__admin/journal"),
        ("\nnot at all\n", "web.ndjson:2: is no JSON, so it is no entry"),
        ('{"id": "1"}\n', "web.ndjson:1: is no entry of a journal: it has no 'request'"),
        ("[1]\n2\n", "web.ndjson:1: is no entry of a journal: it has another form"),
    ],
)
def test_a_file_that_is_no_journal_is_refused_by_its_line(folder: Path, content: str, told: str) -> None:
    write(folder / "web.ndjson", content)
    code, output = compare(folder, DOORS)
    assert code == 2
    assert told in " ".join(output.split())
    assert "'watchword exec --journal-file FILE -- COMMAND'" in " ".join(output.split())


def test_an_empty_journal_is_refused_and_does_not_count_as_nothing_noticed(folder: Path) -> None:
    write(folder / "web.ndjson", "")
    code, output = compare(folder, DOORS, "--fail-on", "consumers")
    assert (code, "web.ndjson: is empty, so there is nothing to compare" in " ".join(output.split())) == (2, True)


def test_a_journal_whose_requests_met_no_operation_is_refused(folder: Path) -> None:
    record(folder / "web.ndjson", entry(operation=None, system=None))
    code, output = compare(folder, DOORS)
    assert code == 2
    assert "web.ndjson: has no request that an operation answered, so there is" in " ".join(output.split())


def test_fail_on_consumers_is_about_what_any_of_them_notices(folder: Path) -> None:
    masked = DOORS.replace("maxLength: 30", "maxLength: 20")
    assert compare(folder, masked, "--fail-on", "consumers")[0] == 1
    assert compare(folder, DOORS.replace("maximum: 9", "maximum: 8"), "--fail-on", "consumers")[0] == 0


def test_reports_say_who_notices(folder: Path) -> None:
    forms, shorter = ("json", "md", "html", "sarif"), DOORS.replace("maxLength: 10", "maxLength: 4")
    compare(folder, shorter, "--report", ",".join(f"{one}=r.{one}" for one in forms))
    for form in forms:
        assert "web: 1 request would be refused" in (folder / f"r.{form}").read_text(), form
    for form in ("json", "md", "html"):
        assert "web: 1 of 1 request would be refused" in (folder / f"r.{form}").read_text(), form
    found = json.loads((folder / "r.json").read_text())["findings"][0]
    line = next(number for number, one in enumerate(shorter.splitlines(), 1) if "maxLength: 4" in one)
    assert (found["section"], found["operation"], found["head"]["line"]) == ("consumers", "PUT /doors/{id}", line)


def test_every_finding_has_a_place_in_what_is_proposed(tmp_path: Path, recorded: Sequence[Consumer]) -> None:
    write(tmp_path / "set.yaml", SET)
    write(tmp_path / "armed.yaml", ARMED)
    write(tmp_path / "gone.yaml", GONE)
    for overlay, line in (("set.yaml", 9), ("armed.yaml", 9), ("gone.yaml", 5)):
        with opened("current") as before, opened("current", [tmp_path / overlay]) as after:
            found = compare_use(before, after, [one for one in recorded if one.name == "login-page"])
        places = [one.excerpt.place for one in found.differences if one.excerpt and one.level is not Level.HARMLESS]
        assert {(Path(one.file).name, one.line) for one in places} == {(overlay, line)}


def test_a_long_look_at_the_requests_of_a_consumer_says_how_far_it_is(folder: Path) -> None:
    record(folder / "web.ndjson", entry(), entry(id="2"))
    consumers = find_consumers({folder / "web.ndjson": read_journal(folder / "web.ndjson")}, read_rule("file"))
    said = list[str]()
    progress = Progress(said.append, start=lambda: lambda: timedelta(seconds=10))
    with opened(str(folder / "base.yaml")) as before, opened(str(folder / "base.yaml")) as after:
        compare_use(before, after, consumers, progress=progress)
    assert said == ["The requests of web are sent again …", "web: request 1 of 2", "web: request 2 of 2"]


def test_an_answer_that_was_never_met_is_told_at_its_example(tmp_path: Path, recorded: Sequence[Consumer]) -> None:
    write(tmp_path / "new.yaml", NEW)
    with opened("current") as before, opened("current", [tmp_path / "new.yaml"]) as after:
        found = compare_use(before, after, [one for one in recorded if one.name == "account-page"])
    places = [one.excerpt.place for one in found.differences if one.excerpt and one.id == "answer-unmet"]
    assert [(Path(one.file).name, one.line) for one in places] == [("new.yaml", 6)]


def test_an_answer_that_a_broken_rule_changes_is_told_at_the_beginning_of_what_is_proposed(
    tmp_path: Path, base: Mapping[str, Any], recorded: Sequence[Consumer]
) -> None:
    broken = Use("another status", frozenset(), mutants=("weavr.login.refused/WrongPassword-status",))
    (found,) = look(tmp_path, base, broken, [one for one in recorded if one.name == "login-page"]).differences
    assert found.excerpt is not None
    assert (Path(found.excerpt.place.file).name, found.excerpt.place.line) == ("head.json", 1)


def test_an_approval_stays_valid_for_another_recording(folder: Path) -> None:
    shorter = DOORS.replace("maxLength: 10", "maxLength: 4")
    compare(folder, shorter, "--report", "json=known.json")
    record(folder / "web.ndjson", entry(), entry(id="2", sandbox="another"))
    assert compare(folder, shorter, "--baseline", "known.json")[0] == 0


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Consumer]:
    """What the consumers did."""
    return record_calls(tmp_path_factory.mktemp("recorded"), CONSUMERS)


@pytest.fixture(scope="module")
def base() -> Mapping[str, Any]:
    """Our own document, without what the consumers do not know."""
    return read_base()


def test_every_consumer_is_recorded(recorded: Sequence[Consumer]) -> None:
    assert [one.name for one in recorded] == list(CONSUMERS)
    assert all(one.requests for one in recorded)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.name)
def test_a_change_touches_exactly_whom_it_touches(
    tmp_path: Path, base: Mapping[str, Any], recorded: Sequence[Consumer], use: Use
) -> None:
    found = look(tmp_path, base, use, recorded)
    assert names(found.differences) == use.consumers, [one.sentence for one in found.differences]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("longer passwords", "setting weavr_multi.programme.root_profile.minimum: 8 → 10"),
        ("a lock after two wrong passwords", "setting zitadel.lockout.max_password_attempts: 0 → 2"),
    ],
)
def test_the_setting_is_named_that_makes_an_answer_differ_at_once_or_later(
    tmp_path: Path, base: Mapping[str, Any], recorded: Sequence[Consumer], name: str, told: str
) -> None:
    found = look(tmp_path, base, next(one for one in USES if one.name == name), recorded)
    assert found.differences
    for one in found.differences:
        assert f"({told})" in one.sentence
        assert one.excerpt is not None


def test_equal_sides_touch_nobody_and_every_request_can_be_sent_again(
    tmp_path: Path, base: Mapping[str, Any], recorded: Sequence[Consumer]
) -> None:
    found = look(tmp_path, base, Use("nothing", frozenset()), recorded)
    assert found.differences == ()
    assert not [one for one in found.notes if "could not be sent again" in one]
    assert all("nothing changes" in line for line in found.summary)


def test_there_are_changes_enough_that_no_document_shows() -> None:
    assert len(USES) >= 50
    assert sum(not one.is_visible for one in USES) >= 20


@pytest.mark.parametrize(("flags", "alone"), [(("--journal-control-calls",), 0), ((), 2)])
def test_what_a_test_makes_of_its_sandbox_is_made_again_if_it_was_recorded(
    tmp_path: Path, base: Mapping[str, Any], flags: Sequence[str], alone: int
) -> None:
    journal = tmp_path / "journal.ndjson"
    with serving(tmp_path, "--journal-file", str(journal), *flags) as served:
        with_controls(Caller(served.url, "tests"))
    consumers = find_consumers({journal: read_journal(journal)}, read_rule(f"header:{NAMED_BY}"))
    assert [len(one.requests) for one in consumers] == [3]
    found = look(tmp_path, base, Use("nothing", frozenset()), consumers)
    told = [one for one in found.notes if "could not be sent again" in one]
    assert [one.split(":")[1].split()[0] for one in told] == ([str(alone)] if alone else [])
    assert found.differences == ()


def test_a_running_server_is_compared_as_it_is_set(tmp_path: Path, recorded: Sequence[Consumer]) -> None:
    broken = "weavr.login.refused/WrongPassword-status"
    folder = tmp_path / "server"
    folder.mkdir()
    with (
        serving(folder, "--mutant", broken, "--set", "entrust.password.minimum_length=20") as served,
        opened("current") as before,
        opened(served.url) as after,
    ):
        found = compare_use(before, after, recorded)
    assert names(found.differences) == {"login-page", "help-desk"}


def test_what_an_overlay_sets_counts_more_than_how_a_running_server_is_set(tmp_path: Path) -> None:
    """What the document of the server sets was settled when it started."""
    served_overlay(tmp_path / "history.yaml", password_history_size=3)
    served_overlay(tmp_path / "longer.yaml", minimum_length=12)
    flags = [f"entrust.password.{one}" for one in ("minimum_length=20", "lifetime_days=40", "password_history_size=5")]
    started = ("--overlay", str(tmp_path / "history.yaml"), *(word for one in flags for word in ("--set", one)))
    with serving(tmp_path, *started) as served, opened(served.url, [tmp_path / "longer.yaml"]) as side:
        password = read_state(side).settings["entrust"].model_dump()["password"]
    expected = {"minimum_length": 12, "lifetime_days": 40, "password_history_size": 5}
    assert {name: password[name] for name in expected} == expected


def served_overlay(file: Path, **password: int) -> None:
    action = {"target": "$", "update": {"x-watchword-settings": {"entrust": {"password": password}}}}
    content = {"overlay": "1.0.0", "info": {"title": "Passwords", "version": "1"}, "actions": [action]}
    write(file, json.dumps(content))


def test_a_server_that_does_not_say_how_it_is_set_is_judged_by_its_document(
    tmp_path: Path, recorded: Sequence[Consumer]
) -> None:
    with (
        serving(tmp_path, "--admin-token", "let-me-in") as served,
        opened("current") as before,
        opened(served.url) as after,
    ):
        found = compare_use(before, after, recorded)
    assert found.differences == ()
    assert any("judged by the documents alone" in note and "--token" in note for note in found.notes)
