"""In what two answers to the same request differ for a client."""

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import START
from watchword.review.use_diff.answers import difference
from watchword.review.use_diff.recorded import Recorded, Sent

ONE = Recorded("", START, START, "rest", Sent("POST", "/x", {}, {}, None), 200, None, {}, system="zitadel")


def told(base: Any, head: Any) -> str:
    return difference(replace(ONE, answer=base), replace(ONE, answer=head))


@pytest.mark.parametrize("name", ["userId", "verificationCode", "sequence", "message", "name", "email"])
def test_what_a_server_chooses_is_no_difference(name: str) -> None:
    assert told({name: "A1"}, {name: "B2"}) == ""


@pytest.mark.parametrize("name", ["userId", "verificationCode", "sequence", "message", "name", "email"])
def test_it_is_one_if_it_is_gone(name: str) -> None:
    assert told({name: "A1"}, {}) == f"body/{name}: is gone"


def test_any_other_value_is_one() -> None:
    assert told({"state": "ACTIVE"}, {"state": "LOCKED"}) == "body/state: 'ACTIVE' → 'LOCKED'"


def test_what_a_header_says_is_compared_unless_a_server_chooses_it() -> None:
    def told_of(name: str) -> str:
        return difference(*(replace(ONE, answer_headers={name: value}) for value in ("1, 1;w=60", "1, 1;w=90")))

    assert told_of("x-ratelimit-limit") == "header x-ratelimit-limit: '1, 1;w=60' → '1, 1;w=90'"
    assert told_of("www-authenticate") == told_of("expires") == ""
