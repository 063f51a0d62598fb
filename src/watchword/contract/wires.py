"""Scenarios once more over the other protocols of a system: each has to be answered with the same code."""

from collections.abc import Sequence
from hashlib import blake2b

from watchword.contract.driver import NoAnswer, Request
from watchword.contract.examination import Examination, TimeLeft, always
from watchword.contract.other_wire import OtherWire
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call


def compare_wires(examination: Examination, *, scenarios: int, random_seed: int, time_left: TimeLeft = always) -> None:
    """
    Play some of the scenarios that were kept over every other protocol, each after a reset.

    Args:
        scenarios: How many for each protocol; they are drawn.
        time_left: Whether another one may begin.

    Raises:
        TargetFailed: The server cannot be reached, or a hook does not work.
    """
    oracle = examination.oracle
    kept = [one.scenario for one in examination.played if not one.skipped and not one.findings]
    if not (scenarios and kept):
        return
    for wire in oracle.subject.wires:
        told = [wire.tell(one) for one in kept if wire.can_tell(one, oracle.tuned)]
        if obstacle := _obstacle(examination, wire, told):
            examination.say(f"nothing is tested over {wire.name}: {obstacle}")
            continue
        told.sort(key=lambda one: blake2b(f"{random_seed} {one.name} {one.variant}".encode()).digest())
        examination.play(told[:scenarios], time_left=time_left, wire=wire)


def _obstacle(examination: Examination, wire: OtherWire, told: Sequence[Scenario]) -> str:
    """Say why nothing can be tested over a protocol; empty if something can."""
    calls = (step.operation for one in told for step in one.steps if isinstance(step, Call))
    path = wire.path(next(calls, ""))
    if path is None and not wire.is_spoken(examination.oracle.tuned):
        return "the settings name no release that speaks it"
    if path is None:
        return "no scenario that was kept can be told over it"
    probe = wire.encode(Request("", "POST", path, {"content-type": "application/json"}, b"{}"))
    try:
        is_spoken = wire.is_answer(examination.target.send(probe))
    except NoAnswer as error:
        return str(error)  # one that does not know HTTP/2 closes the connection
    return "" if is_spoken else "the server does not speak it"
