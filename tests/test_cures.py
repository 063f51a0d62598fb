"""How many of the refusals that one change cures what-if finds."""

import re
from pathlib import Path

from tests.cured import cured
from tests.incurable import refusals
from watchword.review.decided import decided

README = Path(__file__).parents[1] / "README.md"


def test_at_least_nine_in_ten_curable_refusals_are_cured_and_the_readme_says_how_many() -> None:
    curable = [one for one in refusals(decided()) if not one.reason]
    found = [one for one in curable if one.outcome in cured().get(one.operation, {})]
    assert len(found) / len(curable) >= 0.9
    told = re.search(r"Of the ([\d,]+) documented refusals that one change cures it finds ([\d,]+)", README.read_text())
    assert told is not None
    assert [int(one.replace(",", "")) for one in told.groups()] == [len(curable), len(found)]


def test_only_refusals_that_tests_reach_are_listed() -> None:
    reached = {(one.operation, one.outcome) for one in refusals(decided())}
    assert {(operation, name) for operation, names in cured().items() for name in names} <= reached


def test_no_reason_is_given_for_what_is_cured() -> None:
    excused = {(one.operation, one.outcome) for one in refusals(decided()) if one.reason}
    assert not excused & {(operation, name) for operation, names in cured().items() for name in names}
