"""What is recorded of the rules that a request asks."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.conftest import Observed
from tests.systems.weavr.faults import ORDERS, SINGLES, Prepare, rules_of, send
from tests.systems.weavr.products import OPERATIONS, PRODUCTS, Product
from watchword.domain.rule import AskedRule, Verdict

SHOWN = (bool, int, str, datetime, timedelta, type(None))


@pytest.mark.parametrize(("product", "operation", "rule"), SINGLES)
def test_the_rule_that_answers_is_the_last_one_that_says_no(
    prepare: Prepare, observed: Observed, operation: str, rule: str
) -> None:
    send(prepare(operation), rule)
    said_no = [one.rule.id for one in _asked(observed) if one.verdict is Verdict.REFUSED]
    # An expired password is answered 409 too, but with a token: nothing is refused.
    assert said_no == ([] if rule == "weavr.login.expired" else [rule])


@pytest.mark.parametrize(("product", "operation", "rule"), SINGLES)
def test_recorded_values_are_plain_and_repeat_nothing_that_was_sent(
    prepare: Prepare, observed: Observed, operation: str, rule: str
) -> None:
    one = prepare(operation)
    send(one, rule)
    sent = set(_texts(one.body)) | set(_texts(observed.seen[-1][0].headers))
    values = [value for asked in _asked(observed) for value in asked.values.values()]
    assert not [value for value in values if not isinstance(value, SHOWN)]
    assert not [value for value in values if isinstance(value, str) and value in sent]


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("product", PRODUCTS, ids=str)
def test_a_request_that_succeeds_asks_every_check_of_its_operation_and_shows_what_each_compared(
    prepare: Prepare, observed: Observed, product: Product, operation: str
) -> None:
    send(prepare(operation))
    asked = {one.rule.id: one for one in _asked(observed)}
    checks = rules_of(ORDERS[product, operation])
    assert [rule for rule in checks if rule not in asked] == []
    assert [rule for rule in checks if not asked[rule].values] == []


def _asked(observed: Observed) -> list[AskedRule]:
    record = observed.seen[-1][0].record
    assert record is not None
    return record.asked


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
        yield from node.split()
    elif hasattr(node, "values"):
        for value in node.values():
            yield from _texts(value)
