"""Many calls at once: a server answers as if they had come one after the other, or the finding says how many won."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import DEFECTS, Multi
from watchword.contract.examination import Examination
from watchword.contract.oracle import Oracle
from watchword.contract.race import AT_ONCE, Race
from watchword.contract.races import run_races
from watchword.contract.serial_order import OutOfBound, SerialOrders
from watchword.contract.steps import Tune
from watchword.contract.subjects import SUBJECTS

RACES = SUBJECTS["weavr_multi"].tell_races()
AT_ONCE_ONLY = [one for one in DEFECTS if "at once" in one]
"""Defects that nobody sees who calls alone."""


def race(run: Examination, races: Sequence[Race]) -> None:
    """Run races without a limit."""
    run_races(run, races)


def test_nothing_is_found_on_a_server_that_is_right(examine: Examine) -> None:
    run = examine()
    race(run, RACES)
    assert run.findings == []
    assert {one.skipped for one in run.played} == {""}
    assert run.requests >= AT_ONCE * len(RACES)


@pytest.mark.parametrize("defect", AT_ONCE_ONLY)
def test_a_defect_that_shows_only_at_once_is_found_and_blamed_on_its_rule(
    examine: Examine, multi: Multi, defect: str
) -> None:
    rule = DEFECTS[defect]
    run = examine()
    multi.defect = defect
    race(run, [one for one in RACES if rule in one.scenario.proves][:1])
    (found,) = run.findings
    assert (found.phase, found.rule, found.place) == ("races", rule, "answers")
    assert found.was != found.should


def test_a_finding_tells_how_many_won_and_how_to_see_it_again(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "one code is good for two who come at once"
    race(run, [one for one in RACES if one.scenario.name.startswith("a_code_sets_one")])
    (found,) = run.findings
    assert found.title == "A code sets one password however many use it at once."
    assert found.was.startswith("2 × 200, 48 × 409 ")
    assert found.should.startswith("1 × 200, 49 × 409 INVALID_NONCE_OR_EMAIL")
    assert found.steps[-1] == "50 times at once: member sets a new password with the code"
    assert [line for line in found.replay if line.startswith("for each in $(seq 50); do curl ")]
    assert found.replay[-1] == "wait"


def test_a_finding_names_no_code_that_stands_in_no_answer(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.missing, multi.unknown_body = "create", {"message": "nope"}
    race(run, [one for one in RACES if one.scenario.name.startswith("a_first_password")])
    assert [one.was for one in run.findings] == ["50 × 404 without a code"]


def test_nobody_enters_wrong_passwords_unasked(examine: Examine) -> None:
    run = examine()
    run.target.failed_log_ins = AT_ONCE - 1
    race(run, [one for one in RACES if one.failed_log_ins])
    assert [one.skipped for one in run.played] == ["[server] failed_log_ins = 49"]


def test_a_race_whose_answers_in_turn_cannot_be_found_in_time_is_skipped(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.defect = "two who come at once create a password"
    told = next(one for one in RACES if one.scenario.name.startswith("a_first_password"))
    # Once for the search, and once for what should have been answered: more than the stand-in is asked.
    before = (Tune({}, may_be_so=True),) * 600
    race(run, [replace(told, scenario=replace(told.scenario, steps=(*before, *told.scenario.steps)))])
    assert ([one.skipped for one in run.played], run.findings) == (["too many orders to try"], [])


def test_a_server_that_drops_connections_is_not_raced(examine: Examine, multi: Multi) -> None:
    run = examine()
    multi.answers_left = 10
    race(run, [one for one in RACES if not one.prepared])
    assert {one.skipped for one in run.played if "failed_log_ins" not in one.skipped} == {"not 50 connections at once"}
    assert run.findings == []


def test_an_order_is_not_looked_for_for_ever(oracle: Oracle) -> None:
    first = RACES[0]
    orders = SerialOrders(oracle, first.prepared, first.calls, str, elapsed=lambda: timedelta(hours=1))
    with pytest.raises(OutOfBound):
        orders.find(Counter({(0, "200"): 1}))
