"""Faults in a few words, for people."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from watchword.sandbox.faults import ArmedFault, Cut, DeclaredAnswer, Delay, Effect, FaultPlan, Match

BROKEN: Mapping[Cut, str] = {
    Cut.CONNECTION_RESET_BY_PEER: "connection reset",
    Cut.EMPTY_RESPONSE: "connection closed without an answer",
    Cut.MALFORMED_RESPONSE_CHUNK: "answer cut off",
    Cut.RANDOM_DATA_THEN_CLOSE: "random data",
}
"""How a connection breaks."""
ANSWERS: Mapping[str, str] = {"429": "too many requests", "500": "outage", "503": "maintenance"}
"""What a status says."""


def tell_fault(plan: FaultPlan) -> str:
    """Say which requests a fault is for, what goes wrong, and when and how often, unless it is before each of them."""
    return ", ".join((f"{tell_match(plan.match)}: {tell_effect(plan.fault)}", *tell_occasions(plan)))


def name_fault(armed: ArmedFault) -> str:
    """Name an armed fault by the requests that it is for, and by its id, with which it can be disarmed."""
    return f"the fault for {tell_match(armed.plan.match)} ({armed.id})"


def tell_occasions(plan: FaultPlan) -> Iterator[str]:
    """Say when and how often it goes wrong; nothing if it is before each request that the fault is for is handled."""
    if plan.when == "after":
        yield "after it changed something"
    if plan.times is not None:
        yield f"{plan.times} time{'' if plan.times == 1 else 's'}"
    if plan.after:
        yield "not the first" if plan.after == 1 else f"not the first {plan.after}"
    if plan.probability < 1:
        yield f"with probability {plan.probability}"


def tell_match(match: Match) -> str:
    """Say which requests a fault is for."""
    where = match.operation or match.system or match.path or "every operation"
    return where if match.person is None else f"{where}, {match.person}"


def tell_effect(effect: Effect) -> str:
    """Say what goes wrong."""
    words: list[str] = []
    if effect.answer is not None:
        words.append(_answer(effect.answer))
    if effect.connection is not None:
        words.append(BROKEN[effect.connection])
    if effect.rpc is not None:
        words.append(f"RPC fails with {effect.rpc.code}")
    if effect.delay is not None:
        words.append(_delay(effect.delay))
    return ", ".join(words)


def _answer(answer: DeclaredAnswer) -> str:
    return " ".join(one for one in ("answers", answer.code, answer.example or ANSWERS.get(answer.code, "")) if one)


def _delay(delay: Delay) -> str:
    if delay.lognormal is not None:
        return f"answers slowly, each time differently (median {_span(delay.lognormal.median)})"
    return f"answers after {_span(delay.fixed or timedelta(0))}"


def _span(duration: timedelta) -> str:
    """Write a duration as people do."""
    seconds = duration.total_seconds()
    for unit, length in (("h", 3600), ("min", 60), ("s", 1)):
        if seconds >= length:
            return f"{seconds / length:g} {unit}"
    return f"{seconds * 1000:g} ms"
