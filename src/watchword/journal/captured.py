"""What is noted of a request in passing: references only; reading them is left to whoever asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson

from watchword.domain.clock import Clock, Ticks, moment_at
from watchword.edge.exchange import Exchange
from watchword.edge.sending import with_media_type
from watchword.sandbox.history import Change
from watchword.system import Answer

_NOTHING_DONE: tuple[bool, Sequence[Change], int, datetime | None, int | None] = (False, (), 1, None, None)
"""The end of what is noted of a request that did nothing to its sandbox."""
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


Noted = tuple[
    int,
    Exchange | Outside,
    Answer,
    Ticks,
    Clock | None,
    Sequence[str],
    bool,
    bool,
    Sequence[Change],
    int,
    datetime | None,
    int | None,
]
"""
What is noted of every request: the arguments of `Captured`, in their order, but for its number.

Every request makes one, and hardly any is ever read. As a plain tuple it is made and freed in a fraction of the time
that an object with as many attributes takes.
"""
MEMORY: Final = 0
SOURCE: Final = 1
"""The places of what a journal looks at itself."""


@dataclass(slots=True, eq=False, repr=False)
class Captured:
    """
    One request in a journal, for whoever reads it; shown without anything that the client sent.

    It holds what there is, and everything else is worked out for who asks.

    Args:
        memory_bytes: About how much memory it keeps.
        source: The exchange, or what is known of a request that had none.
        finished_at: When its answer was ready, in real time.
        clock: Of the sandbox; None for a request that had no exchange. A clock that is moved is replaced, so this one
            goes on as it was.
        violations: In what the answer differs from the document.
        aborted: Whether the client hung up before it was answered.
        acted: Whether it met an operation and was readable, so that it could do something.
        changes: The commits that it has made, if its sandbox remembers them.
        attempts: How often it was begun, until nothing that it had read was changed by another request.
        called_at: What the sandbox's clock showed to its last step; None if it had none.
        drew_from: Where the chance of its system stood before it drew; None if it drew nothing.
        number: Counts up from 1 over all sandboxes of a server.

    Attributes:
        read: What was made of it for readers, once somebody has asked.
        counted: Whether coverage has counted it, or never will: a call of the control API covers nothing.
    """

    memory_bytes: int
    source: Exchange | Outside
    answer: Answer
    finished_at: Ticks
    clock: Clock | None
    violations: Sequence[str]
    aborted: bool
    acted: bool
    changes: Sequence[Change]
    attempts: int
    called_at: datetime | None
    drew_from: int | None
    number: int
    read: Any = field(default=None, init=False)
    counted: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        if isinstance(self.source, Exchange):
            self.counted = self.source.api.controls
            self.source.take_up()

    def __repr__(self) -> str:
        return f"<Captured {self.number}, sandbox {self.sandbox or '-'}>"

    @property
    def exchange(self) -> Exchange | None:
        """None if it was refused before it had a sandbox."""
        return None if isinstance(self.source, Outside) else self.source

    @property
    def sent(self) -> Answer:
        """The answer with its media type; an answer in another protocol has that protocol's, and this shows neither."""
        exchange = self.exchange
        unknown = exchange is None or exchange.protocol or exchange.forwarded
        return self.answer if unknown else with_media_type(self.answer)

    @property
    def outside(self) -> Outside | None:
        """What is known of a request without an exchange; None if it has one."""
        return self.source if isinstance(self.source, Outside) else None

    @property
    def sandbox(self) -> str:
        """The name of its sandbox; empty for a request that belongs to none."""
        return sandbox_of(self.source)

    @property
    def received_at(self) -> datetime:
        """When it arrived, in real time."""
        exchange = self.exchange
        return moment_at(self.finished_at if exchange is None else exchange.received_at or self.finished_at)

    @property
    def duration(self) -> timedelta:
        """How long it took until its answer was ready."""
        return moment_at(self.finished_at) - self.received_at

    @property
    def sandbox_time(self) -> datetime:
        """When its answer was ready, by the clock of its sandbox."""
        finished_at = moment_at(self.finished_at)
        return finished_at if self.clock is None else replace(self.clock, wall_clock=lambda: finished_at).now()


def note_exchange(  # by position, because that is quicker
    exchange: Exchange,
    answer: Answer,
    finished_at: Ticks,
    violations: Sequence[str] = (),
    aborted: bool = False,  # noqa: FBT001, FBT002
) -> Noted:
    """Note an exchange, which keeps only what readers need from then on."""
    memory = _OVERHEAD_BYTES + len(exchange.body)
    if answer.body is not None:
        memory += _weigh(answer.body)
    if not exchange.body and exchange.json is not None:  # a message, which another protocol has decoded
        memory += _weigh(exchange.json)
    clock, work = exchange.sandbox.clock, exchange.let_go()
    if work is None:
        return memory, exchange, answer, finished_at, clock, violations or (), aborted, *_NOTHING_DONE
    return (
        memory,
        exchange,
        answer,
        finished_at,
        clock,
        violations or (),
        aborted,
        True,
        work.changes or (),
        work.attempts,
        work.called_at,
        work.chance.source.began_at,
    )


def note_outside(outside: Outside, answer: Answer, finished_at: Ticks) -> Noted:
    """Note a request that never had an exchange."""
    memory = _OVERHEAD_BYTES + (0 if answer.body is None else _weigh(answer.body))
    return memory, outside, answer, finished_at, None, (), False, *_NOTHING_DONE


def sandbox_of(source: Exchange | Outside) -> str:
    """Name the sandbox of a request; empty for one that belongs to none."""
    return source.sandbox if isinstance(source, Outside) else source.sandbox.name


def _weigh(body: Any) -> int:
    """Estimate how many bytes of memory a body takes."""
    if isinstance(body, bytes):
        return len(body)
    try:
        return 4 * len(orjson.dumps(body))  # as Python objects it takes about four times as much
    except TypeError:
        return 0
