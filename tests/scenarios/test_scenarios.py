"""The scenarios, each a test of its own: a sandbox in this process answers as they state."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.conftest import Api
from tests.outcomes import outcome, plays, proves, shows
from watchword.build import Built
from watchword.contract.in_process import InProcess
from watchword.contract.rehearsal import rehearse
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.described import load_document
from watchword.document import Document


def _mark(scenario: Scenario, document: Document) -> list[pytest.MarkDecorator]:
    """Promise the documented outcomes of a scenario; what a document leaves to ``default`` is none."""
    reached = [
        outcome(operation, status, name)
        for operation, status, name in scenario.outcomes
        if str(status) in document.operations[operation].responses
    ]
    return [*reached, plays(*(f"{scenario.system}.{one}" for one in sorted(scenario.operations)))]


def _make_test(told: list[Scenario], document: Document) -> Callable[..., None]:
    """Make the test of a scenario, for the systems that it is told of."""
    parameters = [pytest.param(one, id=one.variant or one.system, marks=_mark(one, document)) for one in told]

    @pytest.mark.parametrize("scenario", parameters)
    def test(scenario: Scenario, api: Api, built: Built, runner: asyncio.Runner) -> None:
        assert api.sandbox is not None
        sandboxes = built.imitated.sandboxes
        driver = InProcess(
            built.app,
            runner,
            sandboxes,
            api.sandbox,
            scenario.system,
            SUBJECTS[scenario.system].cast(sandboxes.people()),
        )
        rehearse(scenario, driver, document.operations, built.imitated.systems[scenario.system])

    marked = proves(*told[0].proves)(test) if told[0].proves else test
    return shows(*told[0].shows)(marked) if told[0].shows else marked


def _collect() -> None:
    document, by_name = load_document(), defaultdict[str, list[Scenario]](list)
    for one in (scenario for subject in SUBJECTS.values() for scenario in subject.tell()):
        by_name[one.name].append(one)
    for name, told in by_name.items():
        assert len({(one.system, one.variant) for one in told}) == len(told), f"two scenarios are called {name}"
        assert len({(one.topic, one.proves) for one in told}) == 1, f"scenarios of two topics are called {name}"
        globals()[f"test_{name}"] = _make_test(told, document)


_collect()
