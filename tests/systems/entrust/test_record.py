"""What the record of a request tells about the rules that were asked."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.systems.entrust.scenario import BCRYPT, PASSWORD, Sender

from watchword.sandbox import Sandbox
from watchword.systems.entrust import SYSTEM
from watchword.systems.entrust.order import ORDERS

SECRETS = (PASSWORD, "Granite.Meadow.2207", "shared", "wrong", "$2b$", "$argon2", "Ada", "Byrne", "harbour")
REQUESTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("set_password", {}),
    ("set_password", {"generatePassword": True}),
    ("set_password", BCRYPT),
    ("set_password", {"password": None, "forceUpdate": True}),
    ("get_password", {}),
    ("delete_password", {}),
    ("get_password_settings", {}),
    ("validate_password", {}),
    ("authenticate", {}),
)


def read_values(sender: Sender) -> str:
    return repr([one.values for one in sender.asked()])


def test_every_rule_is_asked_and_names_what_it_compared(sender: Sender) -> None:
    asked = set()
    for operation, fields in REQUESTS:
        assert sender.send(operation, **fields).status == 200
        assert read_values(sender)
        asked |= {one.rule.id for one in sender.asked()}
    sender.send("get_password", "entrust.password.nothing-to-remove")
    asked |= {one.rule.id for one in sender.asked()}
    assert asked == {rule.id for rule in SYSTEM.catalogue()}


def test_attempts_at_a_random_password_are_not_recorded(sender: Sender) -> None:
    sender.send("set_password", generatePassword=True)
    assert [one.rule.id for one in sender.asked()].count("entrust.policy.length") == 1


@pytest.mark.parametrize(
    ("operation", "rule"), [(order.operation, step.rule) for order in ORDERS for step in order.steps]
)
def test_no_secret_and_no_name_is_among_the_values(sender: Sender, operation: str, rule: str) -> None:
    sender.send(operation, rule)
    values = read_values(sender)
    assert sender.asked()
    assert not [secret for secret in SECRETS if secret in values]


@pytest.mark.parametrize("rule", [rule.id for rule in SYSTEM.catalogue()])
def test_without_a_rule_the_server_still_works(sender: Sender, sandbox: Callable[[], Sandbox], rule: str) -> None:
    sandbox().rules.switch_off(rule)
    for operation, fields in REQUESTS:
        assert sender.send(operation, **fields).status in (200, 400)
    for order in ORDERS:
        if rule in {step.rule for step in order.steps}:
            assert sender.send(order.operation, rule).status < 500
