"""The scenarios of Entrust, a module for each topic."""

from collections.abc import Sequence
from functools import cache

from watchword.contract.entrust.scenarios import (
    access,
    generating,
    history,
    importing,
    order,
    policy,
    requests,
    setting,
    users,
)
from watchword.contract.entrust.story import Story
from watchword.contract.scenario import Scenario, told
from watchword.systems.entrust.seed_data import SYSTEM

_MODULES = (access, requests, setting, users, generating, policy, history, importing, order)


@cache
def tell_scenarios() -> Sequence[Scenario]:
    """Tell every scenario."""
    return tuple(told(one, Story(SYSTEM)) for module in _MODULES for one in module.about.written)
