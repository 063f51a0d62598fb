"""The stand-in that knows every answer: a private sandbox, and what decided in it."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

from watchword.build import Built, Options, build
from watchword.contract.driver import Persona
from watchword.contract.in_process import InProcess
from watchword.contract.subject import Subject
from watchword.control.faults import disarm_faults
from watchword.document import Document, Operation
from watchword.domain.hashing import Profile
from watchword.domain.rule import Rule, Verdict
from watchword.edge.exchange import Exchange
from watchword.journal.decision import decide
from watchword.journal.entry import Decider
from watchword.system import Answer, System

_NAME = "oracle"


@dataclass(frozen=True)
class Decided:
    """
    What decided an answer of the stand-in.

    Args:
        id: Of the rule, or the place in the document.
        rules: Every rule that was asked, first to last.
        kind: What *id* is of; None if nothing decided but the handler.
        refusing: The rules that reported something wrong, whether or not the request was refused for it.
        making: Those that made a value.
    """

    id: str
    rule: Rule | None
    rules: tuple[Rule, ...]
    kind: Decider | None = None
    refusing: tuple[Rule, ...] = ()
    making: tuple[Rule, ...] = ()


@dataclass
class Seen:
    """An observer: the newest exchange."""

    newest: tuple[Exchange, Answer] | None = None

    def __call__(self, exchange: Exchange, answer: Answer, _violations: Sequence[str]) -> None:
        if exchange.system is not None:
            self.newest = exchange, answer


@dataclass(frozen=True)
class Described:
    """
    A server of one system.

    Args:
        document: That describes the system.
    """

    subject: Subject
    system: System
    document: Document

    @property
    def operations(self) -> Mapping[str, Operation]:
        """The operations of the document, by id."""
        return self.document.operations

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes that the document knows of the system."""
        return frozenset(
            str(code)
            for operation in self.operations.values()
            if operation.system == self.system.name
            for status, shape in operation.responses.items()
            if status.isdigit()
            for example in shape.examples.values()
            for code in self.system.code_of(int(status), example)
        )


@dataclass(frozen=True)
class Oracle(Described):
    """
    A private sandbox of one system.

    Args:
        closed_document: Gives the strict form of the document, for this system.
    """

    driver: InProcess
    closed_document: Callable[[], dict[str, Any]] = field(repr=False)
    _seen: Seen = field(repr=False)

    @property
    def tuned(self) -> Mapping[str, Any]:
        """The settings that every sequence begins with, as a JSON merge patch."""
        return self.driver.tuned or {}

    def begin(self) -> None:
        """Put the sandbox back, without the faults of its document, which no client is to meet."""
        self.driver.begin()
        disarm_faults(self.driver.sandbox)

    def decided(self) -> Decided:
        """Find what decided the newest answer."""
        assert self._seen.newest is not None  # noqa: S101  # asked after a call
        exchange, answer = self._seen.newest
        asked = [] if exchange.record is None else exchange.record.asked
        rules = tuple(one.rule for one in asked)
        refusing = tuple(one.rule for one in asked if one.verdict is Verdict.REFUSED)
        making = tuple(one.rule for one in asked if one.verdict is Verdict.COMPUTED)
        decision = decide(exchange, answer)
        if decision is None:
            return Decided("", None, rules, None, refusing, making)
        rule = None
        if decision.kind is Decider.RULE:
            rule = next((one for one in reversed(rules) if one.id == decision.id), None)
        return Decided(decision.id, rule, rules, decision.kind, refusing, making)


@dataclass(frozen=True)
class StandIn:
    """A server that this process has built, and that tells what decided in it."""

    built: Built
    _runner: asyncio.Runner
    _seen: Seen

    def oracle(
        self, subject: Subject, personas: Mapping[str, Persona] | None = None, tuned: Mapping[str, Any] | None = None
    ) -> Oracle:
        """
        Give its sandbox as the stand-in of one system.

        Args:
            personas: Who plays which role; None for the seed people.
            tuned: How the system differs from what the server starts with, as a JSON merge patch of its settings.

        Raises:
            ContradictorySettings: *tuned* is not valid.
        """
        api, sandboxes = self.built.imitated, self.built.imitated.sandboxes
        name, cast = subject.system, subject.cast(sandboxes.people()) if personas is None else personas
        driver = InProcess(self.built.app, self._runner, sandboxes, _NAME, name, cast, tuned)
        driver.begin()
        closed = partial(api.document.export, api.handlers, name, closed=True)
        return Oracle(subject, api.systems[name], api.document, driver, closed, self._seen)


@contextmanager
def stand_in(options: Options) -> Iterator[StandIn]:
    """
    Build a server in this process; its clock stands, at what *options* show now, unless it is moved.

    Args:
        options: What it starts with, as far as that shows in answers.

    Raises:
        DocumentError, NoSuchMutant, MutantsClash: As of `build`.
    """
    seen, moment = Seen(), options.wall_clock()
    options = replace(
        options,
        hashing=Profile.FAST,
        log=lambda _entry: None,
        wall_clock=lambda: moment,
        observers=(seen,),
        record_rules=True,
        admin=False,
    )
    with asyncio.Runner() as runner:
        yield StandIn(build(options), runner, seen)


@contextmanager
def private_oracle(
    subject: Subject, personas: Mapping[str, Persona] | None = None, tuned: Mapping[str, Any] | None = None
) -> Iterator[Oracle]:
    """
    Build a stand-in of a system in this process, as the vendor's defaults say.

    Args:
        personas, tuned: As of `StandIn.oracle`.

    Raises:
        ContradictorySettings: *tuned* is not valid.
    """
    with stand_in(Options()) as server:
        yield server.oracle(subject, personas, tuned)
