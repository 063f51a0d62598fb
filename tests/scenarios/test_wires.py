"""ZITADEL's other protocols: the same scenarios over Connect, on a server that is right and on one that is not."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from watchword.contract.driver import Driver, Reply, Request
from watchword.contract.examination import Examination, Played
from watchword.contract.in_process import InProcess
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.reports import REPORTS
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.wires import compare_wires
from watchword.contract.zitadel.connect import CONNECT
from watchword.domain.rule import Grade

SUBJECT = SUBJECTS["zitadel"]
V4_6 = {"zitadel_profile": "v4.6"}
OF_ANOTHER_RELEASE = "links_begin_with_the_setting_portal_url"
"""Would not be kept by v4.6 over REST either."""
ALL = [one for one in SUBJECT.tell() if CONNECT.can_tell(one, V4_6) and one.name != OF_ANOTHER_RELEASE]
ABOUT_PERMISSION = [one for one in ALL if one.name == "list_sessions_needs_a_token_that_is_known"]


@dataclass
class Forgiving(InProcess):
    """A server that calls every caller whom it does not know forbidden, over Connect only."""

    def send(self, request: Request) -> Reply:
        """Answer."""
        reply = super().send(request)
        if "/zitadel." not in request.path or reply.status != 401:
            return reply
        return Reply(403, reply.headers, reply.content, {**reply.body, "code": "permission_denied"})


@dataclass
class OnlyRest(InProcess):
    """A server that has no Connect."""

    def send(self, request: Request) -> Reply:
        """Answer."""
        return Reply(404, {}, b"no", None) if "/zitadel." in request.path else super().send(request)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Oracle, InProcess]]:
    """The stand-in that knows every answer of v4.6, and another server."""
    with ExitStack() as stack:
        oracle, other = (stack.enter_context(private_oracle(SUBJECT, tuned=V4_6)) for _ in range(2))
        yield oracle, other.driver


def like(other: InProcess, kind: type[InProcess]) -> InProcess:
    """Make a server of another kind that has the same sandbox."""
    return kind(other.app, other.runner, other.sandboxes, other.name, other.system, other.personas, other.tuned)


def begin(oracle: Oracle, target: Driver, kept: list[Scenario]) -> tuple[Examination, list[str]]:
    """Begin a test in which these scenarios were kept over REST; gives what it says."""
    said: list[str] = []
    run = Examination(oracle, target, "http://127.0.0.1:9", Grade.OBSERVED, (), date.max, timedelta(), said.append)
    run.played += [Played(one) for one in kept]
    return run, said


def test_most_scenarios_can_be_told_over_connect_of_the_releases_that_speak_it() -> None:
    assert len(ALL) > 300
    older = [one for one in SUBJECT.tell() if CONNECT.can_tell(one, {"zitadel_profile": "v2.65"})]
    assert all("v4." in one.variant for one in older)


def test_nothing_is_found_on_a_server_that_is_right(servers: tuple[Oracle, InProcess]) -> None:
    run, _ = begin(*servers, ALL)
    compare_wires(run, scenarios=40, random_seed=1)
    assert run.findings == []
    drawn = run.played[len(ALL) :]
    assert (len(drawn), {one.skipped for one in drawn}) == (40, {""})
    assert all(one.scenario.variant.endswith("over Connect") for one in drawn)
    again, _ = begin(*servers, ALL)
    compare_wires(again, scenarios=3, random_seed=1)
    assert [one.scenario for one in again.played[len(ALL) :]] == [one.scenario for one in drawn[:3]]


def test_a_code_that_differs_over_connect_is_found_with_its_call(servers: tuple[Oracle, InProcess]) -> None:
    oracle, other = servers
    run, _ = begin(oracle, like(other, Forgiving), ABOUT_PERMISSION)
    compare_wires(run, scenarios=5, random_seed=1)
    (found, *_) = run.findings
    assert (found.phase, found.over, found.place) == ("wires", "Connect", "status")
    assert (found.was, found.should) == ("403 PERMISSION_DENIED", "401 UNAUTHENTICATED")
    assert "over Connect)." in found.title
    assert "curl -sS -X POST http://127.0.0.1:9/zitadel.session.v2" in found.replay[-1]
    assert "over='Connect'," in REPORTS["pytest"](run, judge(run))


def test_a_server_that_has_only_rest_is_not_tested_over_connect(servers: tuple[Oracle, InProcess]) -> None:
    run, said = begin(servers[0], like(servers[1], OnlyRest), ABOUT_PERMISSION)
    compare_wires(run, scenarios=5, random_seed=1)
    assert (run.findings, said) == ([], ["nothing is tested over Connect: the server does not speak it"])


def test_a_release_without_connect_is_not_tested_over_it(servers: tuple[Oracle, InProcess]) -> None:
    kept = [one for one in ALL if "v4." not in one.variant]
    with private_oracle(SUBJECT, tuned={"zitadel_profile": "v2.65"}) as oracle:
        run, said = begin(oracle, servers[1], kept)
        compare_wires(run, scenarios=5, random_seed=1)
    assert said == ["nothing is tested over Connect: the settings name no release that speaks it"]
    assert len(run.played) == len(kept)
