"""Before anything else: is everybody there whom the bindings name, and do the hooks work?"""

from collections.abc import Iterator, Mapping

from watchword.contract.driver import Driver, TargetFailed
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.values import Unknown
from watchword.contract.weavr.story import Story

_LOG_IN: Mapping[str, int] = {
    **dict.fromkeys(("member", "head", "colleague", "sharer", "neighbour", "other-head", "back-office"), 200),
    "expired": 409,
    "expired-quarterly": 409,
}
"""How the log-in of a person with a password is answered; that of the others says nothing about them."""


def find_problems(oracle: Oracle, target: Driver) -> Iterator[str]:
    """
    Log everybody in, once and with the right password.

    Returns:
        What is missing, in sentences; nothing if a run can begin.
    """
    if not target.personas:
        yield "Nobody is bound: name newcomer and member in [people] at least (--init writes an example)."
    lane = Lane(target, oracle.operations)
    for role, status in _LOG_IN.items():
        if role not in target.personas:
            continue
        story = Story(oracle.system.name)
        story.person(role).logs_in()
        (step,) = story.steps
        try:
            reply = lane.send(step)  # type: ignore[arg-type]  # a log-in is a call
        except Unknown as missing:
            yield f"people.{role}: {missing.value} is missing."
            continue
        except TargetFailed as error:
            yield f"{error}."
            return
        if reply.status != status:
            yield (
                f"people.{role}: log-in was answered {reply.status}, not {status}."
                f" Check login, password and key, and that the path of the address is right."
            )
    try:
        list(target.mails())
    except TargetFailed as error:
        yield f"{error}."
