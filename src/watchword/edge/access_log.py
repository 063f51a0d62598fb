"""What the access log says about a request: never a body, a query or a header."""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from watchword.edge.exchange import Exchange
from watchword.edge.observers import Observer
from watchword.system import Answer

_log = logging.getLogger("watchword.request")


class AccessLogEntry(NamedTuple):
    """
    One request and how it was answered.

    Args:
        path: The operation's template, or a path without its values.
        operation: Its id; a dash if none is known.
        protocol: ``rest``, or the other protocol that was spoken.
    """

    method: str
    path: str
    status: int
    operation: str
    sandbox: str
    protocol: str

    @classmethod
    def of(cls, exchange: Exchange, answer: Answer) -> "AccessLogEntry":
        """Sum up *exchange*."""
        operation, protocol = exchange.operation, exchange.protocol
        if operation is None:
            path = exchange.api.nearest.without_values(exchange.path)
        else:
            path = exchange.path if protocol else operation.path
        name = operation.id if operation else "-"
        return cls(exchange.method, path, answer.status, name, exchange.sandbox.name, protocol or "rest")

    def __str__(self) -> str:
        protocol = "" if self.protocol == "rest" else f" ({self.protocol})"
        return f"{self.method} {self.path} {self.status}{protocol}"


def access_log(write: Callable[[AccessLogEntry], None]) -> Observer:
    """Make an observer that gives every entry to *write*."""

    def observe(exchange: Exchange, answer: Answer, _violations: Sequence[str]) -> None:
        write(AccessLogEntry.of(exchange, answer))

    return observe


def log_with_logging(entry: AccessLogEntry) -> None:
    """Give *entry* to Python's logging, as ``watchword.request``."""
    fields = {"operation": entry.operation, "sandbox": entry.sandbox, "status": entry.status}
    _log.info("%s", entry, extra={**fields, "protocol": entry.protocol})
