"""The league counts rightly, goes on where it stopped, and the README has what came of it."""

import json
from collections import Counter
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.league.broken import BrokenServers
from tests.league.contracted import failures
from tests.league.drawing import draw_by_kind
from tests.league.fuzzed import read_failures
from tests.league.ours import Watchword
from tests.league.proxied import violations
from tests.league.report import NAMES, report, short
from tests.league.results import KEPT, Files, Record, Results, Trial, Walked
from tests.league.run import League, chosen
from tests.league.tester import CannotTest, Task
from tests.sections import read_section
from watchword.contract.driver import Reply
from watchword.domain.mutation import Kind

README = Path(__file__).parents[2] / "README.md"
MUTANT = "weavr.create.identity/UnresolvedIdentity-code"


@pytest.fixture(scope="module")
def servers() -> BrokenServers:
    """What serves mutants."""
    return BrokenServers()


class Listener:
    """A tester that says what it hears from a server: always one thing, and of a mutant which one it is."""

    name, version, lacking, wavers = "Listener", "1", "", False

    def __init__(self) -> None:
        self.asked: list[str] = []

    def alarms(self, task: Task) -> frozenset[str]:
        """Ask the server which mutants it has."""
        with urlopen(f"{task.url}/__admin/mutants") as answer:  # noqa: S310  # our own server
            found = [one["id"] for one in json.load(answer)["mutants"]]
        self.asked += found or ["right"]
        return frozenset(("it smells", *(f"it has {one}" for one in found)))


@pytest.fixture
def league(servers: BrokenServers, tmp_path: Path) -> League:
    """A league that writes into a folder of its own, and says nothing."""
    return League(servers, lambda _line: None, Files(tmp_path))


def test_every_beginning_of_the_draw_has_as_many_of_each_kind(servers: BrokenServers) -> None:
    drawn = draw_by_kind(servers.mutants)
    counted = Counter(one.mutant.kind for one in drawn[: 3 * len(Kind)])
    assert set(counted.values()) == {3}
    assert sorted(one.mutant.id for one in drawn) == sorted(one.mutant.id for one in servers.mutants)


def test_the_draw_is_the_same_every_time(servers: BrokenServers) -> None:
    assert draw_by_kind(servers.mutants) == draw_by_kind(reversed(servers.mutants))


def test_what_is_said_of_the_right_server_too_is_no_finding(league: League) -> None:
    league.let_play(Listener(), chosen(league.servers.mutants, [MUTANT]))
    record = league.files.record(Listener.name)
    assert record.alarms == {"weavr_multi": ["it smells"]}
    assert record.trials[MUTANT].noticed == f"it has {MUTANT}"


def test_a_run_that_was_stopped_goes_on_with_what_was_not_tried(league: League) -> None:
    both = chosen(league.servers.mutants, ["weavr.create.identity/UnresolvedIdentity"])
    first, second = Listener(), Listener()
    league.let_play(first, both[:1])
    league.let_play(second, both)
    assert second.asked == [one.mutant.id for one in both[1:]]
    assert first.asked == ["right", both[0].mutant.id]


def test_a_mutant_that_several_systems_show_is_tested_as_each_of_them_until_it_is_noticed(league: League) -> None:
    class OfPaymentRun(Listener):
        def alarms(self, task: Task) -> frozenset[str]:
            found = super().alarms(task)
            return found if task.system == "weavr_payment_run" else frozenset()

    league.let_play(OfPaymentRun(), chosen(league.servers.mutants, [MUTANT]))
    trial = league.files.record(Listener.name).trials[MUTANT]
    assert (trial.system, trial.noticed) == ("weavr_payment_run", f"it has {MUTANT}")


def test_a_tester_that_did_not_run_is_not_taken_for_one_that_noticed_nothing(league: League) -> None:
    class Broken(Listener):
        def alarms(self, task: Task) -> frozenset[str]:
            if super().alarms(task) - {"it smells"}:
                raise CannotTest("there is no room")
            return frozenset()

    league.let_play(Broken(), chosen(league.servers.mutants, [MUTANT]))
    assert league.files.record(Listener.name).trials == {}


