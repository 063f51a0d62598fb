"""The same requests for everybody, in turn; and how much memory that takes."""

import http.client
import time
from contextlib import ExitStack, suppress

from tests.bench.load import Load, LoadFailed
from tests.bench.measure import Measure
from tests.bench.processes import NotStarted, Server
from tests.bench.run import Run
from tests.bench.scenarios import Scenario
from tests.bench.targets import WATCHWORD, Target

RATE, P50, P99, CPU, SHARE, RATIO, MEMORY = "rate", "p50", "p99", "cpu", "share", "ratio", "memory"
AFTER_LOAD = "after load"
Pair = tuple[str, str]


def measure(run: Run) -> None:
    """Start everybody, load everybody round by round, stop everybody."""
    with ExitStack() as stack:
        servers = _started(run, stack)
        pairs = [
            (scenario, target)
            for scenario in run.scenarios.values()
            for target in run.targets
            if target.name in servers and target.can(scenario)
        ]
        notes = {(one.name, who.name): status(one, servers[who.name]) for one, who in pairs}
        run.say("warming up")
        # Virtual machines compile what is hot; a quick run is content with one kind of request.
        for scenario, target in [pair for pair in pairs if pair[0].bare] if run.plan.quick else pairs:
            # What fails here fails again below, where it is reported.
            with suppress(LoadFailed):
                run.load(target, servers[target.name], scenario.script, seconds=run.plan.warm_seconds)
        # Here they compile on, which they cannot while they are paused.
        time.sleep(run.plan.warm_seconds)
        loads: dict[Pair, list[Load]] = {key: [] for key in notes}
        reasons: dict[Pair, str] = {}
        for number in range(run.plan.rounds):
            run.say(f"requests: round {number + 1} of {run.plan.rounds}")
            # Backwards every other time, so that nobody always comes after the same neighbour.
            for scenario, target in pairs if number % 2 == 0 else reversed(pairs):
                key = scenario.name, target.name
                try:
                    loads[key].append(_load(run, servers, scenario, target, seconds=run.plan.seconds))
                except LoadFailed as error:
                    reasons[key] = str(error)
        for key, note in notes.items():
            _report(run, key, loads[key], note=note, reason=reasons.get(key, ""))
        for name, server in servers.items():
            served = sum(load.requests for (_, who), these in loads.items() for load in these if who == name)
            run.measures.add(Measure(MEMORY, AFTER_LOAD, name, "MiB", (server.resident(),), f"{served} requests"))
    _compare(run)


def _load(run: Run, servers: dict[str, Server], scenario: Scenario, target: Target, *, seconds: int) -> Load:
    """Load one server while the others, which share its core, stand still."""
    with ExitStack() as stack:
        for name, server in servers.items():
            if name != target.name:
                stack.enter_context(server.paused())
        return run.load(target, servers[target.name], scenario.script, seconds=seconds)


def _started(run: Run, stack: ExitStack) -> dict[str, Server]:
    servers = {}
    for target in run.targets:
        reason = target.lacking
        if not reason:
            try:
                servers[target.name] = stack.enter_context(run.serving(target))
                continue
            except NotStarted as error:
                reason = str(error)
        run.say(f"{target.name}: not measured: {reason}")
        run.measures.failed(RATE, "everything", target.name, reason)
    return servers


def status(scenario: Scenario, server: Server) -> str:
    """Ask *server* once and tell the status, or what happened instead."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        return str(scenario.ask(connection))
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def _report(run: Run, key: Pair, loads: list[Load], *, note: str, reason: str) -> None:
    name, target = key
    title = run.scenarios[name].title
    if reason or not loads:
        run.measures.failed(RATE, title, target, reason or "no round was finished")
        return
    total, refused, lost = (
        sum(values) for values in zip(*((x.requests, x.refused, x.lost) for x in loads), strict=True)
    )
    if 0 < refused < total:
        note += f", {refused / total:.2%} refused"
    if lost:
        note += f", {lost} lost"
    if target == WATCHWORD and note != str(run.scenarios[name].status):
        note += f" instead of {run.scenarios[name].status}"
    run.measures.add(
        Measure(RATE, title, target, "req/s", tuple(load.rate for load in loads), note),
        Measure(P50, title, target, "ms", tuple(load.p50 for load in loads)),
        Measure(P99, title, target, "ms", tuple(load.p99 for load in loads)),
        Measure(CPU, title, target, "µs", tuple(load.cpu_each for load in loads)),
        Measure(SHARE, title, target, "", tuple(load.share for load in loads)),
    )


def _compare(run: Run) -> None:
    for scenario in run.scenarios.values():
        mine = run.measures.find(RATE, scenario.title, WATCHWORD)
        for target in run.targets[1:]:
            other = run.measures.find(RATE, scenario.title, target.name)
            if mine and other:
                run.measures.add(_ratio(mine, other, target))


def _ratio(mine: Measure, other: Measure, target: Target) -> Measure:
    quotient = mine.per(other, what=mine.what)
    return Measure(RATIO, mine.what, target.name, quotient.unit, quotient.values)
