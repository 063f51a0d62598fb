"""An operation that a server does not have is told once, and not as a break of the rules that it should keep."""

from collections.abc import Callable

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.accepted import read_accepted
from watchword.contract.by_document import ask_by_document
from watchword.contract.races import run_races
from watchword.contract.reports import REPORTS, tell
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.walks import walk

SUBJECT = SUBJECTS["weavr_multi"]
SCENARIOS = SUBJECT.tell()
ABOUT_UPDATE = [one for one in SCENARIOS if "update_password" in one.operations]
ABOUT_VALIDATE = [one for one in SCENARIOS if one.operations == {"validate_password"}]


def after(scenarios: int, happen: Callable[[], None]) -> Callable[[], bool]:
    """Let something happen after so many scenarios; time is always left."""
    left = scenarios

    def time_left() -> bool:
        nonlocal left
        left -= 1
        if left < 0:
            happen()
        return True

    return time_left


def test_an_operation_that_is_not_there_is_one_finding_with_all_scenarios_that_end_there(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.missing = "update"
    run.play(SCENARIOS)
    (found,) = run.findings
    assert (found.rule, found.headline) == ("weavr_multi.update_password", "The server has POST /passwords/update.")
    assert found.contrast == "was 404 whatever is asked, should be there"
    ended = [one for one in run.played if one.findings]
    assert len(ended) > 20
    assert found.scenarios == {one.scenario.sentence for one in ended}
    assert {one.skipped for one in ended} == {"no operation update_password"}


@pytest.mark.parametrize("status", [405, 501])
def test_an_operation_is_missing_whatever_a_server_answers_to_what_it_does_not_have(
    examine: Examine, multi: Multi, status: int
) -> None:
    run = examine()
    multi.missing, multi.unknown_path = "update", status
    run.play(ABOUT_UPDATE)
    assert [one.contrast for one in run.findings] == [f"was {status} whatever is asked, should be there"]


def test_an_operation_is_missing_although_calls_without_a_right_key_are_answered_401(
    examine: Examine, multi: Multi
) -> None:
    """A gateway answers these, whatever is behind it."""
    run = examine()
    multi.missing, multi.is_guarded = "resume", True
    run.play([one for one in SCENARIOS if "resume_lost_password" in one.operations])
    assert [one.contrast for one in run.findings] == ["was 404 whatever is asked, should be there"]


def test_an_operation_that_refuses_calls_with_right_credentials_is_there(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing, multi.unknown_path = "update", 403

    def answer_404() -> None:
        multi.unknown_path = 404

    run.play(ABOUT_UPDATE, time_left=after(1, answer_404))
    assert "operation" not in {one.place for one in run.findings}
    assert {"403 UNKNOWN_PATH", "404 UNKNOWN_PATH"} <= {one.was for one in run.findings}


def test_a_401_without_a_key_is_told_as_it_is_if_the_operation_is_not_found_to_be_missing(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.missing, multi.is_guarded = "resume", True
    run.play([one for one in SCENARIOS if one.name == "every_missing_field_and_the_missing_key_are_listed"])
    assert [one.contrast for one in run.findings] == ["was 401 without a body, should be 400 REQUIRED"]


def test_a_missing_operation_is_told_with_the_shortest_sequence(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "update"
    run.play(sorted(ABOUT_UPDATE, key=lambda one: -len(one.steps)))
    assert [len(one.steps) for one in run.findings] == [2]


def test_rules_that_only_a_missing_operation_shows_are_not_testable_without_it(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "update"
    run.play(SCENARIOS)
    verdict = judge(run)
    assert verdict.broken == {"weavr_multi.update_password"}
    assert verdict.untestable["weavr.update.old-password"] == "no operation update_password"


def test_nothing_else_that_a_run_does_calls_a_missing_operation(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "update"
    run.play(ABOUT_UPDATE)
    run_races(run, [one for one in SUBJECT.tell_races() if "update_password" in one.scenario.operations])
    ask_by_document(run, requests=2, random_seed=1)
    walk(run, walks=5, random_seed=1)
    assert [one.rule for one in run.findings] == ["weavr_multi.update_password"]
    assert run.played[-1].skipped == "no operation update_password"


@pytest.mark.parametrize("status", [404, 501])
def test_a_missing_operation_that_only_the_document_asks_for_is_told_once(
    examine: Examine, multi: Multi, status: int
) -> None:
    run = examine()
    multi.missing, multi.unknown_path = "log_out", status
    ask_by_document(run, requests=3, random_seed=1)
    assert [(one.rule, one.headline) for one in run.findings] == [
        ("weavr_multi.logout", "The server has POST /logout."),
    ]
    assert run.findings[0].contrast == f"was {status} whatever is asked, should be there"


def test_a_missing_operation_that_only_walks_call_is_told_once(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "update"
    walk(run, walks=15, random_seed=1)
    assert [one.contrast for one in run.findings] == ["was 404 whatever is asked, should be there"]


def test_an_operation_that_answers_a_walk_after_all_is_told_as_it_has_answered_before(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.missing = "validate"
    walk(run, walks=15, random_seed=1, time_left=after(5, lambda: setattr(multi, "missing", "")))
    assert {(one.operation, one.place) for one in run.findings} == {("weavr_multi.validate_password", "status")}


def test_a_404_that_the_document_does_not_have_of_an_operation_that_is_there_is_told_as_it_is(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    run.play([one for one in SCENARIOS if one.name == "a_token_is_good_until_log_out"])
    multi.missing = "log_out"
    ask_by_document(run, requests=3, random_seed=1)
    assert [(one.place, one.was) for one in run.findings] == [("status", "404, undocumented status code")]


def test_an_operation_that_answers_after_all_has_the_findings_of_its_scenarios(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "validate"
    run.play(ABOUT_VALIDATE[:4], time_left=after(3, lambda: setattr(multi, "missing", "")))
    assert {name for one in run.findings for name in one.scenarios} == {one.sentence for one in ABOUT_VALIDATE[:3]}
    assert "operation" not in {one.place for one in run.findings}


def test_what_an_operation_answers_with_404_that_has_answered_before_is_a_wrong_refusal(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    run.play(ABOUT_VALIDATE[:4], time_left=after(2, lambda: setattr(multi, "missing", "validate")))
    assert {(one.place, one.was) for one in run.findings} == {("status", "404 UNKNOWN_PATH")}


def test_a_404_for_unknown_users_only_is_the_rule_about_them_and_no_missing_operation(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.defect = "an unknown address is answered 404"
    run.play([one for one in SCENARIOS if "start_lost_password" in one.operations])
    assert [(one.rule, one.place) for one in run.findings] == [("weavr.lost.account", "status")]


def test_a_single_404_that_the_document_knows_is_a_wrong_refusal(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "validate"
    run.play(ABOUT_VALIDATE[:1])
    assert [(one.place, one.title) for one in run.findings] == [("status", ABOUT_VALIDATE[0].sentence)]


def test_a_single_404_that_the_document_does_not_know_is_a_missing_operation(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "log_out"
    run.play([one for one in SCENARIOS if one.name == "a_token_is_good_until_log_out"])
    assert [one.headline for one in run.findings] == ["The server has POST /logout."]


def test_an_accepted_404_is_told_as_accepted_and_not_as_a_missing_operation(examine: Examine, multi: Multi) -> None:
    run = examine()
    marks = {"operation": "weavr_multi.logout", "place": "status", "reason": "It comes next month."}
    run.accepted = (read_accepted("accepted[0]", marks),)
    multi.missing = "log_out"
    run.play([one for one in SCENARIOS if one.name == "a_token_is_good_until_log_out"])
    assert [(one.place, one.accepted) for one in run.findings] == [("status", "It comes next month.")]


def test_a_run_that_somebody_interrupts_tells_of_a_missing_operation(examine: Examine, multi: Multi) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    run = examine()
    multi.missing = "update"
    with pytest.raises(KeyboardInterrupt):
        run.play(ABOUT_UPDATE, time_left=after(5, interrupt))
    assert [one.rule for one in run.findings] == ["weavr_multi.update_password"]


def test_reports_say_how_the_bindings_name_a_missing_operation(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing = "update"
    run.bindings_file = "bindings.toml"
    run.play(ABOUT_UPDATE)
    assert tell(run, run.findings[0])[-2:] == ["      [server]", '      lacks = ["update_password"]']
    assert REPORTS["junit"](run, judge(run)).count("<failure") == 1
