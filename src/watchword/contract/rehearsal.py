"""A scenario on one server alone: every answer has to be as the scenario states it."""

from collections.abc import Mapping
from typing import Any

from watchword.contract.driver import Driver, Reply
from watchword.contract.lane import Lane
from watchword.contract.mail_contents import find_lacks
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Call, Expected, LookAtMails, Tune, Wait
from watchword.contract.values import at, fill
from watchword.document import Operation
from watchword.document.outcomes import NO_BODY
from watchword.system import System


class NotAsStated(AssertionError):
    """An answer is not as the scenario states it; the message says in which step, and how."""


def rehearse(scenario: Scenario, driver: Driver, operations: Mapping[str, Operation], system: System) -> None:
    """
    Play *scenario* on a server that is as after a reset.

    Raises:
        NotAsStated: An answer is not as the scenario states it.
    """
    lane = Lane(driver, operations)
    for number, step in enumerate(scenario.steps, 1):
        match step:
            case Wait():
                lane.pass_time(step, precision=driver.precision)
            case Tune():
                lane.tune(step)
            case LookAtMails(to=role):
                found = lane.mails_to(role)
                _state(number, step.says, None if len(found) == step.number else f"there are {len(found)}")
                for lack in find_lacks(lane, step):
                    _state(number, step.says, lack.was)
            case Call(expected=expected):
                reply = lane.send(step)
                assert expected is not None  # noqa: S101  # every call of a scenario states its answer
                operation = operations[step.operation]
                _state(number, step.says, differs(expected, reply, lane=lane, operation=operation, system=system))
                _state(number, step.says, "the answer repeats a password" if lane.repeats_secret(reply) else None)


def differs(expected: Expected, reply: Reply, *, lane: Lane, operation: Operation, system: System) -> str | None:
    """Say how an answer differs from what is stated of it; None if it does not."""
    if reply.status not in expected.statuses:
        stated = " or ".join(map(str, expected.statuses))
        return f"it was answered {reply.status}, not {stated}: {reply.content.decode(errors='replace')}"
    if expected.name == NO_BODY and reply.content:
        return "the answer has a body"
    shape = operation.shape(reply.status)
    if expected.name not in (None, NO_BODY):
        examples: Mapping[str, Any] = {} if shape is None else shape.examples
        name = str(expected.name)
        wanted = system.code_of(reply.status, examples[name]) if name in examples else frozenset({name})
        if not wanted <= system.code_of(reply.status, reply.body):
            return f"the answer is not {expected.name}: {reply.content.decode(errors='replace')}"
    for pointer, template in expected.shows.items():
        stated, found = fill(template, lane.known), _read(reply.body, pointer)
        if _sorted(stated) != _sorted(found):
            return f"{pointer} is {found!r}, not {stated!r}"
    return None


def _read(body: Any, pointer: str) -> Any:
    try:
        return at(body, pointer)
    except LookupError:
        return None


def _sorted(value: Any) -> Any:
    """Lists of objects, such as invalid fields, have no order that counts."""
    return sorted(value, key=repr) if isinstance(value, list) else value


def _state(number: int, says: str, problem: str | None) -> None:
    if problem is not None:
        raise NotAsStated(f"step {number}, {says}: {problem}")
