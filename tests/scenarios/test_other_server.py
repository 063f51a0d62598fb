"""Somebody else's server: nothing is found if it is right, and every defect is."""

from datetime import timedelta

import pytest

from tests.scenarios.conftest import Examine, play_until_blamed
from tests.scenarios.other_multi import DEFECTS, Multi
from watchword.contract.by_document import ask_by_document
from watchword.contract.driver import TargetFailed
from watchword.contract.http_target import HttpTarget
from watchword.contract.progress import Progress
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.walks import walk

ALL = SUBJECTS["weavr_multi"].tell()


ALONE = [one for one, rule in DEFECTS.items() if "at once" not in one and rule != "document"]
"""Defects that scenarios find, because they show to whoever calls alone and like anybody else."""


def test_nothing_is_found_on_a_server_that_is_right(examine: Examine) -> None:
    run = examine()
    run.play(ALL)
    walk(run, walks=5, random_seed=1)
    assert run.findings == []
    assert (run.walks, run.unwalkable) == (5, "")
    assert {one.skipped for one in run.played} == {
        "",
        "its settings cannot be changed",
        "no operation list_users",
        "no operation tokenise",
        "nobody plays without-identity",
        "nobody plays expiring",
        "nobody plays lost-twin",
        "nobody plays young-twin",
        "nobody plays invited-inactive",
        "nobody plays locked",
        "nobody plays expired-quarterly",
        "nobody plays unprofiled",
        "nobody plays users-only",
        "nobody plays front-end",
        "nobody plays other-product",
        "nobody plays tagged",
    }
    assert judge(run).line.startswith("42 rules kept, 0 broken, 13 not testable (")


def test_nothing_is_found_on_a_server_that_is_right_and_cannot_be_reset(examine: Examine) -> None:
    run = examine()
    assert isinstance(run.target, HttpTarget)
    run.target.reset_hook = None
    run.play(ALL)
    sent = run.requests
    ask_by_document(run, requests=3, random_seed=1)
    assert run.findings == []
    assert sum(not one.skipped for one in run.played) > 10
    assert (run.unasked, run.requests) == ("no reset hook", sent)


@pytest.mark.parametrize("defect", ALONE)
def test_every_defect_is_found_and_blamed_on_its_rule(examine: Examine, multi: Multi, defect: str) -> None:
    rule = DEFECTS[defect]
    about = [one for one in ALL if rule in (*one.proves, *one.shows)] if rule else ALL
    run = examine()
    multi.defect = defect
    play_until_blamed(run, about, rule)


@pytest.mark.parametrize("defect", ["a code can be used twice", "no special character is needed"])
def test_walks_find_a_defect_and_shorten_the_sequence_that_shows_it(
    examine: Examine, multi: Multi, defect: str
) -> None:
    run = examine()
    multi.defect = defect
    walk(run, walks=40, random_seed=7)
    assert run.findings
    assert min(len(one.steps) for one in run.findings) <= 4


def test_a_finding_names_the_rule_the_answers_the_steps_and_how_to_see_it_again(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "a code can be used twice"
    run.play([one for one in ALL if one.name == "a_code_is_used_up_by_the_password_that_it_sets"])
    (found,) = run.findings
    assert (found.rule, found.grade.value) == ("weavr.nonce.kept", "observed")
    assert (found.place, found.was, found.should) == ("status", "200", "409 INVALID_NONCE_OR_EMAIL")
    assert found.steps == (
        "member starts the reset of a lost password",
        "member sets a new password with the code",
        "member sets a new password with the code",
    )
    assert sum(line.count("curl") for line in found.replay) == 3
    assert found.replay.count("# CODE_TO_MEMBER is the code in the newest mail to member: set it first") == 2


def test_a_fingerprint_is_the_same_in_every_run(examine: Examine, multi: Multi) -> None:
    multi.defect = "31 characters are accepted"
    fingerprints = set()
    for _ in range(2):
        run = examine()
        run.play([one for one in ALL if "weavr.password.length" in one.proves])
        fingerprints.add(frozenset(one.fingerprint for one in run.findings))
    assert len(fingerprints) == 1


def test_what_was_found_is_kept_when_the_server_dies_in_a_walk(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect, multi.answers_left = "an error is a text", 40
    with pytest.raises(TargetFailed, match="does not answer"):
        walk(run, walks=30, random_seed=7)
    assert run.findings


def test_a_request_that_is_not_answered_is_a_finding_once_the_server_answers_again(
    examine: Examine, multi: Multi
) -> None:
    run = examine()
    multi.silent = "validate"
    about = [one for one in ALL if one.operations == {"validate_password"}][:2]
    other = [one for one in ALL if one.name == "a_code_is_used_up_by_the_password_that_it_sets"]
    run.play([*about, *other])
    assert [one.skipped for one in run.played] == ["", "", ""]
    assert {(one.place, one.was, one.operation) for one in run.findings} == {
        ("answer", "none", "weavr_multi.validate_password")
    }


def test_scenarios_in_a_row_that_are_not_answered_end_the_run(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.silent = "validate"
    about = [one for one in ALL if one.operations == {"validate_password"}]
    with pytest.raises(TargetFailed, match="does not answer POST /passwords/validate"):
        run.play(about)
    assert (len(run.played), run.findings) == (2, [])


def test_a_run_says_how_far_it_is_and_begins_nothing_without_time(examine: Examine) -> None:
    run, said = examine(), list[str]()
    run.planned = 7
    run.progress = Progress(said.append, start=lambda: lambda: timedelta(seconds=10))
    run.play(ALL[:1])
    assert said[0] == "scenario 1 of 7"
    run.play(ALL[1:2], time_left=lambda: False)
    assert run.played[-1].skipped == "no time"


def test_nobody_is_locked_out_unasked(examine: Examine) -> None:
    run = examine()
    run.target.failed_log_ins = 0
    run.play([one for one in ALL if one.topic == "Log in and out"])
    skipped = [one.scenario.name for one in run.played if one.skipped == "[server] failed_log_ins = 0"]
    assert "five_wrong_passwords_lock_log_in_for_half_an_hour" in skipped
