"""Before anything else: is everybody there whom the bindings name, and do the hooks work?"""

from collections.abc import Iterator, Sequence

import orjson

from watchword.contract.driver import Driver, Reply, TargetFailed
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.steps import Call, Expected, Step
from watchword.contract.subject import in_words
from watchword.contract.values import Unknown, at


def find_problems(oracle: Oracle, target: Driver) -> Iterator[str]:
    """
    Log everybody in, once and with the right password.

    Returns:
        What is missing, in sentences; nothing if a run can begin.
    """
    if not target.personas:
        first = in_words(oracle.subject.first_roles)
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
            reply = lane.send(step)
        except Unknown as missing:
            yield f"people.{role}: {missing.value} is missing."
            return
        problem = _differs(step.expected, reply)
        if problem:
            yield (
                f"people.{role}: log-in was answered {problem}."
                f" Check what [people.{role}] says, and that the path of the address is right."
            )
            return


def _differs(expected: Expected, reply: Reply) -> str:
    """Say how an answer is another than the one that a log-in states; empty if it is that."""
    if reply.status not in expected.statuses:
        return f"{reply.status}, not {' or '.join(map(str, expected.statuses))}"
    for pointer, stated in expected.shows.items():
        try:
            found = at(reply.body, pointer)
        except LookupError:
            found = None
        if found != stated:
            return f"{reply.status}, but {pointer} is not {orjson.dumps(stated).decode()}"
    return ""
