"""Two faults at once: the answer is that of the rule that comes first in ``order.py``."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import pytest
from tests.conftest import Response
from tests.outcomes import orders
from tests.systems.entrust.scenario import BODIES, FAULTS, Fault, Sender

from watchword.domain.order import CheckOrder
from watchword.systems.entrust.order import ORDERS

ONE_HEADER = "a request has one header Authorization: none, a secret or a token"
ONE_TYPE = "a user has one type"
LOCAL_IMPORTS = "for a user of a directory the first restriction of an import is violated already"
ONE_PASSWORD = "a request has one field password: none, or one that is not a hash"
EXCLUDED: Mapping[frozenset[str], str] = {
    frozenset(("entrust.authorization.forms", "entrust.authentication.secret")): ONE_HEADER,
    frozenset(("entrust.authorization.forms", "entrust.authorization.expired")): ONE_HEADER,
    frozenset(("entrust.authentication.secret", "entrust.authorization.expired")): ONE_HEADER,
    frozenset(("entrust.user.external", "entrust.directory.current-password")): ONE_TYPE,
    frozenset(("entrust.bcrypt.restrictions", "entrust.directory.current-password")): LOCAL_IMPORTS,
    frozenset(("entrust.bcrypt.hash-required", "entrust.directory.current-password")): LOCAL_IMPORTS,
    frozenset(("entrust.directory.current-password", "entrust.bcrypt.well-formed")): LOCAL_IMPORTS,
    frozenset(("entrust.bcrypt.hash-required", "entrust.bcrypt.well-formed")): ONE_PASSWORD,
    frozenset(("entrust.password.attributes-only", "entrust.bcrypt.well-formed")): ONE_PASSWORD,
}
"""Pairs of rules that cannot both refuse one request, and why."""


def singles() -> Iterator[Any]:
    for order in ORDERS:
        for step in order.steps:
            yield pytest.param(order.operation, step.rule, id=f"{order.operation}-{step.rule}")


def pairs() -> Iterator[Any]:
    for order in ORDERS:
        for first, second in combinations((step.rule for step in order.steps), 2):
            if frozenset((first, second)) not in EXCLUDED:
                name = f"{order.operation}-{first}-{second}"
                yield pytest.param(order.operation, first, second, id=name, marks=orders(first, second))


def is_answer_of(answer: Response, fault: Fault) -> bool:
    parameters = [one["name"] for one in answer.body.get("parameters", ())]
    return (answer.status, answer.body["errorCode"]) == (fault.status, fault.code) and (
        fault.parameter is None or parameters[0] == fault.parameter
    )


@pytest.mark.parametrize("operation", BODIES)
def test_the_request_without_a_fault_succeeds(sender: Sender, operation: str) -> None:
    assert sender.send(operation).status == 200
    assert sender.refusing_rule() is None


@pytest.mark.parametrize(("operation", "rule"), list(singles()))
def test_one_fault_is_answered_by_its_rule(sender: Sender, operation: str, rule: str) -> None:
    answer = sender.send(operation, rule)
    assert is_answer_of(answer, FAULTS[rule])
    assert sender.refusing_rule() == rule
    assert len(answer.body.get("parameters", ())) <= 1, "no other check of the policy fails"


@pytest.mark.parametrize(("operation", "first", "second"), list(pairs()))
def test_of_two_faults_the_first_in_the_order_is_answered(
    sender: Sender, operation: str, first: str, second: str
) -> None:
    answer = sender.send(operation, first, second)
    assert is_answer_of(answer, FAULTS[first])
    assert sender.refusing_rule() == first


def test_every_operation_has_an_order_and_every_step_a_fault() -> None:
    assert {order.operation for order in ORDERS} == set(BODIES)
    assert {step.rule for order in ORDERS for step in order.steps} == set(FAULTS)


def test_every_excluded_pair_is_in_an_order() -> None:
    def has(order: CheckOrder, pair: frozenset[str]) -> bool:
        return pair <= {step.rule for step in order.steps}

    assert all(any(has(order, pair) for order in ORDERS) for pair in EXCLUDED)


@pytest.mark.parametrize(
    ("rule", "status"), [("entrust.permission.required", 403), ("entrust.user.by-uuid", 400)], ids=["caller", "user"]
)
def test_the_shape_of_a_request_is_judged_after_the_caller_and_before_the_user(
    sender: Sender, rule: str, status: int
) -> None:
    assert sender.send("set_password", rule, expiryTime="tomorrow").status == status
