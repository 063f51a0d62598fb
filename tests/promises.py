"""What is checked about every exchange of a test, and what a test promises about its own."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest

from tests.cured import CureCheck
from tests.decided import Finished, check_decided, check_decisive, entry_of
from tests.outcomes import NO_BODY
from watchword.build import Built
from watchword.domain.effect import Effect
from watchword.edge.exchange import Exchange
from watchword.journal.entry import Decider
from watchword.journal.outcomes import name_outcome
from watchword.system import Answer, System


@dataclass
class Observed:
    """An observer: every exchange with a system since it was last emptied."""

    seen: list[Finished] = field(default_factory=list)

    def __call__(self, exchange: Exchange, answer: Answer, violations: Sequence[str]) -> None:
        if exchange.system is not None:
            self.seen.append((exchange, answer, violations))


def check_promises(
    finished: Sequence[Finished],
    marks: Iterable[pytest.Mark],
    built: Built,
    runner: asyncio.Runner,
    *,
    write: bool,
    cures: CureCheck | None,
) -> None:
    """
    Check rules and contract of every exchange, and that each outcome that the test is marked with was reached.

    Args:
        write: Whether what decided the outcomes is written down instead of compared.
        cures: Looks for what cures the refusals; None if nobody shall.
    """
    _check_rules([exchange for exchange, _, _ in finished], built)
    _check_effects(finished, built)
    differing = [violation for _, _, violations in finished for violation in violations]
    assert not differing, "answers differ from the document"
    for mark in marks:
        if mark.name not in ("outcome", "called"):
            continue
        operation, status, name, *protocols = mark.args
        protocol = protocols[0] if protocols else ""
        spoken = [one for one in finished if one[0].protocol == protocol]
        reached = _check_outcome(operation, status, name, spoken, built)
        imitated = [one for one in reached if one[0].api is built.imitated]
        explained = [entry_of(built, one) for one in imitated]
        if explained:
            check_decided(operation, f"{status} {name}", explained, write=write)
            decision = explained[0].decision
            if decision is not None and decision.kind is Decider.RULE and cures is not None:
                check_decisive(built, runner, imitated[0], decision.id)
            if status >= 400 and cures is not None:
                cures(operation, f"{status} {name}", *reached[0][:2])


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


def _check_effects(finished: Iterable[Finished], built: Built) -> None:
    """Whatever a test does, a request leaves behind what its system declares, and nothing else."""
    for exchange, answer, _ in finished:
        # A request that an adapter could not read has no unit of work.
        changes = getattr(getattr(exchange, "work", None), "changes", ())
        # The answer of a fault or of a wish says nothing about what was done before it.
        given = exchange.from_document
        if given or exchange.operation is None or exchange.api is not built.imitated or not changes:
            continue
        found = {Effect.MARKS if answer.status >= HTTPStatus.BAD_REQUEST else Effect.SAVES}
        if any(change.messages for change in changes):
            found.add(Effect.SENDS)
        system, _, name = exchange.operation.id.partition(".")
        declared = built.imitated.systems[system].effects.get(name, frozenset())
        assert found <= declared, f"{exchange.operation.id} leaves behind {found - declared}, which is not declared"


def _check_outcome(
    identifier: str, status: int, name: str, finished: Iterable[Finished], built: Built
) -> Sequence[Finished]:
    """Give the exchanges that reached an outcome: at least one."""
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
        one
        for one in finished
        if one[0].operation is not None and one[0].operation.id == identifier and one[1].status == status
    ]
    reached = [one for one in got if wanted <= system.code_of(status, one[1].body)]
    assert reached, f"{identifier} never answered {status} {name} in this test"
    return [one for one in reached if _is_named(one, name, system, wanted)]


def _is_named(finished: Finished, name: str, system: System, codes: frozenset[str]) -> bool:
    """Whether an answer has this name, and not another one with the same codes."""
    exchange, answer, _ = finished
    assert exchange.operation is not None
    return name == NO_BODY or bool(codes) or name_outcome(exchange.operation, system, answer) == name
