"""The scenarios of both Weavr products, a module for each topic."""

from collections.abc import Sequence

from watchword.contract.scenario import Scenario
from watchword.contract.scenarios.weavr import (
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


def weavr_scenarios() -> Sequence[Scenario]:
    """Tell every scenario of every product that it is about."""
    found = []
    for module in _MODULES:
        for written in module.about.written:
            for system in written.systems:
                story = Story(system)
                written.tell(story)
                told = (written.name, written.topic, written.proves, written.shows, tuple(story.steps))
                found.append(Scenario(system, *told))
    return found
