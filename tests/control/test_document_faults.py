"""A document, or an overlay, brings faults along: they are armed in every sandbox from its start."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import START, Api, People, Response
from tests.console.conftest import Window
from watchword.build import Built, Options, build
from watchword.described import UnusableProposal
from watchword.document import DocumentError
from watchword.domain.hashing import Profile

UPDATE = "weavr_multi.update_password"
BREACHED = {"answer": {"example": "PASSWORD_BREACHED"}}
FOR_ADA = {"match": {"operation": UPDATE, "person": "ada"}, "times": 1, "fault": BREACHED}
LATE = {"fault": {"delay": {"fixed": "PT3S"}}}
ANSWER = """
overlay: 1.0.0
info: {title: Passwords that are known to be stolen, version: '1'}
actions:
  - target: $.components.schemas.WeavrUpdateConflict.properties.errorCode.enum
    update: PASSWORD_BREACHED
  - target: $.components.responses.WeavrUpdateConflict.content['application/json'].examples
    update: {PASSWORD_BREACHED: {value: {errorCode: PASSWORD_BREACHED}}}
  - target: $
    update:
      x-watchword-faults:
"""


def built_with(folder: Path, faults: Any, **options: Any) -> Built:
    """Build a server with an answer that only the document knows, and with *faults* below it, in line 12."""
    overlay = folder / "overlay.yaml"
    overlay.write_text(ANSWER + f"        {yaml.safe_dump(faults, default_flow_style=True, width=10_000)}")
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay], **options))


def client(api: Api, built: Built, sandbox: str = "proposed") -> Api:
    return Api(built, api.runner, sandbox)


def update(proposed: Api, people: People, name: str) -> Response:
    person = people["weavr_multi", name]
    body = {"oldPassword": {"value": person.password}, "newPassword": {"value": "Quiet-river-42"}}
    return proposed.request("POST", "/passwords/update", json=body, headers=person.headers)


def armed(proposed: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = proposed.call("admin.faults").body["faults"]
    return found


def test_an_answer_that_an_overlay_adds_is_armed_by_its_name_for_one_person(
    api: Api, people: People, tmp_path: Path
) -> None:
    proposed = client(api, built_with(tmp_path, []))
    assert proposed.call("admin.arm_fault", body=FOR_ADA).status == 201
    assert update(proposed, people, "clara").status == 200
    answer = update(proposed, people, "ada")
    assert (answer.status, answer.body) == (409, {"errorCode": "PASSWORD_BREACHED"})


def test_a_fault_of_an_overlay_meets_requests_of_every_sandbox(api: Api, people: People, tmp_path: Path) -> None:
    built = built_with(tmp_path, [FOR_ADA])
    for name in ("one", "other"):
        proposed = client(api, built, name)
        assert [update(proposed, people, "ada").status for _ in range(2)] == [409, 200]


def test_a_fault_that_a_document_brings_says_so(api: Api, tmp_path: Path) -> None:
    proposed = client(api, built_with(tmp_path, [FOR_ADA]))
    proposed.call("admin.arm_fault", body=LATE)
    assert [one.get("broughtBy") for one in armed(proposed)] == ["document", None]
    assert Window(proposed).text("faults").count("brought by the document") == 1


def test_a_fault_that_a_document_brings_is_disarmed_like_any_other_until_a_reset(api: Api, tmp_path: Path) -> None:
    proposed = client(api, built_with(tmp_path, [FOR_ADA, LATE]))
    assert proposed.call("admin.disarm_fault", path={"id": "fault-1"}).status == 204
    assert [one["id"] for one in armed(proposed)] == ["fault-2"]
    proposed.call("admin.reset")
    assert [one["id"] for one in armed(proposed)] == ["fault-1", "fault-2"]


def test_a_persisted_sandbox_in_which_nobody_armed_a_fault_has_those_of_the_document(api: Api, tmp_path: Path) -> None:
    for faults in ([], [LATE]):
        proposed = client(api, built_with(tmp_path, faults, data=tmp_path / "data"))
        proposed.request("POST", "/__admin/sandboxes", json={"name": "proposed"})
        assert len(armed(proposed)) == len(faults)
        proposed.built.imitated.sandboxes.persistence.close()


@contextmanager
def restarted(api: Api, folder: Path, faults: Any) -> Iterator[Api]:
    """Run a server with *faults* over the sandboxes of those that ran before in *folder*."""
    proposed = client(api, built_with(folder, faults, data=folder / "data"))
    yield proposed
    proposed.built.imitated.sandboxes.persistence.close()


def test_a_fault_that_a_document_brings_first_after_a_restart_is_armed_beside_those_of_tests(
    api: Api, tmp_path: Path
) -> None:
    with restarted(api, tmp_path, []) as before:
        before.call("admin.arm_fault", body=FOR_ADA)
    with restarted(api, tmp_path, [LATE]) as after:
        found = [(one["id"], one.get("broughtBy")) for one in armed(after)]
    assert found == [("fault-1", None), ("fault-2", "document")]


def test_a_fault_that_was_disarmed_stays_so_after_a_restart_with_the_same_document(api: Api, tmp_path: Path) -> None:
    with restarted(api, tmp_path, [LATE]) as before:
        before.call("admin.disarm_faults")
    with restarted(api, tmp_path, [LATE]) as after:
        assert armed(after) == []


def test_a_fault_that_a_persisted_sandbox_has_chosen_with_a_proposal_is_not_armed_twice(
    api: Api, tmp_path: Path
) -> None:
    proposal = tmp_path / "next.yaml"
    proposal.write_text(f"{ANSWER}        {yaml.safe_dump([LATE], default_flow_style=True)}")
    for _ in range(2):
        built = built_with(tmp_path, [], data=tmp_path / "data", proposals={"next": proposal})
        proposed = client(api, built)
        proposed.call("admin.choose_proposal", path={"name": "proposed"}, body={"proposal": "next"})
        assert [one["fault"] for one in armed(proposed)] == [LATE["fault"]]
        built.imitated.sandboxes.persistence.close()


def test_a_file_with_people_of_your_own_can_be_meant(api: Api, tmp_path: Path) -> None:
    people = tmp_path / "people.yaml"
    people.write_text("people: [{system: weavr_multi, name: wanda, like: ada}]")
    fault = {**FOR_ADA, "match": {"person": "wanda"}}
    assert len(armed(client(api, built_with(tmp_path, [fault], people=[people])))) == 1


@pytest.mark.parametrize(
    ("faults", "line", "problem"),
    [
        ({}, "11", "is a list of faults as POST /__admin/faults takes them: [{match: {person: ada}"),
        ([LATE] * 101, "11", "has 101 faults, and a sandbox can have 100"),
        ([LATE, {}], "12", "fault 2: fault: is required"),
        ([{"fault": {"dely": 1}}], "12",
         "fault 1: fault.dely: there is no such part of a fault. There are: answer, delay, "),
        ([{"fault": {"delay": {"fixed": "soon"}}}], "12",
         "fault 1: fault.delay.fixed: 'soon' is not a duration: write 250ms"),
        ([{"match": {"operation": "weavr_multi.update"}, **LATE}], "12",
         f"fault 1: match.operation: 'weavr_multi.update' is not known; nearest: {UPDATE}"),
        ([{**FOR_ADA, "fault": {"answer": {"example": "PASSWORD_BREECHED"}}}], "12",
         "fault 1: fault.answer.example: 'PASSWORD_BREECHED' is not declared; nearest: PASSWORD_BREACHED"),
        ([{**FOR_ADA, "fault": {"answer": {"status": 299, "example": "x"}}}], "12",
         "fault 1: fault.answer.status: '299' is not declared; there are: 200, 400, "),
        ([{"fault": {"delay": {"fixed": "3s"}, "answer": {}}}], "12", "fault 1: fault.answer: must have a status"),
        ([7], "12", "fault 1: must be a table of names and values"),
        ([{"match": {"person": "adda"}, **LATE}], "12", "fault 1: match.person: 'adda' is nobody here; nearest: ada"),
    ],
)  # fmt: skip
def test_a_fault_that_can_meet_no_request_ends_the_start_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: Any, line: str, problem: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentError) as raised:
        built_with(tmp_path, faults)
    assert re.match(rf"overlay\.yaml:{line}:\d+: x-watchword-faults: {re.escape(problem)}", str(raised.value))


def test_faults_of_all_proposals_that_can_meet_no_request_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {name: tmp_path / f"{name}.yaml" for name in ("next", "other")}
    for name, path in files.items():
        fault = {**LATE, "match": {"operation": f"{name}.never"}}
        path.write_text(ANSWER + f"        {yaml.safe_dump([fault], default_flow_style=True, width=10_000)}")
    with pytest.raises(UnusableProposal) as raised:
        build(Options(hashing=Profile.FAST, proposals=files))
    heading, *problems = str(raised.value).splitlines()
    assert heading == "2 proposals cannot be used:"
    assert [one.split(":")[:2] for one in problems] == [["  next", " next.yaml"], ["  other", " other.yaml"]]
