"""What the document says of every answer: nothing is found on a server that keeps it, and what does not is."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.by_document import ask_by_document
from watchword.contract.examination import Examination
from watchword.contract.reports import REPORTS
from watchword.contract.verdict import judge

OPERATIONS = 12
"""That the other server has, of the fourteen of the document."""


def ask(run: Examination) -> None:
    """Ask a little about everything."""
    ask_by_document(run, requests=3, random_seed=1)


def test_nothing_is_found_on_a_server_that_is_right(examine: Examine) -> None:
    run = examine()
    ask(run)
    assert (run.findings, run.unasked) == ([], "")
    assert run.requests >= OPERATIONS


def test_a_configuration_of_schemathesis_for_other_tests_is_not_taken(
    examine: Examine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "schemathesis.toml").write_text('hooks = "not-there.py"', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    run = examine()
    ask(run)
    assert (run.findings, run.unasked) == ([], "")


@pytest.mark.parametrize(
    ("defect", "place", "was"),
    [
        ("a password beyond ASCII fails", "status", "500, server error"),
        ("a header is missing", "headers", "missing required response headers"),
        ("an error is a text", "header content-type", "409, undocumented content-type"),
    ],
)
def test_an_answer_that_the_document_does_not_have_is_found(
    examine: Examine, multi: Multi, defect: str, place: str, was: str
) -> None:
    run = examine()
    multi.defect = defect
    ask(run)
    found = [one for one in run.findings if one.place == place]
    assert found
    assert {one.phase for one in run.findings} == {"document"}
    assert all(was in one.was and one.grade.value == "documented" for one in found)
    assert all(f"{one.operation}/{place.replace(' ', '-')}" in one.rules for one in found)
    assert len(found) == 1 or place == "status"


def test_operations_without_time_hide_no_failure_of_the_others(examine: Examine, multi: Multi) -> None:
    run, times = examine(), iter([True, False])
    multi.defect = "a header is missing"
    ask_by_document(run, requests=3, random_seed=1, time_left=lambda: next(times))
    assert (run.unasked, len(run.findings)) == ("no time", 1)
    junit = Xml.fromstring(REPORTS["junit"](run, judge(run)))  # noqa: S314  # our own file
    (case,) = [one for one in junit if one.get("classname") == "document"]
    assert [one.tag for one in case] == ["failure"]
    assert (junit.get("failures"), junit.get("skipped")) == ("1", "1")  # there were no walks


def test_a_finding_tells_the_request_and_no_secret(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "a password beyond ASCII fails"
    ask(run)
    found = next(one for one in run.findings if one.operation.endswith("create_password"))
    assert found.steps == ("member logs in", "member calls create_password as the document allows")
    assert "/passwords/71002/create" in found.replay[-1]
    assert "Bearer ${TOKEN_OF_MEMBER_0}" in found.replay[-1]


def test_the_same_seed_finds_the_same(examine: Examine, multi: Multi) -> None:
    multi.defect = "a password beyond ASCII fails"
    found = []
    for _ in range(2):
        run = examine()
        ask(run)
        found.append([(one.fingerprint, one.replay) for one in run.findings])
    assert found[0] == found[1]


def test_nobody_asks_in_the_place_of_somebody_who_is_not_there(examine: Examine) -> None:
    run = examine()
    run.target.personas = {role: one for role, one in run.target.personas.items() if role != "member"}
    ask(run)
    assert (run.unasked, run.requests) == ("nobody plays member", 0)


def test_nothing_is_asked_of_a_server_that_does_not_let_the_caller_in_and_that_is_told(examine: Examine) -> None:
    run = examine()
    member = run.target.personas["member"]
    stranger = replace(member, known={**member.known, "password": "Teapot-12-green"})
    run.target.personas = {**run.target.personas, "member": stranger}
    ask(run)
    assert (run.unasked, run.requests) == ("the token of member is not known", 0)
