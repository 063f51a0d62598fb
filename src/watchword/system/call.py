"""What a handler is given, and what it gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from watchword.document import Operation
from watchword.domain.chance import Chance
from watchword.domain.clock import Clock, system_time
from watchword.domain.hashing import RequestHasher
from watchword.domain.outbox import Outbox
from watchword.store import Transaction


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What goes back to the client.

    Args:
        body: JSON types, or bytes; None for no body at all.
        delay: How long the real service waits before it answers; skipped while the clock is frozen.
    """

    status: int = 200
    body: Any = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    delay: timedelta = timedelta(0)

    def with_headers(self, headers: Mapping[str, str]) -> "Answer":
        """Copy the answer with other *headers*; ``dataclasses.replace`` is slower, and every answer is completed."""
        return Answer(self.status, self.body, headers, self.delay)


@dataclass(slots=True)
class Call:
    """
    One request as a handler or a verifier sees it.

    Args:
        tx: The transaction the call runs in.
        now: The sandbox's time, UTC, the same during the whole call.
        settings: The system's own settings in this sandbox.
        path: Path parameters by their names in the document.
        headers: By lower-case name.
        body: JSON as the document describes it, None without one.
        callers: What each verifier returned, by the name of its security scheme.
        operation: The operation of the document that is called.
        sandbox: The name of the sandbox; the control API needs it.
        root_url: Where the client found the sandbox: scheme, host and the sandbox's path prefix.
        wall_clock: Tells the real time, which clients go by.
    """

    tx: Transaction
    now: datetime
    chance: Chance
    hasher: RequestHasher
    settings: Any
    outbox: Outbox = field(default_factory=Outbox)
    path: Mapping[str, Any] = field(default_factory=dict, repr=False)
    query: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    callers: dict[str, Any] = field(default_factory=dict, repr=False)
    operation: Operation | None = None
    sandbox: str = ""
    root_url: str = ""
    wall_clock: Callable[[], datetime] = system_time


@dataclass(slots=True)
class AnswerContext:
    """
    What a system completes an answer with.

    Args:
        operation: None if the request was refused before one was known.
        settings: The system's own settings in this sandbox.
    """

    clock: Clock
    chance: Chance
    operation: Operation | None
    settings: Any = None
