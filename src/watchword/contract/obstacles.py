"""Why a scenario cannot be played on a server."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from watchword.contract.driver import Ability, Driver
from watchword.contract.scenario import Scenario

_HOOKS = {Ability.RESET: "reset hook", Ability.CLOCK: "clock hook", Ability.MAILS: "mails hook"}


@dataclass(frozen=True)
class Obstacle:
    """
    What is in the way of a scenario.

    Args:
        reason: Why it is not played.
        without: What would have to be there.
    """

    reason: str
    without: str


def find_obstacles(
    scenario: Scenario, target: Driver, tuned: Mapping[str, Any], *, failed_log_ins: int
) -> Iterator[Obstacle]:
    """
    Say all that is in the way of a scenario on a server that is as after a reset.

    Args:
        tuned: The settings that the server has by itself.
        failed_log_ins: How many wrong passwords one person would enter.
    """
    for role in sorted(scenario.roles - target.personas.keys()):
        yield Obstacle(f"nobody plays {role}", role)
    for operation in sorted(scenario.operations):
        if is_absent(target, operation):
            yield no_operation(operation)
    for ability in sorted(scenario.needs(tuned) - target.abilities):
        yield lacking(ability)
    if failed_log_ins > target.failed_log_ins:
        yield too_many_failed_log_ins(target)


def is_absent(target: Driver, operation: str) -> bool:
    """Whether a server does not have an operation, by the part of its id after the dot."""
    return any(fnmatchcase(operation, one) for one in target.lacks)


def no_operation(operation: str) -> Obstacle:
    """Say that a server does not have an operation, by the part of its id after the dot."""
    return Obstacle(f"no operation {operation}", f"the operation {operation}")


def lacking(ability: Ability) -> Obstacle:
    """Say that a server cannot be made to do something."""
    if ability in _HOOKS:
        return Obstacle(f"no {_HOOKS[ability]}", f"a {_HOOKS[ability]}")
    if ability is Ability.CODES:
        return Obstacle("neither a mails hook nor [server] code", "a mails hook or [server] code")
    return Obstacle("its settings cannot be changed", "settings that can be changed")


def too_many_failed_log_ins(target: Driver) -> Obstacle:
    """Say that somebody would enter more wrong passwords than may be."""
    told = f"[server] failed_log_ins = {target.failed_log_ins}"
    return Obstacle(told, f"more wrong passwords ({told})")
