"""Before anything else: is everybody there whom the bindings name, and do the hooks work?"""

from collections.abc import Iterator, Sequence

from watchword.contract.driver import Driver, TargetFailed
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.steps import Call, Step
from watchword.contract.values import Unknown


def find_problems(oracle: Oracle, target: Driver) -> Iterator[str]:
    """
    Log everybody in, once and with the right password.

    Returns:
        What is missing, in sentences; nothing if a run can begin.
    """
    if not target.personas:
        first = " and ".join(list(oracle.subject.roles)[:2])
        yield f"Nobody is bound: name {first} in [people] at least (--init writes an example)."
    try:
        lane = Lane(target, oracle.operations)
        for role, steps in oracle.subject.log_ins.items():
            if role in target.personas:
                yield from _log_in(lane, role, steps)
        list(target.mails())
    except TargetFailed as error:
        yield f"{error}."


def _log_in(lane: Lane, role: str, steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if not isinstance(step, Call) or step.expected is None:
            continue
        try:
            status = lane.send(step).status
        except Unknown as missing:
            yield f"people.{role}: {missing.value} is missing."
            return
        if status not in step.expected.statuses:
            stated = " or ".join(map(str, step.expected.statuses))
            yield (
                f"people.{role}: log-in was answered {status}, not {stated}."
                f" Check what [people.{role}] says, and that the path of the address is right."
            )
            return