def test_what_a_tester_says_now_and_then_is_no_finding(league: League) -> None:
    class Wavering(Listener):
        wavers = True

        def alarms(self, task: Task) -> frozenset[str]:
            super().alarms(task)
            return frozenset() if self.asked == ["right"] else frozenset({"it is late"})

    league.let_play(Wavering(), chosen(league.servers.mutants, [MUTANT]))
    record = league.files.record(Listener.name)
    assert (record.alarms["weavr_multi"], record.trials[MUTANT].noticed) == (["it is late"], "")


def test_we_notice_a_mutant(league: League) -> None:
    league.files.keep_record(Watchword.name, Record(alarms={"weavr_multi": []}))
    league.let_play(Watchword(), chosen(league.servers.mutants, [MUTANT]))
    assert "ACCOUNT_NOT_FOUND" in league.files.record(Watchword.name).trials[MUTANT].noticed


def test_failures_of_specmatic_are_told_without_the_values_of_a_run() -> None:
    said = """
Testing scenario "Log out. Response: Done."
API: POST /logout -> 204

  >> RESPONSE.STATUS

      R0002: HTTP status mismatch
      Specification expected status 204 but response contained status 401
"""
    assert set(failures(said)) == {
        "POST /logout -> 204: RESPONSE.STATUS: HTTP status mismatch",
        "POST /logout -> 204: answered 401",
    }


def test_failures_of_schemathesis_are_found_in_its_events() -> None:
    failed = {"operation": "GET /a", "title": "Server error", "message": "never the same"}
    checks = [
        {"name": "not_a_server_error", "status": "failure", "failure_info": {"failure": failed}},
        {"name": "ignored_auth", "status": "success"},
    ]
    event = {"ScenarioFinished": {"recorder": {"label": "GET /a", "checks": {"x": checks}}}}
    assert set(read_failures(json.dumps(event))) == {"GET /a: not_a_server_error: Server error"}


def test_violations_that_prism_sees_in_an_answer_count_and_those_in_a_request_do_not() -> None:
    told = [
        {"location": ["request", "body"], "severity": "Error", "code": "type", "message": "is no object"},
        {"location": ["response", "body", "users", "3"], "severity": "Error", "code": "required", "message": "no id"},
        {"location": ["response"], "severity": "Warning", "code": "x", "message": "may be"},
    ]
    reply = Reply(200, {"sl-violations": json.dumps(told)}, b"", None)
    assert list(violations("list_users", reply)) == ["list_users 200: response/body/users/*: required: no id"]


def test_the_table_has_a_column_for_everybody_who_was_tried_and_a_row_for_each_kind() -> None:
    def record(*noticed: str) -> Record:
        kinds = ("bound", "order")
        trials = {kind: Trial(kind, "entrust", said, 2.0) for kind, said in zip(kinds, noticed, strict=False)}
        return Record("1", "2026-01-15", 2, {"entrust": []}, trials)

    records = {NAMES[0]: record("seen", "seen"), NAMES[1]: record(""), NAMES[2]: Record()}
    text = short(Results(records, {"entrust": Walked(10, 70)}))
    assert text.splitlines()[0] == f"| mutants noticed | {NAMES[0]} | {NAMES[1]} |"
    assert "(*bound*) | 1 of 1 | 0 of 1 |" in text
    assert "(*order*) | 1 of 1 | – |" in text
    assert "| **2 of 2 (100 %)** | **0 of 1 (0 %)** |" in text
    assert "10 random sequences (70 requests): 0 false alarms" in text
    assert f"Not tried: {NAMES[2]}." in text


def test_the_readme_and_the_report_have_the_kept_results() -> None:
    found = Files().read(NAMES)
    assert read_section(README.read_text(encoding="utf-8"), "league") == short(found)
    assert (KEPT / "results.md").read_text(encoding="utf-8") == report(found)
