"""Two answers are compared by what values mean, and lists by what is in them."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

import orjson
import pytest

from tests.scenarios.other_multi import Multi
from watchword.contract.bindings import Bindings
from watchword.contract.comparison import Comparison, Difference, Likeness
from watchword.contract.driver import Reply
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.told_before import ToldBefore

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


@pytest.mark.parametrize(
    ("name", "mine", "theirs", "is_told"),
    [
        ("x-ratelimit-limit", "5, 5;w=60", "9, 9;w=60", True),
        ("x-ratelimit-reset", "30", "31", False),
        ("x-ratelimit-reset", "30", "90", True),
        ("x-ratelimit-reset", "30", "soon", True),
        ("request-ref", "a", "b", False),
        ("watchword-hint", "a", "b", False),
    ],
)
def test_a_declared_header_is_compared_by_what_it_says_only_where_it_is_read(
    oracle: Oracle, name: str, mine: str, theirs: str, *, is_told: bool
) -> None:
    lanes = Lane(oracle.driver, oracle.operations), Lane(oracle.driver, oracle.operations)
    replies = [Reply(429, {name: value}, b"", None) for value in (mine, theirs)]
    for reads in (False, True):
        found = Comparison(*lanes, oracle.subject.likenesses, oracle.system, reads_headers=reads)
        places = [one.place for one in found.differences(oracle.operations[OPERATION], *replies)]
        assert places == ([f"header {name}"] if is_told and reads else [])


@pytest.mark.parametrize(
    ("mine", "theirs", "places"),
    [
        ("invalid Request.Name: too long", "invalid Request.Name: must be shorter", []),
        ("invalid Request.Name: too long", "invalid Other.Name: too long", ["body/message"]),
        ("invalid Request.Name: too long", "too long", ["body/message"]),
        ("too long", "must be shorter", []),
    ],
)
def test_a_text_is_worded_freely_and_names_the_same_part_of_the_document(
    oracle: Oracle, mine: str, theirs: str, places: list[str]
) -> None:
    lanes = Lane(oracle.driver, oracle.operations), Lane(oracle.driver, oracle.operations)
    likenesses = {**oracle.subject.likenesses, "message": Likeness.TEXT}
    found = Comparison(*lanes, likenesses, oracle.system, named_in_texts=r"invalid (\S+):")
    replies = [_reply({"message": text}) for text in (mine, theirs)]
    assert [one.place for one in found.differences(oracle.operations[OPERATION], *replies)] == places


def test_another_code_is_told_alone_and_not_with_what_its_text_names(oracle: Oracle) -> None:
    lanes = Lane(oracle.driver, oracle.operations), Lane(oracle.driver, oracle.operations)
    likenesses = {**oracle.subject.likenesses, "message": Likeness.TEXT}
    found = Comparison(*lanes, likenesses, oracle.system, named_in_texts=r"invalid (\S+):")
    told = (("PASSWORD_INCORRECT", "invalid Request.Old: no"), ("PASSWORD_ALREADY_USED", "invalid Request.New: no"))
    bodies = [{"errorCode": code, "message": text} for code, text in told]
    replies = [Reply(409, _reply(one).headers, orjson.dumps(one), one) for one in bodies]
    assert [one.place for one in found.differences(oracle.operations[OPERATION], *replies)] == ["code"]


class Pair:
    """
    Two servers that tell of one user, as one sequence compares them.

    Attributes:
        messages: How many were sent.
    """

    def __init__(self, oracle: Oracle) -> None:
        lanes = Lane(oracle.driver, oracle.operations), Lane(oracle.driver, oracle.operations)
        likenesses = {"sequence": Likeness.COUNT, "email": Likeness.STEADY, "code": Likeness.CODE}
        self.messages = 0
        told = ToldBefore(("id",), frozenset({"get_user"}), lambda: self.messages)
        self._comparison = Comparison(*lanes, likenesses, oracle.system, told=told)
        self._operations = oracle.operations

    def tell(self, mine: Any, theirs: Any, *, operation: str = "list_users") -> tuple[str, str, str] | None:
        """Let both answer with a list of these; gives the place and both sides of a difference."""
        replies = [_reply({"users": [one]}) for one in (mine, theirs)]
        found = next(
            self._comparison.differences(self._operations[f"weavr_multi.{operation}"], *replies, about="ada"), None
        )
        return None if found is None else (found.place, found.was, found.should)


@pytest.fixture
def pair(oracle: Oracle) -> Pair:
    """Make two servers that have told nothing yet."""
    return Pair(oracle)


def test_a_count_is_each_servers_own_and_grows_alike(pair: Pair) -> None:
    assert pair.tell({"sequence": "4"}, {"sequence": "90"}) is None
    assert pair.tell({"sequence": "6"}, {"sequence": "92"}) is None
    told = pair.tell({"sequence": "7"}, {"sequence": "92"})
    assert told == ("body/users/*/sequence", "0 more than before", "1 more than before")


def test_a_message_may_be_counted_later_than_it_was_sent(pair: Pair) -> None:
    pair.tell({"sequence": "4"}, {"sequence": "4"})
    pair.messages = 1
    assert pair.tell({"sequence": "6"}, {"sequence": "5"}) is None
    assert pair.tell({"sequence": "8"}, {"sequence": "5"}) is not None


def test_readers_are_told_another_count_of_which_only_matters_whether_it_grows(pair: Pair) -> None:
    pair.tell({"sequence": "4"}, {"sequence": "4"})
    assert pair.tell({"sequence": "1"}, {"sequence": "3"}, operation="get_user") is None
    assert pair.tell({"sequence": "2"}, {"sequence": "9"}, operation="get_user") is None
    told = pair.tell({"sequence": "3"}, {"sequence": "9"}, operation="get_user")
    assert told == ("body/users/*/sequence", "no more than before", "more than before")


@pytest.mark.parametrize("count", ["9" * 5_000, "nine"])
def test_what_is_no_count_is_not_compared_as_one(pair: Pair, count: str) -> None:
    pair.tell({"sequence": "4"}, {"sequence": count})
    assert pair.tell({"sequence": "5"}, {"sequence": count}) is None


def test_a_count_of_another_user_is_another_count(pair: Pair) -> None:
    pair.tell({"id": "a", "sequence": "4"}, {"id": "a", "sequence": "4"})
    assert pair.tell({"id": "b", "sequence": "5"}, {"id": "b", "sequence": "9"}) is None


def test_what_a_server_knows_of_a_user_stays_until_it_changes_on_both(pair: Pair) -> None:
    assert pair.tell({"email": "ada@mine"}, {"email": {"address": "ada@theirs"}}) is None
    assert pair.tell({}, {"email": {"address": "ada@theirs"}}) is None
    told = pair.tell({"email": "ada@mine"}, {"email": {"address": "ada@their"}})
    assert told == ("body/users/*/email", "another value than before", "the same value as before")
    told = pair.tell({"email": "ida@mine"}, {"email": {"address": "ada@their"}})
    assert told == ("body/users/*/email", "the same value as before", "another value than before")


def test_a_code_has_as_many_characters_on_both(pair: Pair) -> None:
    assert pair.tell({"code": "ABCDEF"}, {"code": "GHIJKL"}) is None
    assert pair.tell({"code": "MNOPQR"}, {"code": "STUVWXYZ"}) == ("body/users/*/code", "8 characters", "6 characters")
