"""This commit against another one: the same requests to both, load by load in turn."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass

from tests.bench import protocols, starting, throughput
from tests.bench.load import LoadFailed, Pace
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server
from tests.bench.run import Run
from tests.bench.scenarios import Scenario
from tests.bench.targets import Target
from tests.bench.verdicts import GROUP, SHARE, THAT, THIS
from watchword.build import Options, imitated_api
from watchword.domain.hashing import Profile

_REFUSING = 400
_TOLERATED = 0.01
"""So many answers may be others than expected: where a client is held up, an update may overtake the one before."""


@dataclass(frozen=True)
class Thing:
    """
    One kind of request.

    Args:
        ask: Asks a server once and tells what came back.
        right: What has to come back.
        load: Asks a server for some seconds.
    """

    title: str
    ask: Callable[[Server], str]
    right: str
    load: Callable[[Target, Server], Pace]


@dataclass(frozen=True)
class Life:
    """A server of one round: the seconds to its first answer, and its memory then and in the end, in MiB."""

    seconds: float
    fresh: float
    loaded: float


def measure(run: Run) -> None:
    """
    Start both anew for every round and load them in turn; who comes first in one round comes second in the next.

    New servers show starts and memory too, and what is chance in one process, as its hash seed, is not so in all.

    Raises:
        NotStarted: One of them gives no answer.
    """
    things = [*(_sent(run, one) for one in run.scenarios.values()), *_protocols(run)]
    run.say("a first look at both")
    impossible = _first_look(run, things)
    able = [thing for thing in things if thing.title not in impossible]
    paces: dict[str, list[Mapping[str, Pace]]] = {thing.title: [] for thing in able}
    failures: dict[str, list[str]] = {thing.title: [] for thing in able}
    lives: dict[str, list[Life]] = {THIS: [], THAT: []}
    for number in range(run.plan.rounds):
        run.say(f"round {number + 1} of {run.plan.rounds}")
        with ExitStack() as stack:
            servers = {one.name: stack.enter_context(run.serving(one)) for one in turned(run.targets, number)}
            fresh = {name: server.resident() for name, server in servers.items()}
            _warm_up(run, servers, able)
            for place, thing in enumerate(able):
                try:
                    paces[thing.title].append(_loaded(turned(run.targets, number + place), servers, thing))
                except LoadFailed as error:
                    failures[thing.title].append(str(error))
            for name, server in servers.items():
                lives[name].append(Life(server.seconds, fresh[name], server.resident()))
    for thing in things:
        if thing.title in impossible:
            run.measures.failed(GROUP, thing.title, THIS, impossible[thing.title])
        else:
            _report(run, thing.title, paces[thing.title], failures[thing.title])
    for name, those in lives.items():
        run.measures.add(
            Measure(GROUP, f"{starting.FIRST}, s", name, "s", tuple(one.seconds for one in those)),
            Measure(GROUP, "memory after start, MiB", name, "MiB", tuple(one.fresh for one in those)),
            Measure(GROUP, "memory after load, MiB", name, "MiB", tuple(one.loaded for one in those)),
        )


def turned(targets: Sequence[Target], number: int) -> Sequence[Target]:
    """Backwards every other time: A B, B A, A B."""
    return targets if number % 2 == 0 else targets[::-1]


def _sent(run: Run, scenario: Scenario, title: str = "") -> Thing:
    def loaded(target: Target, server: Server) -> Pace:
        found = run.load(target, server, scenario.script, seconds=run.plan.seconds)
        wrong = abs(found.refused - (found.requests if scenario.status >= _REFUSING else 0)) + found.lost
        if wrong > found.requests * _TOLERATED:
            raise LoadFailed(f"{wrong} of {found.requests} answers were not {scenario.status}")
        return found

    def asked(server: Server) -> str:
        return throughput.status(scenario, server)

    return Thing(title or scenario.title, asked, str(scenario.status), loaded)


def _protocols(run: Run) -> list[Thing]:
    """ZITADEL's other protocols, beside one operation of its REST that they are to be compared with."""
    asked = protocols.Asked.about(imitated_api(Options(hashing=Profile.FAST)).sandboxes.people())
    web = asked.web()
    return [
        _sent(run, asked.rest(), "ZITADEL reset"),
        _sent(run, asked.connect(), "ZITADEL reset over Connect"),
        Thing(
            "ZITADEL reset over gRPC-Web",
            asked.web_status,
            protocols.OK,
            lambda target, server: run.load(target, server, web, seconds=run.plan.seconds),
        ),
        Thing(
            "ZITADEL reset over gRPC",
            lambda server: asked.grpc_status(run, server),
            protocols.OK,
            lambda _target, server: asked.grpc(run, server, seconds=run.plan.seconds),
        ),
    ]


def _first_look(run: Run, things: Sequence[Thing]) -> dict[str, str]:
    """Ask both everything once and tell what cannot be compared; Python compiles what it has not yet compiled."""
    reasons: dict[str, str] = {}
    for target in run.targets:
        try:
            with run.serving(target) as server:
                for thing in things:
                    answered = thing.ask(server)
                    if answered != thing.right:
                        reasons.setdefault(thing.title, f"{target.name}: {answered} instead of {thing.right}")
        except NotStarted as error:
            raise NotStarted(f"{target.name.capitalize()} commit does not start: {error}") from error
    return reasons


def _warm_up(run: Run, servers: Mapping[str, Server], things: Sequence[Thing]) -> None:
    for thing in things:
        # What few need is loaded when it is first asked for.
        for server in servers.values():
            thing.ask(server)
    with suppress(LoadFailed):
        for thing in things[:1]:
            _loaded(run.targets, servers, thing)


def _loaded(order: Sequence[Target], servers: Mapping[str, Server], thing: Thing) -> Mapping[str, Pace]:
    """
    Load both, one right after the other, while the respective other one stands still.

    Raises:
        LoadFailed: There is no result of one.
    """
    paces: dict[str, Pace] = {}
    for target, other in zip(order, reversed(order), strict=True):
        try:
            with servers[other.name].paused():
                paces[target.name] = thing.load(target, servers[target.name])
        except (LoadFailed, OSError) as error:
            raise LoadFailed(f"{target.name}: {error}") from error
    return paces


def _report(run: Run, title: str, rounds: Sequence[Mapping[str, Pace]], failures: Sequence[str]) -> None:
    if not rounds:
        run.measures.failed(GROUP, title, THIS, failures[-1])
        return
    note = f"{len(failures)} of {run.plan.rounds} rounds failed: {failures[-1]}" if failures else ""
    for side in (THIS, THAT):
        paces = [one[side] for one in rounds]
        run.measures.add(
            Measure(GROUP, f"{title}, req/s", side, "req/s", tuple(one.rate for one in paces), note),
            Measure(GROUP, f"{title}, µs of CPU", side, "µs", tuple(one.cpu_each for one in paces), note),
            Measure(SHARE, title, side, "", tuple(one.share for one in paces)),
        )
