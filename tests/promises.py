"""What is checked about every exchange of a test, and what a test promises about its own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from tests.outcomes import NO_BODY
from watchword.build import Built
from watchword.edge.exchange import Exchange
from watchword.system import Answer

Finished = tuple[Exchange, Answer, Sequence[str]]
"""An exchange, its answer, and in what the answer differs from the document."""


@dataclass
class Observed:
    """An observer: every exchange with a system since it was last emptied."""

    seen: list[Finished] = field(default_factory=list)

    def __call__(self, exchange: Exchange, answer: Answer, violations: Sequence[str]) -> None:
        if exchange.system is not None:
            self.seen.append((exchange, answer, violations))


def check_promises(finished: Sequence[Finished], marks: Iterable[pytest.Mark], built: Built) -> None:
    """Check rules and contract of every exchange, and that each outcome that the test is marked with was reached."""
    _check_rules([exchange for exchange, _, _ in finished], built)
    differing = [violation for _, _, violations in finished for violation in violations]
    assert not differing, "answers differ from the document"
    for mark in marks:
        if mark.name == "outcome":
            operation, status, name = mark.args
            _check_outcome(operation, status, name, [one for one in finished if not one[0].protocol], built)
        elif mark.name == "called":
            operation, status, name, protocol = mark.args
            _check_outcome(operation, status, name, [one for one in finished if one[0].protocol == protocol], built)


def _check_rules(exchanges: Iterable[Exchange], built: Built) -> None:
    """Whatever a test does, the rules asked are those that the document names, in the order of their system."""
    for exchange in exchanges:
        if exchange.record is None or exchange.operation is None or exchange.api is not built.imitated:
            continue
        asked = [one.rule.id for one in exchange.record.asked]
        unnamed = set(asked).difference(exchange.operation.rules)
        assert not unnamed, f"{exchange.operation.id} asks rules that are not among its x-rules: {unnamed}"
        system, _, name = exchange.operation.id.partition(".")
        for order in built.imitated.systems[system].orders:
            if order.operation == name:
                assert not order.misplaced(asked), f"{exchange.operation.id} asks rules in another order: {asked}"


def _check_outcome(identifier: str, status: int, name: str, finished: Iterable[Finished], built: Built) -> None:
    served_api = built.admin if identifier.startswith("admin.") else built.imitated
    assert served_api is not None
    operation = served_api.document.operations[identifier]
    shape = operation.responses[str(status)]
    system = served_api.systems[operation.system]
    if name == NO_BODY:
        assert not shape.examples, f"{identifier} {status} has named examples: {list(shape.examples)}"
        wanted: frozenset[str] = frozenset()
    else:
        wanted = system.code_of(status, shape.examples[name])
    got = [
        system.code_of(answer.status, answer.body)
        for exchange, answer, _ in finished
        if exchange.operation is not None and exchange.operation.id == identifier and answer.status == status
    ]
    assert any(wanted <= codes for codes in got), f"{identifier} never answered {status} {name} in this test"
