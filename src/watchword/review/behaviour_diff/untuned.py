"""Scenarios that change a setting in which two sides differ, played as the sides are set."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from watchword.contract.scenario import Scenario
from watchword.contract.steps import Step, Tune
from watchword.review.behaviour_diff.knobs import Setting

AS_SET = "as the sides are set"
"""The variant of such a scenario."""
Path = tuple[str, ...]


def untuned(scenarios: Sequence[Scenario], settings: Sequence[Setting]) -> Iterator[Scenario]:
    """
    Leave out the steps of scenarios that change what differs: they lead to where the setting matters.

    Args:
        settings: In which the sides differ.
    """
    paths, told = [one.path for one in settings], defaultdict[str, list[tuple[Step, ...]]](list)
    for scenario in scenarios:
        steps = tuple(one for one in scenario.steps if not _changes(one, paths))
        # What is told of several releases is the same without them.
        if len(steps) < len(scenario.steps) and steps not in told[scenario.name]:
            told[scenario.name].append(steps)
            yield replace(scenario, steps=steps, variant=AS_SET)


def _changes(step: Step, paths: Sequence[Path]) -> bool:
    """Whether a step changes a setting at one of *paths*, or above or below one."""
    if not isinstance(step, Tune):
        return False
    return any(_meet(changed, path) for changed in _leaves(step.settings) for path in paths)


def _meet(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _leaves(settings: Mapping[str, Any], path: Path = ()) -> Iterator[Path]:
    for name, value in settings.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, (*path, name))
        else:
            yield (*path, name)
