"""What requests have reached so far: counted once each, also those that the journal no longer holds."""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from watchword.domain.rule import Verdict
from watchword.journal.captured import Captured
from watchword.journal.decision import decide
from watchword.journal.entry import Decider, Said
from watchword.journal.failures import log_failure
from watchword.journal.findings import Finding, find
from watchword.journal.journal import Journal
from watchword.journal.outcomes import outcome_of

_MOST_SANDBOXES = 10_000
"""Of which tallies of their own are kept."""
_MOST_FINDINGS = 500
"""Different ones, of one tally; further ones are only counted."""
_AT_ONCE = 20
"""Requests that are counted before others are served."""
_SAID = {Verdict.HELD: Said.HELD, Verdict.REFUSED: Said.REFUSED, Verdict.COMPUTED: Said.CHANGED}


class Reached(NamedTuple):
    """
    An outcome that was reached.

    Args:
        name: Empty if the document does not declare the answer.
    """

    operation: str
    status: int
    name: str


class Heard(NamedTuple):
    """What a rule said to a request of an operation."""

    operation: str
    rule: str
    said: Said


class Decided(NamedTuple):
    """What decided an answer of an operation: a rule, by its id."""

    operation: str
    rule: str


@dataclass
class Tally:
    """
    What some requests have reached.

    Attributes:
        requests: How many there were, by the operation's id; empty for those that reached no operation.
        findings: How often each finding was made, first one first.
        more_findings: How many others were made that are not told apart, by the operation's id.
        answered_by: How many requests each document answered, by the name of its proposal; empty for today's.
    """

    requests: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[Reached] = field(default_factory=Counter)
    rules: Counter[Heard] = field(default_factory=Counter)
    deciding: Counter[Decided] = field(default_factory=Counter)
    findings: Counter[Finding] = field(default_factory=Counter)
    more_findings: Counter[str] = field(default_factory=Counter)
    answered_by: Counter[str] = field(default_factory=Counter)

    def add(self, sample: "Sample") -> None:
        """Count one request."""
        self.requests[sample.operation] += 1
        if sample.operation:
            self.answered_by[sample.proposal] += 1
        if sample.reached is not None:
            self.outcomes[sample.reached] += 1
        self.rules.update(sample.heard)
        if sample.decided_by:
            self.deciding[Decided(sample.operation, sample.decided_by)] += 1
        for one in sample.findings:
            if one in self.findings or len(self.findings) < _MOST_FINDINGS:
                self.findings[one] += 1
            else:
                self.more_findings[one.operation] += 1

    def within(self, operations: Collection[str]) -> "Tally":
        """Give what concerns *operations*, by their ids, with what was found in requests that reached none."""
        wanted = {*operations, ""}
        return Tally(
            Counter({one: number for one, number in self.requests.items() if one in operations}),
            Counter({one: number for one, number in self.outcomes.items() if one.operation in operations}),
            Counter({one: number for one, number in self.rules.items() if one.operation in operations}),
            Counter({one: number for one, number in self.deciding.items() if one.operation in operations}),
            Counter({one: number for one, number in self.findings.items() if one.operation in wanted}),
            Counter({one: number for one, number in self.more_findings.items() if one in wanted}),
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """
    What one request has reached.

    Args:
        operation: The id of the operation that it was for; empty if it was for none of the imitated systems.
        reached: None if it got no answer of one.
        decided_by: The id of the rule that decided its answer; empty without one.
        proposal: The name of the proposal whose document answered; empty for today's.
    """

    operation: str = ""
    reached: Reached | None = None
    heard: frozenset[Heard] = frozenset()
    decided_by: str = ""
    findings: tuple[Finding, ...] = ()
    proposal: str = ""


class Coverage:
    """
    Counts what the requests of a journal have reached.

    A request is counted when somebody asks, or else, if *complete*, when the journal forgets it: so coverage takes no
    time that a client would notice unless somebody wants it.

    Args:
        complete: Whether requests are counted that the journal forgets before anybody asks.

    Attributes:
        total: Of all sandboxes.
        by_sandbox: By name, the empty one for requests that belong to none; the oldest may be missing.
    """

    def __init__(self, journal: Journal, *, complete: bool) -> None:
        self._journal = journal
        self.total = Tally()
        self.by_sandbox: dict[str, Tally] = {}
        self._before = journal.uncounted
        if complete:
            journal.on_forget(self._add)

    @property
    def uncounted(self) -> int:
        """How many requests were forgotten before they were counted."""
        return self._journal.uncounted - self._before

    async def count(self) -> None:
        """Count what the journal holds, while other requests are served."""
        waiting = [one for one in self._journal.newest_first(None) if not one.counted]
        for number, captured in enumerate(reversed(waiting)):
            if number % _AT_ONCE == _AT_ONCE - 1:
                await asyncio.sleep(0)
            self._add(captured)

    def clear(self) -> None:
        """Start afresh: what was counted is forgotten, and what the journal holds never counts."""
        for captured in self._journal.newest_first(None):
            captured.counted = True
        self.total, self.by_sandbox, self._before = Tally(), {}, self._journal.uncounted

    def _add(self, captured: Captured) -> None:
        if captured.counted:
            return
        captured.counted = True
        try:
            sample = self._sample(captured)
        except Exception as error:  # noqa: BLE001  # one request that cannot be counted must not break another
            log_failure(captured.number, error)
            sample = Sample()
        self.total.add(sample)
        own = self.by_sandbox.get(captured.sandbox)
        if own is None:
            if len(self.by_sandbox) >= _MOST_SANDBOXES:
                del self.by_sandbox[next(iter(self.by_sandbox))]
            own = self.by_sandbox[captured.sandbox] = Tally()
        own.add(sample)

    def _sample(self, captured: Captured) -> Sample:
        exchange, answer = captured.exchange, captured.answer
        if exchange is None:
            return Sample(findings=tuple(dict.fromkeys(find(captured, None))))
        decision = None if captured.aborted else decide(exchange, answer)
        findings = tuple(dict.fromkeys(find(captured, decision)))
        operation, system = exchange.operation, exchange.system
        if operation is None or system is None or not exchange.api.imitates:
            return Sample(findings=findings)
        if not answer.status:
            return Sample(operation.id, findings=findings, proposal=exchange.api.proposal)
        asked = () if exchange.record is None else exchange.record.asked
        return Sample(
            operation.id,
            Reached(operation.id, answer.status, outcome_of(exchange, answer)),
            frozenset(Heard(operation.id, one.rule.id, _SAID[one.verdict]) for one in asked),
            decision.id if decision is not None and decision.kind is Decider.RULE else "",
            findings,
            exchange.api.proposal,
        )


def merge(tallies: Iterable[Tally]) -> Tally:
    """Add tallies of several sandboxes up."""
    merged = Tally()
    for one in tallies:
        merged.requests.update(one.requests)
        merged.outcomes.update(one.outcomes)
        merged.rules.update(one.rules)
        merged.deciding.update(one.deciding)
        merged.findings.update(one.findings)
        merged.more_findings.update(one.more_findings)
        merged.answered_by.update(one.answered_by)
    return merged
