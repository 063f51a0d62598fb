"""What a handler gets, and what it returns."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from watchword.document import Operation
from watchword.domain.chance import Chance
from watchword.domain.clock import system_time
from watchword.domain.hashing import RequestHasher
from watchword.domain.outbox import Outbox
from watchword.store import Transaction


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Stream:
    """
    A body whose end nobody knows: it is sent piece by piece, until it ends or the client hangs up.

    Args:
        pieces: Closed if the client hangs up first.
    """

    pieces: AsyncGenerator[bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """
    An answer to a client.

    Args:
        body: JSON types, bytes, or a `Stream`; None for no body.
        delay: How long the real service waits before it answers; skipped while the clock is frozen.
    """

    status: int = 200
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    delay: timedelta = timedelta(0)

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """Copy the answer with other *headers*; faster than ``dataclasses.replace``, and every answer needs it."""
        return Answer(self.status, self.body, headers, self.delay)


@dataclass(slots=True, repr=False)
class Asked:
    """
    What a system may know of a request when it completes the answer.

    Args:
        operation: None if the request was refused before one was known.
        headers: Of the request, by lower-case name.
        settings: The settings of the system in the sandbox.
        now: What the sandbox's clock showed to the handler.
    """

    operation: Operation | None
    headers: Mapping[str, str]
    settings: Any
    now: datetime
    chance: Chance


@dataclass(slots=True, repr=False)
class Call:
    """
    One request, as a handler or a verifier sees it; shown without anything that the client sent.

    Args:
        tx: The transaction in which the call runs.
        now: The time of the sandbox, UTC; it does not change during the call.
        settings: The settings of this system in this sandbox.
        path: Path parameters, by their names in the document.
        query_string: The query as sent, for what the document does not describe.
        headers: By lower-case name.
        body: JSON as the document describes it; None without a body.
        callers: What each verifier returned, by the name of its security scheme.
        operation: The operation of the document.
        sandbox: The name of the sandbox; the control API needs it.
        root_url: The address at which the client reached the sandbox: scheme, host and path prefix of the sandbox.
        wall_clock: Returns the real time, which is the time of the clients.
        protocol: What is spoken instead of the document's HTTP and JSON; empty for that.
    """

    tx: Transaction
    now: datetime
    chance: Chance
    hasher: RequestHasher
    settings: Any
    outbox: Outbox = field(default_factory=Outbox)
    path: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    query_string: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    callers: dict[str, Any] = field(default_factory=dict)
    operation: Operation | None = None
    sandbox: str = ""
    root_url: str = ""
    wall_clock: Callable[[], datetime] = system_time
    protocol: str = ""

    def __repr__(self) -> str:
        operation = "no operation" if self.operation is None else self.operation.id
        return f"<Call: {operation}, sandbox {self.sandbox}>"
