"""A server that does not answer a request: the run goes on, unless it answers nothing any more."""

from collections.abc import Callable

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.by_document import ask_by_document
from watchword.contract.driver import TargetFailed
from watchword.contract.examination import Examination
from watchword.contract.races import run_races
from watchword.contract.subjects import SUBJECTS
from watchword.contract.walks import walk

SUBJECT = SUBJECTS["weavr_multi"]
SCENARIOS, RACES = SUBJECT.tell(), SUBJECT.tell_races()
ABOUT_VALIDATE = [one for one in SCENARIOS if one.operations == {"validate_password"}]
ABOUT_CODES = [one for one in SCENARIOS if one.name == "a_code_is_used_up_by_the_password_that_it_sets"]


def unanswered(run: Examination) -> set[str]:
    """List the operations that were not answered, by what was found."""
    return {one.operation.partition(".")[2] for one in run.findings if (one.place, one.was) == ("answer", "none")}


def test_races_go_on_behind_those_that_begin_with_a_request_without_an_answer(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.silent = "start"
    run_races(run, RACES[:3])
    assert [(len(one.findings), one.skipped) for one in run.played] == [(1, ""), (1, ""), (0, "")]
    assert unanswered(run) == {"start_lost_password"}


def test_walks_go_on_behind_a_request_without_an_answer(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.silent = "validate"
    walk(run, walks=4, random_seed=7)
    run.settle()
    assert (run.walks, unanswered(run)) == (4, {"validate_password"})
    assert run.findings[0].replay[-1].startswith(f"curl -sS -X POST {run.url}/passwords/validate")


def test_the_document_is_asked_about_the_operations_behind_one_without_an_answer(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.silent = "validate"
    ask_by_document(run, requests=2, random_seed=1)
    run.settle()
    assert (run.unasked, unanswered(run)) == ("", {"validate_password"})
    (found,) = run.findings
    assert (found.phase, found.should, found.grade.value) == ("document", "an answer", "documented")
    assert {one.partition(".")[2] for one, _, _ in run.reached} > {"update_password", "logout"}


@pytest.mark.parametrize(
    "phase",
    [
        lambda run: run_races(run, [one for one in RACES if one.prepared]),
        lambda run: ask_by_document(run, requests=2, random_seed=1),
        lambda run: walk(run, walks=10, random_seed=7),
    ],
    ids=["races", "document", "walks"],
)
def test_a_server_that_answers_nothing_ends_each_phase(
    examine: Examine, multi: Multi, phase: Callable[[Examination], None]
) -> None:
    run = examine()
    multi.answers_left = 0
    with pytest.raises(TargetFailed, match="does not answer"):
        phase(run)
    assert run.findings == []


def test_an_operation_that_has_not_answered_three_times_is_let_be(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.silent = "validate"
    for one in ABOUT_VALIDATE[:4]:
        run.play([one, *ABOUT_CODES])
    assert [one.skipped for one in run.played[::2]] == ["", "", "", "validate_password does not answer"]
    assert run.is_absent("validate_password")


def test_what_only_the_last_request_of_a_run_has_shown_is_told_at_its_end(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.silent = "validate"
    run.play(ABOUT_VALIDATE[:1])
    assert (run.findings, "does not answer" in run.played[0].skipped) == ([], True)
    run.settle()
    assert (unanswered(run), run.played[0].skipped) == ({"validate_password"}, "")
