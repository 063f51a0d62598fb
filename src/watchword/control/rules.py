"""The rules of business behaviour: listed, and switched off in one sandbox."""

from dataclasses import dataclass

from watchword.control.errors import NoSuchRule
from watchword.domain.rule import Rule, RuleSwitches
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class ListedRule:
    """
    A rule and what it decides.

    Args:
        operations: Ids of the document's operations.
    """

    rule: Rule
    operations: tuple[str, ...]


def find_rules(api: ServedApi, *, system: str | None = None, operation: str | None = None) -> tuple[ListedRule, ...]:
    """
    Find rules, ordered by id.

    Args:
        system: Leaves out rules that decide no operation of this system.
        operation: Leaves out rules that do not decide this operation.
    """
    return tuple(
        ListedRule(rule, operations)
        for rule, operations in api.rules()
        if (operation is None or operation in operations)
        and (system is None or any(api.document.operations[one].system == system for one in operations))
    )


def list_switched_off(sandbox: Sandbox) -> tuple[str, ...]:
    """List the ids of the rules that are switched off or altered in *sandbox*, in order."""
    return tuple(sorted(sandbox.rules.altered))


def switch_off(sandbox: Sandbox, rule_id: str) -> None:
    """
    Let *sandbox* behave as if a rule did not exist, until it is restored or the sandbox is reset.

    Raises:
        NoSuchRule: No rule has this id.
    """
    try:
        rules = RuleSwitches(sandbox.rules.altered)
        rules.switch_off(rule_id)
    except KeyError:
        raise NoSuchRule(rule_id) from None
    sandbox.switch_rules(rules)


def restore(sandbox: Sandbox) -> None:
    """Let every rule decide again in *sandbox*."""
    sandbox.switch_rules(RuleSwitches())
