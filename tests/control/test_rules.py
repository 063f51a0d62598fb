"""The rules of business behaviour: listed, and switched off in one sandbox."""

import pytest

from watchword.build import Built
from watchword.control.errors import NoSuchRule
from watchword.control.rules import find_rules, list_switched_off, restore, switch_off
from watchword.domain.rule import Grade, RuleRecord, recording, rule
from watchword.sandbox import Sandbox, Sandboxes


@rule("toy.control.rules", Grade.ASSUMED, "A rule of these tests.", without=lambda: "off")
def decide() -> str:
    """It is on."""
    return "on"


def ask_in(sandbox: Sandbox) -> str:
    """Ask the rule as a request in *sandbox* would."""
    with recording(RuleRecord(sandbox.rules.altered)):
        return decide()


def test_every_rule_is_listed_with_what_it_decides(built: Built) -> None:
    assert [(one.rule, one.operations) for one in find_rules(built.imitated)] == built.imitated.rules()


def test_rules_are_found_by_operation(built: Built) -> None:
    found = find_rules(built.imitated, operation="entrust.set_password")
    assert found
    assert all("entrust.set_password" in one.operations for one in found)


def test_rules_are_found_by_system(built: Built) -> None:
    found = find_rules(built.imitated, system="entrust")
    assert set(find_rules(built.imitated, operation="entrust.set_password")) < set(found)
    assert all(any(name.startswith("entrust.") for name in one.operations) for one in found)


def test_a_rule_has_to_decide_the_system_and_the_operation(built: Built) -> None:
    assert find_rules(built.imitated, system="zitadel", operation="entrust.set_password") == ()


def test_a_rule_is_switched_off_in_one_sandbox_until_it_is_restored(toys: Sandboxes, box: Sandbox) -> None:
    switch_off(box, "toy.control.rules")
    assert list_switched_off(box) == ("toy.control.rules",)
    assert (ask_in(box), ask_in(toys.enter("other"))) == ("off", "on")
    restore(box)
    assert list_switched_off(box) == ()
    assert ask_in(box) == "on"


def test_an_unknown_rule_cannot_be_switched_off(box: Sandbox) -> None:
    with pytest.raises(NoSuchRule, match="There is no rule 'toy"):
        switch_off(box, "toy.control.rulse")
    assert list_switched_off(box) == ()
