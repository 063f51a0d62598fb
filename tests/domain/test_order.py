"""The order of checks."""

import pytest

from watchword.domain.order import CheckOrder, Step
from watchword.domain.rule import ASSUMED, DOCUMENTED

ORDER = CheckOrder(
    "update_password",
    (Step("key", DOCUMENTED, "page"), Step("old", DOCUMENTED, "page"), Step("new", ASSUMED, "usual")),
)


@pytest.mark.parametrize(
    ("asked", "misplaced"),
    [
        (["key", "old", "new"], []),
        (["key", "new"], []),
        ([], []),
        (["key", "computing something", "old"], []),
        (["key", "old", "key"], []),
        (["key", "new", "old"], ["old"]),
        (["new", "key", "old"], ["key", "old"]),
    ],
)
def test_rules_that_are_asked_after_a_later_one_are_misplaced(asked: list[str], misplaced: list[str]) -> None:
    assert ORDER.misplaced(asked) == misplaced
