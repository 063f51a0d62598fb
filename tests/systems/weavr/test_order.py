"""The order of checks of both products: of two faults at once, the earlier check answers."""

from itertools import combinations

import pytest

from tests.conftest import Response
from tests.systems.weavr.faults import EXCLUSIVE, FAULTS, ORDERS, PAIRS, SINGLES, Prepare, rules_of, send, status_of
from tests.systems.weavr.products import MULTI, OPERATIONS, PAYMENT_RUN, PRODUCTS, Product


def _text(response: Response) -> str:
    """What the answer says, in its body and in its hint."""
    return response.content.decode() + response.headers.get("watchword-hint", "")


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("product", PRODUCTS, ids=str)
def test_a_request_without_a_fault_succeeds(prepare: Prepare, operation: str) -> None:
    assert send(prepare(operation)).status in (200, 204)


@pytest.mark.parametrize(("product", "operation", "rule"), SINGLES)
def test_each_check_refuses_its_fault(prepare: Prepare, product: Product, operation: str, rule: str) -> None:
    refused, fault = send(prepare(operation), rule), FAULTS[rule]
    assert refused.status == status_of(product, operation, rule)
    assert fault.words in _text(refused)


@pytest.mark.parametrize(("product", "operation", "first", "second"), PAIRS)
def test_of_two_faults_the_earlier_check_answers(
    prepare: Prepare, product: Product, operation: str, first: str, second: str
) -> None:
    refused, fault = send(prepare(operation), first, second), FAULTS[first]
    assert refused.status == status_of(product, operation, first)
    assert fault.words in _text(refused)
    assert (FAULTS[second].status, FAULTS[second].words) != (fault.status, fault.words)


@pytest.mark.parametrize("product", PRODUCTS, ids=str)
def test_every_operation_has_an_order(product: Product) -> None:
    tokenisers = ["simulate_tokenise", "tokenise"] if product is MULTI else []
    assert {name for owner, name in ORDERS if owner is product} == {*OPERATIONS, *tokenisers}


def test_a_pair_that_cannot_be_tested_is_a_pair_of_some_operation() -> None:
    pairs = {frozenset(pair) for order in ORDERS.values() for pair in combinations(rules_of(order), 2)}
    assert EXCLUSIVE.keys() <= pairs


def test_only_multi_asks_for_the_identity_of_a_lost_password() -> None:
    multi, payment_run = (rules_of(ORDERS[product, "start_lost_password"]) for product in (MULTI, PAYMENT_RUN))
    assert multi == [*payment_run, "weavr_multi.lost.identity"]
