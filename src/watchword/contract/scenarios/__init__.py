"""All scenarios, by system."""

from collections.abc import Mapping
from functools import cache

from watchword.contract.scenario import Scenario, by_system
from watchword.contract.scenarios.weavr import weavr_scenarios


@cache
def scenarios() -> Mapping[str, tuple[Scenario, ...]]:
    """List the scenarios of each system, in the order in which they are told."""
    return by_system(weavr_scenarios())
