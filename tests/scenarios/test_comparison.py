"""Two answers are compared by what values mean, and lists by what is in them."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import orjson
import pytest

from tests.scenarios.other_multi import Multi
from watchword.contract.bindings import Bindings
from watchword.contract.comparison import Comparison, Difference
from watchword.contract.driver import Reply
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle

OPERATION = "weavr_multi.list_users"


@pytest.fixture
def compare(oracle: Oracle, bindings: Bindings, other: tuple[str, Multi]) -> Any:
    """Compare two lists of users, of the stand-in and of the server, as one sequence does."""
    with closing(bindings.target(other[0])) as target:
        lanes = Lane(oracle.driver, oracle.operations), Lane(target, oracle.operations)
        comparison = Comparison(*lanes, oracle.subject.likenesses, oracle.system)

        def compare(mine: Sequence[Any], theirs: Sequence[Any]) -> Difference | None:
            replies = [_reply({"users": list(one), "count": len(one)}) for one in (mine, theirs)]
            return next(comparison.differences(oracle.operations[OPERATION], *replies), None)

        yield compare


def _reply(body: Any) -> Reply:
    headers = {"content-type": "application/json", "request-ref": "1"}
    return Reply(200, headers, orjson.dumps(body), body)


def user(identifier: str, rank: int) -> dict[str, Any]:
    """Make a user with an id of one server; what tells users apart comes behind it."""
    return {"id": identifier, "rank": rank}


def test_users_are_paired_by_what_they_are_whatever_the_order_of_their_ids(compare: Any) -> None:
    assert compare([user("a", 1), user("b", 2)], [user("1", 2), user("2", 1)]) is None
    # a is 2 and b is 1 from now on: what is tried while pairing must not count
    assert compare([user("a", 1)], [user("2", 1)]) is None
    assert compare([user("a", 1)], [user("1", 1)]) is not None


def test_a_member_that_nobody_is_like_is_the_difference(compare: Any) -> None:
    found = compare([user("a", 1), user("b", 1)], [user("1", 1), user("2", 2)])
    assert (found.place, found.was, found.should) == ("body/users/*/rank", "2", "1")


@pytest.mark.parametrize(("seconds", "places"), [(1, []), (60, ["body/users/*/expiryDate"])])
def test_moments_on_a_clock_that_is_known_may_be_rounded_and_no_more(
    oracle: Oracle, seconds: int, places: list[str]
) -> None:
    lanes = Lane(oracle.driver, oracle.operations), Lane(oracle.driver, oracle.operations)
    now = int(oracle.driver.now().timestamp())
    replies = [_reply({"users": [{"expiryDate": (now + more) * 1000}]}) for more in (0, seconds)]
    found = Comparison(*lanes, oracle.subject.likenesses, oracle.system)
    assert [one.place for one in found.differences(oracle.operations[OPERATION], *replies)] == places
