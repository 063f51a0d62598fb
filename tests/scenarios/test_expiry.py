"""The moment at which a password expires, on somebody else's server: as far away, whatever its clock shows."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.scenarios.conftest import Examine
from tests.scenarios.other_multi import DAY, Multi
from watchword.contract.bindings import with_codes
from watchword.contract.oracle import Oracle, private_oracle
from watchword.contract.scenario import Scenario
from watchword.contract.steps import Step
from watchword.contract.subjects import SUBJECTS
from watchword.contract.weavr.story import Story

SETTINGS = {"programmes": {"main": {"root_profile": {"expires_after": "P365D"}}}}


@pytest.fixture(scope="module")
def oracle() -> Iterator[Oracle]:
    """A stand-in whose passwords are good for a year."""
    with private_oracle(SUBJECTS["weavr_multi"], tuned=with_codes(None, SETTINGS)) as oracle:
        yield oracle


def told(*, wait: timedelta = timedelta()) -> Scenario:
    """Tell of an update, after some time has passed."""
    story = Story("weavr_multi")
    if wait:
        story.wait(wait)
    story.person("member").updates()
    steps: tuple[Step, ...] = tuple(story.steps)
    return Scenario("weavr_multi", "the_answer_has_the_moment", "Update", (), (), steps)


def test_a_fingerprint_does_not_have_the_moment_in_it(examine: Examine, multi: Multi) -> None:
    fingerprints = set()
    for days in (30, 31):
        multi.expires_after = days * DAY
        run = examine()
        run.play([told()])
        assert [one.place for one in run.findings] == ["body/passwordInfo/expiryDate"]
        fingerprints.add(run.findings[0].fingerprint)
    assert len(fingerprints) == 1


def test_a_reset_puts_the_clock_of_a_server_back(examine: Examine, multi: Multi) -> None:
    multi.expires_after = 365 * DAY
    run = examine()
    run.play([told(wait=timedelta(days=2)), told()])
    assert run.findings == []
