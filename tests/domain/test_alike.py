"""Names that are like one that does not exist."""

import pytest

from watchword.domain.alike import find_alike, put_nearest_first, tell_alike

MANY = [f"tests-test-one-py-test-{number}" for number in range(500)]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("defautl", "default"), ("DEFAULT", "default"), ("tests-test-one-py-tset-17", "tests-test-one-py-test-17")],
)
def test_the_nearest_of_many_names_comes_first(name: str, nearest: str) -> None:
    assert find_alike(name, [*MANY, "default"])[0] == nearest


def test_names_that_are_quite_different_are_not_alike() -> None:
    assert find_alike("weavr", ["zitadel", "entrust"]) == []


@pytest.mark.parametrize("name", ["histroy", "*histroy*", "password_histori"])
def test_ids_are_alike_if_one_of_their_parts_is(name: str) -> None:
    ids = ["entrust.token", "weavr.password.history", "zitadel.password_history"]
    assert tell_alike(name, ids).startswith("nearest: ")
    assert "history" in tell_alike(name, ids).removeprefix("nearest: ").partition(",")[0]


def test_without_one_that_is_alike_of_many_ids_it_is_told_how_they_begin() -> None:
    ids = [f"{system}.{number}" for system in ("entrust", "zitadel") for number in range(3)]
    assert tell_alike("x*", ids) == "they begin with: entrust, zitadel"


def test_without_one_that_is_alike_the_first_are_told() -> None:
    assert tell_alike("zitadle", ["zitadel", "entrust"]) == "nearest: zitadel"
    assert tell_alike("weavr", ["zitadel", "entrust"]) == "there are: zitadel, entrust"
    assert tell_alike("x", list("abcdef")) == "there are: a, b, c, d and 2 more"
    assert tell_alike("weavr", []) == "there are none"


def test_all_names_are_listed_the_nearest_first() -> None:
    assert put_nearest_first("loked", ["buyer", "invited", "locked"]) == ["locked", "buyer", "invited"]
