"""What is noted of a request in passing: references only; reading them is left to whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import orjson

from watchword.domain.clock import Clock, Ticks, moment_at
from watchword.edge.exchange import Exchange
from watchword.sandbox.history import Change
from watchword.system import Answer

_OVERHEAD_BYTES = 6_000
"""What an entry takes besides bodies: the exchange, the rules that were asked with their arguments, the answer."""


class Outside(NamedTuple):
    """
    A request that never had an exchange.

    Args:
        sandbox: The name of the sandbox that it was for; empty for none.
        method: As the client sent it; empty if the request could not be read.
        path: As the client sent it; empty if the request could not be read.
        protocol: The protocol in which it was refused; empty for the document's HTTP and JSON.
        reason: Why it could not be read, in a word; empty if it could.
        headers: By lower-case name, as far as they are known.
        query: As the client sent it.
    """

    sandbox: str
    method: str
    path: str
    protocol: str = ""
    reason: str = ""
    headers: Mapping[str, str] | None = None
    query: str = ""


class Captured:
    """
    One request, as it was noted; shown without anything that the client sent.

    Every request makes one, so it holds what there is, and everything else is worked out for who asks.

    Args:
        number: Counts up from 1 over all sandboxes of a server.
        source: The exchange, or what is known of a request that had none.
        finished_at: When its answer was ready, in real time.
        clock: Of the sandbox; None for a request that had no exchange. A clock that is moved is replaced, so this one
            goes on as it was.
        violations: In what the answer differs from the document.
        aborted: Whether the client hung up before it was answered.

    Attributes:
        memory_bytes: About how much memory it keeps.
        read: What was made of it for readers, once somebody has asked.
        counted: Whether coverage has counted it, or never will: a call of the control API covers nothing.
        acted: Whether it met an operation and was readable, so that it could do something.
        changes: The commits that it has made, if its sandbox remembers them.
        attempts: How often it was begun, until nothing that it had read was changed by another request.
        called_at: What the sandbox's clock showed to its last step; None if it had none.
        drew_from: Where the chance of its system stood before it drew; None if it drew nothing.
    """

    __slots__ = (
        "_clock",
        "_finished",
        "_source",
        "aborted",
        "acted",
        "answer",
        "attempts",
        "called_at",
        "changes",
        "counted",
        "drew_from",
        "memory_bytes",
        "number",
        "read",
        "violations",
    )

    def __init__(  # noqa: PLR0917  # by position, because that is quicker
        self,
        number: int,
        source: Exchange | Outside,
        answer: Answer,
        finished_at: Ticks,
        clock: Clock | None = None,
        violations: Sequence[str] = (),
        aborted: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        self.number, self.answer, self.violations, self.aborted = number, answer, violations or (), aborted
        self._source, self._finished, self._clock = source, finished_at, clock
        self.memory_bytes, self.counted, work = _OVERHEAD_BYTES, False, None
        if not isinstance(source, Outside):
            self.memory_bytes += len(source.body)
            self.counted = source.api.controls
            work = source.begun
            if source.json is not None and not source.body:  # a message, which another protocol has decoded
                self.memory_bytes += _weigh(source.json)
            source.let_go()
        self.acted = work is not None
        self.changes: Sequence[Change] = ()
        self.called_at: datetime | None = None
        self.drew_from: int | None = None
        self.attempts = 1
        if work is not None:
            self.changes, self.attempts, self.called_at = work.changes or (), work.attempts, work.called_at
            self.drew_from = work.chance.source.began_at
        if answer.body is not None:
            self.memory_bytes += _weigh(answer.body)
        self.read: Any = None

    def __repr__(self) -> str:
        return f"<Captured {self.number}, sandbox {self.sandbox or '-'}>"

    @property
    def exchange(self) -> Exchange | None:
        """None if it was refused before it had a sandbox."""
        return None if isinstance(self._source, Outside) else self._source

    @property
    def outside(self) -> Outside | None:
        """What is known of a request without an exchange; None if it has one."""
        return self._source if isinstance(self._source, Outside) else None

    @property
    def sandbox(self) -> str:
        """The name of its sandbox; empty for a request that belongs to none."""
        return self._source.sandbox if isinstance(self._source, Outside) else self._source.sandbox.name

    @property
    def received_at(self) -> datetime:
        """When it arrived, in real time."""
        exchange = self.exchange
        return moment_at(self._finished if exchange is None else exchange.received_at or self._finished)

    @property
    def duration(self) -> timedelta:
        """How long it took until its answer was ready."""
        return moment_at(self._finished) - self.received_at

    @property
    def sandbox_time(self) -> datetime:
        """When its answer was ready, by the clock of its sandbox."""
        finished_at = moment_at(self._finished)
        return finished_at if self._clock is None else replace(self._clock, wall_clock=lambda: finished_at).now()


def _weigh(body: Any) -> int:
    """Estimate how many bytes of memory the body of an answer takes."""
    if isinstance(body, bytes):
        return len(body)
    try:
        return 4 * len(orjson.dumps(body))  # as Python objects it takes about four times as much
    except TypeError:
        return 0
