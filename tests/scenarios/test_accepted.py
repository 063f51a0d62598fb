"""A server with small ways of its own: each is told once, and whoever lives with it sees what is behind it."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import Multi
from watchword.contract.accepted import Accepted, UnusableEntry, read_accepted, write_accepted
from watchword.contract.by_document import ask_by_document
from watchword.contract.examination import Examination
from watchword.contract.races import run_races
from watchword.contract.reports import REPORTS, tell
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.walks import walk

MULTI = SUBJECTS["weavr_multi"]
ALL = [one for one in MULTI.tell() if one.topic == "A lost password"]
CODE = {"place": "/errorCode", "was": "WRONG_NONCE", "should": "INVALID_NONCE_OR_EMAIL"}


def accept(**marks: str) -> Accepted:
    """Live with a difference."""
    return read_accepted("accepted[0]", {**marks, "reason": "so it is"})


def learn(run: Examination) -> Sequence[Accepted]:
    """Read what a run says would accept its findings."""
    text = "\n".join(line for one in run.findings for line in write_accepted(one))
    return [read_accepted("accepted", one) for one in tomllib.loads(text).get("accepted", [])]


def rounds(examine: Examine) -> Iterator[Examination]:
    """Play everything, accept what was found, and so on, until nothing is new."""
    accepted: list[Accepted] = []
    while True:
        run = examine()
        run.accepted = tuple(accepted)
        run.play(ALL)
        yield run
        new = [one for one in run.findings if not one.accepted]
        if not new:
            return
        accepted += learn(replace(run, findings=new))


def unaccepted(run: Examination) -> set[tuple[str, str]]:
    """List rules and places of what nobody lives with."""
    return {(one.rule, one.place) for one in run.findings if not one.accepted}


def test_a_member_of_all_errors_is_told_once_with_its_count_and_the_shortest_scenario(
    examine: Examine, multi: Multi
) -> None:
    multi.ways = ("errors have a trace",)
    run = examine()
    run.bindings_file = "bindings.toml"
    run.play(ALL)
    (found,) = run.findings
    assert (found.rule, found.place, found.grade.value) == ("body/trace", "body/trace", "documented")
    assert len(found.scenarios) > 15
    assert len(found.steps) == 1
    lines = tell(run, found)
    assert f"    Seen in {len(found.scenarios)} scenarios, which end there; shortest: {found.title}" in lines
    assert lines[-3:] == ["      [[accepted]]", '      place = "body/trace"', '      reason = "…"']
    verdict = judge(run)
    assert verdict.broken == {"body/trace"}
    for form in ("json", "junit", "md", "html", "sarif"):
        assert "body/trace" in REPORTS[form](run, verdict)
    junit = REPORTS["junit"](run, verdict)
    assert junit.count("<failure") == 1
    assert junit.count("ends at a difference that is told once: body/trace, in “") == len(found.scenarios) - 1
    assert f'"occurrenceCount": {len(found.scenarios)}' in REPORTS["sarif"](run, verdict)
    for form in ("json", "md", "html"):
        assert f"Seen in {len(found.scenarios)} scenarios" in REPORTS[form](run, verdict) or form == "json"
        assert "[[accepted]]" in REPORTS[form](run, verdict)


def test_whoever_accepts_what_each_run_says_keeps_every_rule_soon_and_sees_the_defect_behind(
    examine: Examine, multi: Multi
) -> None:
    right = examine()
    right.play(ALL)
    multi.ways = ("errors have a trace", "WRONG_NONCE", "422", "no request-ref", "no mail about a change")
    *earlier, last = rounds(examine)
    assert len(earlier) <= 4
    assert not any(map(last.fails, last.findings))
    assert judge(last).kept == judge(right).kept
    assert judge(last).answers == judge(right).answers
    multi.defect = "a code can be used twice"
    run = examine()
    run.accepted = last.accepted
    run.play(ALL)
    assert unaccepted(run) == {("weavr.nonce.kept", "status")}


def test_a_code_that_is_spelled_otherwise_is_accepted_in_scenarios_walks_and_races(
    examine: Examine, multi: Multi
) -> None:
    multi.ways = ("WRONG_NONCE",)
    run = examine()
    run.play(ALL)
    assert [(one.place, one.was) for one in run.findings] == [("code", "409 WRONG_NONCE")]
    run = examine()
    run.accepted = (accept(**CODE),)
    run.play(ALL)
    races = [one for one in MULTI.tell_races() if "code" in one.scenario.name]
    run_races(run, races)
    walk(run, walks=3, random_seed=2)
    assert {one.accepted for one in run.findings} == {"so it is"}
    assert not any(one.findings for one in run.played)


def test_requests_from_the_document_are_judged_without_what_somebody_lives_with(examine: Examine, multi: Multi) -> None:
    multi.ways = ("errors have a trace", "WRONG_NONCE", "422")
    run = examine()
    ask_by_document(run, requests=2, random_seed=1)
    (found,) = (one for one in run.findings if "additionalproperties" in one.was.lower())
    assert found.seen.startswith(f"Seen in {len(found.rules)} operations; shortest: ")
    *_, last = rounds(examine)
    ask_by_document(last, requests=2, random_seed=1)
    assert [(one.place, one.was) for one in last.findings if not one.accepted] == []


@pytest.mark.parametrize(
    "marks",
    [
        {"place": "/errorCode", "was": "WRONG_NONCE", "should": "INVALID_NONCE"},
        {"place": "/errorCode"},
        {"rule": "weavr.password.*"},
        {"was": "409 WRONG_NONCE", "operation": "log*"},
    ],
)
def test_another_difference_is_not_accepted(examine: Examine, multi: Multi, marks: dict[str, str]) -> None:
    multi.ways = ("WRONG_NONCE",)
    run = examine()
    run.accepted = (accept(**marks),)
    run.play(ALL)
    assert {one.accepted for one in run.findings} == {""}


@pytest.mark.parametrize("by", ["rule", "fingerprint", "was"])
def test_a_rule_that_somebody_lives_with_ends_a_scenario_only_where_one_server_refuses(
    examine: Examine, multi: Multi, by: str
) -> None:
    multi.defect = "a code can be used twice"
    run = examine()
    run.play(ALL)
    (found,) = run.findings
    accepted = examine()
    accepted.accepted = (accept(**{by: getattr(found, by)}),)
    accepted.play(ALL)
    assert [one.accepted for one in accepted.findings] == ["so it is"]
    assert judge(accepted).accepted == {"weavr.nonce.kept"}
    assert [one.scenario for one in accepted.played if one.findings] == [
        one.scenario for one in run.played if one.findings
    ]


def test_a_difference_is_accepted_until_its_day(examine: Examine, multi: Multi) -> None:
    multi.ways = ("errors have a trace",)
    entry = {"place": "body/trace", "reason": "so it is", "until": date(2026, 1, 15)}
    for day, failing in ((date(2026, 1, 15), False), (date(2026, 1, 16), True)):
        run = examine()
        run.today, run.accepted = day, (read_accepted("accepted[0]", entry),)
        run.play(ALL)
        assert any(map(run.fails, run.findings)) is failing


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (5, "needs a reason"),
        ({"place": "body/trace"}, "needs a reason"),
        ({"operation": "log_in", "reason": "x"}, "one at least of fingerprint, rule, place, was, should"),
        ({"place": "body/trace", "reason": "x", "header": "y"}, "accepted[0].header is not known"),
        ({"place": 5, "reason": "x"}, "accepted[0].place has to be a text"),
        ({"place": "body/trace", "reason": "x", "until": "2027"}, "accepted[0].until has to be a date"),
    ],
)
def test_an_entry_that_cannot_be_used_says_why(entry: object, said: str) -> None:
    with pytest.raises(UnusableEntry) as error:
        read_accepted("accepted[0]", entry)
    assert said in str(error.value)
