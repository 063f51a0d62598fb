"""Which value of the stand-in is meant by one of the server."""

import pytest

from watchword.contract.comparison import Likeness
from watchword.contract.driver import Persona
from watchword.proxy.shadow.counterparts import Counterparts

ADA = {"mine": {"ada": Persona("ada", {"id": "1"})}, "theirs": {"ada": Persona("ada", {"id": "71001"})}}
IDS = {"id": Likeness.ROLE}


def issue(counterparts: Counterparts, *pairs: tuple[str, str]) -> None:
    """Have both servers issue ids, those of the stand-in first."""
    for mine, theirs in pairs:
        counterparts.learn({"id": mine}, {"id": theirs}, IDS, frozenset())


@pytest.fixture
def counterparts() -> Counterparts:
    """Pairs of which two that were issued are known."""
    return Counterparts(**ADA, most=2)


def test_the_newest_values_that_were_issued_are_known(counterparts: Counterparts) -> None:
    issue(counterparts, ("10", "a"), ("11", "b"), ("12", "c"))
    assert [counterparts.of(one, frozenset()) for one in "abc"] == [None, "11", "12"]
    assert [counterparts.is_mine(one) for one in ("10", "11", "12")] == [False, True, True]


def test_a_value_that_is_issued_again_is_new(counterparts: Counterparts) -> None:
    issue(counterparts, ("10", "a"), ("11", "b"), ("10", "a"), ("12", "c"))
    assert [counterparts.of(one, frozenset()) for one in "abc"] == ["10", None, "12"]


def test_a_server_that_issues_one_value_over_and_over_lets_the_stand_in_forget_too(counterparts: Counterparts) -> None:
    issue(counterparts, ("10", "a"), ("11", "a"), ("12", "a"))
    assert counterparts.of("a", frozenset()) == "12"
    assert [counterparts.is_mine(one) for one in ("10", "11", "12")] == [False, True, True]


def test_people_are_known_however_much_is_issued(counterparts: Counterparts) -> None:
    issue(counterparts, ("10", "a"), ("11", "b"), ("12", "c"))
    assert counterparts.of("71001", frozenset()) == "1"
    assert counterparts.is_mine("1")


def test_a_log_in_in_capitals_has_them_in_the_stand_in_too() -> None:
    mine, theirs = Persona("ada", {"login": "ada@mine.example"}), Persona("ada", {"login": "eva@theirs.example"})
    counterparts = Counterparts({"ada": mine}, {"ada": theirs})
    written = ["eva@theirs.example", "EVA@theirs.example", "eva@THEIRS.example", "EVA@THEIRS.EXAMPLE"]
    assert [counterparts.of(one, frozenset()) for one in written] == [
        "ada@mine.example",
        "ADA@mine.example",
        "ada@MINE.EXAMPLE",
        "ADA@MINE.EXAMPLE",
    ]
