"""ZITADEL's other protocols: the same scenarios over each, on a server that is right and on one that is not."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.scenarios.curt import FINE, curt
from tests.serving import serving
from watchword.contract.driver import Driver, Reply, Request
from watchword.contract.examination import Examination, Played
from watchword.contract.http_target import HttpTarget
from watchword.contract.in_process import InProcess
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.other_wire import OtherWire
from watchword.contract.reports import REPORTS
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.contract.verdict import judge
from watchword.contract.watchword_target import WatchwordTarget
from watchword.contract.wire import Wire
from watchword.contract.wires import compare_wires
from watchword.domain.rule import Grade

SUBJECT = SUBJECTS["zitadel"]
CONNECT, GRPC, GRPC_WEB = SUBJECT.wires
OVER_EACH = pytest.mark.parametrize("wire", SUBJECT.wires, ids=[one.name for one in SUBJECT.wires])
V4_6 = {"zitadel_profile": "v4.6"}
OF_ANOTHER_RELEASE = "links_begin_with_the_setting_portal_url"
"""Would not be kept by v4.6 over REST either."""
ALL = [one for one in SUBJECT.tell() if CONNECT.can_tell(one, V4_6) and one.name != OF_ANOTHER_RELEASE]
ABOUT_PERMISSION = [one for one in ALL if one.name == "list_sessions_needs_a_token_that_is_known"]


@dataclass
class Changing(InProcess):
    """A server that answers as *change* has it, but for REST."""

    change: Callable[[Reply], Reply] = lambda reply: reply

    def send(self, request: Request) -> Reply:
        """Answer."""
        reply = super().send(request)
        return self.change(reply) if "/zitadel." in request.path else reply


def forbid(reply: Reply) -> Reply:
    """Call every caller whom the server does not know forbidden."""
    headers = {name: "7" if (name, value) == ("grpc-status", "16") else value for name, value in reply.headers.items()}
    content = reply.content.replace(b"grpc-status: 16\r\n", b"grpc-status: 7 \r\n")
    if reply.status != 401:
        return replace(reply, headers=headers, content=content)
    return Reply(403, reply.headers, reply.content, {**reply.body, "code": "permission_denied"})


def without_status(reply: Reply) -> Reply:
    """Leave out the status of a call."""
    headers = {name: value for name, value in reply.headers.items() if name != "grpc-status"}
    return replace(reply, headers=headers, content=reply.content.replace(b"grpc-status", b"other-thing"))


def cut(reply: Reply) -> Reply:
    """Leave out all but the first byte of every message."""
    if reply.content[:1] != b"\0":
        return reply
    behind = reply.content[5 + int.from_bytes(reply.content[1:5]) :]
    return replace(reply, content=b"\0\0\0\0\1\x0a" + behind)


def only_rest(_reply: Reply) -> Reply:
    """Know no other protocol."""
    return Reply(404, {}, b"no", None)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Oracle, InProcess]]:
    """The stand-in that knows every answer of v4.6, and another server."""
    with ExitStack() as stack:
        oracle, other = (stack.enter_context(private_oracle(SUBJECT, tuned=V4_6)) for _ in range(2))
        yield oracle, other.driver


def changed(other: InProcess, change: Callable[[Reply], Reply]) -> Changing:
    """Make a server that has the same sandbox, and answers otherwise."""
    alike = (other.app, other.runner, other.sandboxes, other.name, other.system, other.personas, other.tuned)
    return Changing(*alike, change=change)


def over(wire: OtherWire, oracle: Oracle) -> Oracle:
    """Let the system have one other protocol."""
    return replace(oracle, subject=replace(oracle.subject, wires=(wire,)))


def begin(oracle: Oracle, target: Driver, kept: list[Scenario]) -> tuple[Examination, list[str]]:
    """Begin a test in which these scenarios were kept over REST; gives what it says."""
    said: list[str] = []
    run = Examination(oracle, target, "http://127.0.0.1:9", Grade.OBSERVED, (), date.max, timedelta(), said.append)
    run.played += [Played(one) for one in kept]
    return run, said


def test_most_scenarios_can_be_told_over_each_protocol_of_the_releases_that_speak_it() -> None:
    assert len(ALL) > 300
    for wire in (GRPC, GRPC_WEB):
        assert sum(wire.can_tell(one, V4_6) for one in ALL) > len(ALL) * 9 // 10
    older = [one for one in SUBJECT.tell() if CONNECT.can_tell(one, {"zitadel_profile": "v2.65"})]
    assert all("v4." in one.variant for one in older)
    assert sum(GRPC.can_tell(one, {"zitadel_profile": "v2.65"}) for one in SUBJECT.tell()) > 400


@OVER_EACH
def test_nothing_is_found_on_a_server_that_is_right(servers: tuple[Oracle, InProcess], wire: OtherWire) -> None:
    oracle = over(wire, servers[0])
    run, _ = begin(oracle, servers[1], ALL)
    compare_wires(run, scenarios=40, random_seed=1)
    assert run.findings == []
    drawn = run.played[len(ALL) :]
    assert (len(drawn), {one.skipped for one in drawn}) == (40, {""})
    assert all(one.scenario.variant.endswith(f"over {wire.name}") for one in drawn)
    assert len({(status, name) for _, status, name in run.reached}) > 10
    again, _ = begin(oracle, servers[1], ALL)
    compare_wires(again, scenarios=3, random_seed=1)
    assert [one.scenario for one in again.played[len(ALL) :]] == [one.scenario for one in drawn[:3]]


def test_nothing_is_found_on_our_own_server_over_a_socket(tmp_path: Path) -> None:
    with (
        serving(tmp_path, "--zitadel-profile", "v4.6") as served,
        private_oracle(SUBJECT, tuned=V4_6) as oracle,
        closing(WatchwordTarget(Wire(served.url), "wires", SUBJECT)) as target,
    ):
        run, said = begin(oracle, target, ALL)
        compare_wires(run, scenarios=5, random_seed=1)
    assert (run.findings, said) == ([], [])
    assert {one.skipped for one in run.played} == {""}
    assert len(run.played) == len(ALL) + 15


@OVER_EACH
def test_a_code_that_differs_is_found_with_its_call(servers: tuple[Oracle, InProcess], wire: OtherWire) -> None:
    oracle, other = servers
    run, _ = begin(over(wire, oracle), changed(other, forbid), ABOUT_PERMISSION)
    compare_wires(run, scenarios=5, random_seed=1)
    (found, *_) = run.findings
    assert (found.phase, found.over, found.place) == ("wires", wire.name, "status")
    assert (found.was, found.should) == ("403 PERMISSION_DENIED", "401 UNAUTHENTICATED")
    assert f"over {wire.name})." in found.title
    assert f"{wire.program} http://127.0.0.1:9/zitadel.session.v2" in found.replay[-1]
    assert f"over='{wire.name}'," in REPORTS["pytest"](run, judge(run))


@pytest.mark.parametrize("wire", [GRPC, GRPC_WEB], ids=["gRPC", "gRPC-Web"])
@pytest.mark.parametrize(
    ("change", "was"), [(without_status, "500 UNKNOWN"), (cut, "500 INTERNAL")], ids=["no status", "no message"]
)
def test_an_answer_that_clients_cannot_read_is_found(
    servers: tuple[Oracle, InProcess], wire: OtherWire, change: Callable[[Reply], Reply], was: str
) -> None:
    run, _ = begin(servers[0], changed(servers[1], change), [])
    run.play([wire.tell(one) for one in ALL if wire.can_tell(one, V4_6)][:1], wire=wire)
    assert [(one.place, one.was) for one in run.findings] == [("status", was)]


@OVER_EACH
def test_a_server_that_has_only_rest_is_not_tested_over_others(
    servers: tuple[Oracle, InProcess], wire: OtherWire
) -> None:
    run, said = begin(over(wire, servers[0]), changed(servers[1], only_rest), ABOUT_PERMISSION)
    compare_wires(run, scenarios=5, random_seed=1)
    assert (run.findings, said) == ([], [f"nothing is tested over {wire.name}: the server does not speak it"])


def test_a_server_that_does_not_know_http2_is_not_tested_over_grpc(servers: tuple[Oracle, InProcess]) -> None:
    with curt(FINE) as server, closing(HttpTarget(Wire(server.url), servers[1].personas)) as target:
        run, said = begin(over(GRPC, servers[0]), target, ABOUT_PERMISSION)
        compare_wires(run, scenarios=5, random_seed=1)
    (line,) = said
    assert line.startswith(f"nothing is tested over gRPC: {server.url} does not answer POST /zitadel.session.v2")


def test_a_release_without_connect_is_not_tested_over_it(servers: tuple[Oracle, InProcess]) -> None:
    kept = [one for one in ALL if "v4." not in one.variant]
    with private_oracle(SUBJECT, tuned={"zitadel_profile": "v2.65"}) as oracle:
        run, said = begin(over(CONNECT, oracle), servers[1], kept)
        compare_wires(run, scenarios=5, random_seed=1)
    assert said == ["nothing is tested over Connect: the settings name no release that speaks it"]
    assert len(run.played) == len(kept)
