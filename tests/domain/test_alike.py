"""Names that are like one that does not exist."""

import pytest

from watchword.domain.alike import find_alike, tell_alike

MANY = [f"tests-test-one-py-test-{number}" for number in range(500)]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("defautl", "default"), ("DEFAULT", "default"), ("tests-test-one-py-tset-17", "tests-test-one-py-test-17")],
)
def test_the_nearest_of_many_names_comes_first(name: str, nearest: str) -> None:
    assert find_alike(name, [*MANY, "default"])[0] == nearest


def test_names_that_are_quite_different_are_not_alike() -> None:
    assert find_alike("weavr", ["zitadel", "entrust"]) == []


def test_without_one_that_is_alike_the_first_are_told() -> None:
    assert tell_alike("zitadle", ["zitadel", "entrust"]) == "nearest: zitadel"
    assert tell_alike("weavr", ["zitadel", "entrust"]) == "there are: zitadel, entrust"
    assert tell_alike("x", list("abcdef")) == "there are: a, b, c, d and 2 more"
    assert tell_alike("weavr", []) == "there are none"
