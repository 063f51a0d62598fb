"""What a run amounts to: a rule counts as kept only if it was shown."""

from dataclasses import replace

import orjson
import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.accepted import read_accepted
from watchword.contract.examination import Played
from watchword.contract.reports import REPORTS
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import Verdict, judge

NOTHING = frozenset[str]()
LENGTH, HISTORY = "weavr.password.length", "weavr.password.history"
TOLD = SUBJECTS["weavr_multi"].tell()


def test_a_rule_behind_a_difference_is_not_kept_unless_another_scenario_shows_it(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.defect = "31 characters are accepted"
    scenario = replace(next(one for one in TOLD if LENGTH in one.proves), proves=(LENGTH, HISTORY))
    run.play([scenario])
    assert [one.rule for one in run.findings] == [LENGTH]
    verdict = judge(run)
    assert (HISTORY in verdict.kept, verdict.untestable[HISTORY]) == (False, "something before it differs")
    run.played.append(Played(scenario, skipped="no reset"))
    assert judge(run).untestable[HISTORY] == "something before it differs"
    run.played.append(Played(scenario))
    assert HISTORY in judge(run).kept


def test_the_last_line_names_the_dearest_reasons_and_counts_what_does_not_fail_the_run() -> None:
    reasons = {
        "a": "no clock hook",
        "b": "nobody plays head",
        "c": "no clock hook",
        "d": "no time",
        "e": "no mails hook",
    }
    one = frozenset({"weavr.nonce.kept"})
    verdict = Verdict(NOTHING, NOTHING, one, one, one, reasons, skipped=5, answers=(1, 2))
    assert verdict.line == (
        "0 rules kept, 0 broken, 1 differing, 1 noted, 1 accepted,"
        " 5 not testable (no clock hook: 2, nobody plays head: 1, no time: 1, and 1 more, in the reports);"
        " 1 of 2 answers reached"
    )
    assert verdict.advice == "Differing findings do not fail the run; with --level observed they do."
    assert replace(verdict, broken=one).advice == ""


def test_the_order_of_checks_grades_a_finding_only_if_both_servers_refuse(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "the word bearer has to be Bearer"
    run.play([one for one in TOLD if one.name == "the_word_bearer_may_be_small_and_have_several_blanks_behind_it"])
    (found,) = run.findings
    rule = next(one for one in run.oracle.system.catalogue() if one.id == "weavr.session.known")
    assert (found.rule, found.grade, found.source) == (rule.id, rule.grade, rule.source)


def test_a_name_that_only_the_document_gives_to_an_answer_is_told_in_parentheses(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.defect = "a blank password is too short"
    run.play([one for one in TOLD if one.name == "a_blank_password_is_answered_by_a_message"])
    (found,) = run.findings
    assert found.contrast == "was 409 PASSWORD_TOO_SHORT, should be 400 (HAS_TEXT)"
    assert found.headline == "A blank password is answered by a message."
    assert found.bodies is not None
    assert found.bodies[1] == {"message": "request.password.value: must not be blank"}


@pytest.mark.parametrize(
    ("status", "message", "was"),
    [
        (404, "nope", "404 without a code"),
        (400, "nope", "400 without a code"),
        (400, "request.password.value: must not be blank", "400 (HAS_TEXT)"),
        (400, "It must not be blank", "400 (HAS_TEXT)"),
    ],
)
def test_the_name_of_an_answer_without_a_code_is_told_only_if_the_answer_is_as_the_document_has_it(
    examine: Examine, multi: Multi, status: int, message: str, was: str
) -> None:
    run = examine()
    multi.missing, multi.unknown_path, multi.unknown_body = "validate", status, {"message": message}
    run.play([one for one in TOLD if one.name == "a_missing_password_is_listed"])
    (found,) = run.findings
    assert found.contrast == f"was {was}, should be 400 REQUIRED"
    assert orjson.loads(REPORTS["json"](run, judge(run)))["findings"][0]["was"] == was.replace("(", "").replace(")", "")


@pytest.mark.parametrize(("body", "is_reached"), [({"message": "nope"}, False), ({}, True)])
def test_an_answer_without_a_code_counts_as_reached_only_if_the_answer_is_as_the_document_has_it(
    examine: Examine, multi: Multi, body: dict[str, str], *, is_reached: bool
) -> None:
    run = examine()
    multi.missing, multi.unknown_path, multi.unknown_body = "create", 404, body
    run.play([one for one in TOLD if one.name == "a_first_password_is_created_and_logs_in"])
    assert (("weavr_multi.create_password", 404, "USER_NOT_FOUND") in run.reached) == is_reached


@pytest.mark.parametrize("was", ["400 without a code", "400 UNREADABLE", "UNREADABLE"])
def test_an_answer_without_a_code_is_accepted_under_the_name_that_entries_had_for_it_too(
    examine: Examine, multi: Multi, was: str
) -> None:
    run = examine()
    run.accepted = (read_accepted("accepted[0]", {"place": "code", "was": was, "reason": "so it is"}),)
    multi.missing, multi.unknown_path, multi.unknown_body = "validate", 400, {"message": "nope"}
    run.play([one for one in TOLD if one.name == "a_missing_password_is_listed"])
    assert run.findings[0].accepted == "so it is"
