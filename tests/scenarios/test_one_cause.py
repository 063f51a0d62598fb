"""One cause is told once: with the rule that owns it, and with the count of the scenarios that it ends."""

import json
from pathlib import Path

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.baseline import read_baseline
from watchword.contract.blame import Blame
from watchword.contract.comparison import Difference
from watchword.contract.examination import Examination
from watchword.contract.in_step import Deviation
from watchword.contract.one_cause import Cause, find_cause
from watchword.contract.oracle import Decided
from watchword.contract.reports import REPORTS
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.domain.rule import Grade

ALL = SUBJECTS["weavr_multi"].tell()
NO_MAIL = "no mail says that a password has changed"
START, RESUME = "start 204 without a body", "resume 409 TOO_SHORT"


def ended(run: Examination) -> set[str]:
    """List the scenarios that were not played to their end, by their sentences."""
    return {one.scenario.sentence for one in run.played if one.findings}


@pytest.mark.parametrize(
    ("defect", "found"),
    [
        (
            NO_MAIL,
            {
                ("weavr.mail.changed", "weavr_multi.update_password"),
                ("weavr.mail.changed", "weavr_multi.resume_lost_password"),
            },
        ),
        ("every mail has the same code", {("weavr.nonce.code", "weavr_multi.start_lost_password")}),
        ("a refused update sends a mail", {("weavr_multi.password.minimum", "weavr_multi.update_password")}),
        ("an answer repeats the password", {("weavr_multi.update_password", "weavr_multi.update_password")}),
    ],
)
def test_a_difference_is_told_once_for_each_operation_with_all_scenarios_that_it_ends(
    examine: Examine, multi: Multi, defect: str, found: set[tuple[str, str]]
) -> None:
    run = examine()
    multi.defect = defect
    run.play(ALL)
    assert {(one.rule, one.operation) for one in run.findings} == found
    assert len(run.findings) == len(found)
    assert {name for one in run.findings for name in one.scenarios} == ended(run)
    assert all(len(one.steps) <= 2 for one in run.findings)


def test_a_rule_whose_scenarios_end_at_another_one_is_neither_kept_nor_broken(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = NO_MAIL
    run.play(ALL)
    verdict = judge(run)
    assert verdict.broken | verdict.differing == {"weavr.mail.changed"}
    assert verdict.untestable["weavr.session.sliding"] == "something before it differs"
    assert "weavr.session.sliding" not in verdict.kept


def test_a_finding_that_its_scenario_is_not_about_is_headed_by_its_rule(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = NO_MAIL
    run.play([one for one in ALL if one.name == "the_new_password_replaces_the_old_one"])
    (found,) = run.findings
    assert found.headline == found.sentence
    assert found.seen == "The new password replaces the old one."


def test_every_report_tells_one_cause_once(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "a refused update sends a mail"
    run.play(ALL)
    verdict = judge(run)
    (found,) = run.findings
    number = len(found.scenarios)
    assert number > 5
    junit = REPORTS["junit"](run, verdict)
    assert (junit.count("<failure"), junit.count("ends at a difference that is told once")) == (1, number - 1)
    assert f'"occurrenceCount": {number}' in REPORTS["sarif"](run, verdict)
    assert REPORTS["pytest"](run, verdict).count("def test_") == 1
    for form in ("md", "html"):
        assert REPORTS[form](run, verdict).count(f"Seen in {number} scenarios, which end there; shortest: ") == 1
    report = json.loads(REPORTS["json"](run, verdict))
    assert [one["fingerprint"] for one in report["findings"]] == [found.fingerprint]
    assert {mark for one in report["scenarios"] for mark in one["findings"]} == {found.fingerprint}


@pytest.mark.parametrize("defect", [NO_MAIL, "a refused update sends a mail"])
def test_a_baseline_covers_one_cause_in_whatever_scenario_it_is_seen_first(
    examine: Examine, multi: Multi, tmp_path: Path, defect: str
) -> None:
    multi.defect = defect
    known = examine()
    known.play(ALL)
    report = tmp_path / "report.json"
    report.write_text(REPORTS["json"](known, judge(known)))
    for scenarios in (ALL, ALL[::-1], [one for one in ALL if one.sentence in ended(known)][-1:]):
        run = examine()
        run.accepted = read_baseline(report)
        run.play(scenarios)
        assert {one.accepted for one in run.findings} == {"in report.json"}


def test_a_baseline_of_an_earlier_release_covers_what_is_told_with_another_finding_now(
    examine: Examine, multi: Multi, tmp_path: Path
) -> None:
    multi.defect = NO_MAIL
    report = tmp_path / "report.json"
    of_its_time = ("edbebbee127c", "5b735e973fd5", "78fbdc8e682f", "75aabc0d53f0")
    report.write_text(json.dumps({"command": "test", "findings": [{"fingerprint": one} for one in of_its_time]}))
    run = examine()
    run.accepted = read_baseline(report)
    run.play(
        [one for one in ALL if "update_password" in one.operations and "resume_lost_password" not in one.operations]
    )
    assert [one.accepted for one in run.findings] == ["in report.json"]


def cause(*course: str, is_of_rule: bool = False) -> Cause:
    """Differ in the same way, after these steps."""
    return Cause(("resume", "status", "409", "200"), course, is_of_rule)


def test_a_shorter_sequence_explains_a_longer_one_that_has_all_its_steps() -> None:
    assert cause(START).explains(cause(START, RESUME), blame_the_same=False)
    assert not cause(START, RESUME).explains(cause(START), blame_the_same=False)


def test_sequences_that_lead_to_the_same_difference_in_two_ways_are_told_apart() -> None:
    assert not cause(START, RESUME).explains(cause(START, "an hour passes"), blame_the_same=True)


def test_what_a_scenario_states_is_told_for_each_rule() -> None:
    used, expired = cause(START, is_of_rule=True), cause(START, "an hour passes", is_of_rule=True)
    assert not used.explains(expired, blame_the_same=False)
    assert used.explains(expired, blame_the_same=True)
    assert used.explains(cause(START, RESUME), blame_the_same=False)


def test_a_mail_too_many_after_a_refusal_has_another_cause_than_one_after_a_success() -> None:
    rule = "weavr.mail.changed"
    blame = Blame(rule, Grade.OBSERVED, "", "", is_titled=False, is_own=False, is_stated=True, maker=rule, shown=rule)
    more = Difference("mails", "2 mails", "1 mail", change="more")
    refused, done = (
        find_cause(Deviation(0, more, Decided(decider, None, ())), "weavr_multi.update_password", blame)
        for decider in ("weavr.password.length", "")
    )
    assert not refused.explains(done, blame_the_same=True)
    assert done.explains(done, blame_the_same=True)
