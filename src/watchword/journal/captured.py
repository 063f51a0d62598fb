"""What is noted of a request in passing: references only; reading them is left to whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import orjson

from watchword.edge.exchange import Exchange
from watchword.system import Answer

_OVERHEAD_BYTES = 6_000
"""What an entry takes besides bodies: the exchange, the rules that were asked with their arguments, the answer."""


class Outside(NamedTuple):
    """
    A request that never had an exchange.

    Args:
        method: As the client sent it; empty if the request could not be read.
        path: As the client sent it; empty if the request could not be read.
        protocol: The protocol in which it was refused; empty for the document's HTTP and JSON.
        reason: Why it could not be read, in a word; empty if it could.
        headers: By lower-case name, as far as they are known.
        query: As the client sent it.
    """

    method: str
    path: str
    protocol: str = ""
    reason: str = ""
    headers: Any = None
    query: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Captured:
    """
    One request, as it was noted; shown without anything that the client sent.

    Args:
        number: Counts up from 1 over all sandboxes of a server.
        sandbox: Its name; empty for a request that belongs to none.
        received_at: When it arrived, in real time.
        finished_at: When its answer was ready, in real time.
        sandbox_time: The same moment by the sandbox's clock.
        exchange: None if it was refused before it had a sandbox.
        outside: What is known of it instead.
        violations: In what the answer differs from the document.
        aborted: Whether the client hung up before it was answered.
        memory_bytes: About how much memory it keeps.
        read: What was made of it for readers, once somebody has asked.
        counted: Whether coverage has counted it.
    """

    number: int
    sandbox: str
    received_at: datetime
    finished_at: datetime
    sandbox_time: datetime
    answer: Answer
    exchange: Exchange | None = None
    outside: Outside | None = None
    violations: Sequence[str] = ()
    aborted: bool = False
    memory_bytes: int = _OVERHEAD_BYTES
    read: Any = field(default=None)
    counted: bool = False

    def __repr__(self) -> str:
        return f"<Captured {self.number}, sandbox {self.sandbox or '-'}>"


def weigh(exchange: Exchange, answer: Answer) -> int:
    """Estimate how many bytes of memory the journal keeps for an exchange."""
    content = answer.body
    if content is None:
        size = 0
    elif isinstance(content, bytes):
        size = len(content)
    else:
        try:
            size = 4 * len(orjson.dumps(content))  # as Python objects it takes about four times as much
        except TypeError:
            size = 0
    return _OVERHEAD_BYTES + len(exchange.body) + size
