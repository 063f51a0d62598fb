"""The scenarios of ZITADEL, a module for each topic."""

from collections.abc import Sequence
from functools import cache

from watchword.contract.scenario import Scenario
from watchword.contract.zitadel.scenarios import (
    access,
    assertions,
    codes,
    orders,
    passwords,
    policies,
    searches,
    session_access,
    sessions,
    settings,
    tokens,
    users,
)

_MODULES = (
    passwords,
    policies,
    codes,
    sessions,
    session_access,
    users,
    searches,
    settings,
    access,
    tokens,
    assertions,
    orders,
)


@cache
def tell_scenarios() -> Sequence[Scenario]:
    """Tell every scenario, of each release and package that it is about."""
    return tuple(scenario for module in _MODULES for scenario in module.about.tell())
