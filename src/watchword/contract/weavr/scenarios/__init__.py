"""The scenarios of both Weavr products, a module for each topic."""

from collections.abc import Sequence
from functools import cache

from watchword.contract.scenario import Scenario, told
from watchword.contract.weavr.scenarios import (
    create,
    login,
    lost_password,
    programmes,
    tokeniser,
    update,
    validate,
)
from watchword.contract.weavr.story import Story

_MODULES = (validate, create, update, lost_password, login, tokeniser, programmes)


@cache
def tell_scenarios(product: str) -> Sequence[Scenario]:
    """Tell every scenario that is about a product."""
    written = (one for module in _MODULES for one in module.about.written if product in one.systems)
    return tuple(told(one, Story(product)) for one in written)
