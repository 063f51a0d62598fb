"""What the log tells of a request: never a body, a query or a header."""

import logging
from typing import NamedTuple

from watchword.edge.exchange import Exchange
from watchword.system import Answer

_log = logging.getLogger("watchword.request")


class Line(NamedTuple):
    """
    One request and what it was answered.

    Args:
        path: The operation's template, or a path without its values.
        operation: Its id; a dash if none is known.
        protocol: ``rest``, or another that was spoken instead.
    """

    method: str
    path: str
    status: int
    operation: str
    sandbox: str
    protocol: str

    @classmethod
    def of(cls, exchange: Exchange, answer: Answer) -> "Line":
        """Sum up *exchange*."""
        operation, protocol = exchange.operation, exchange.protocol
        if operation is None:
            path = exchange.world.nearest.without_values(exchange.path)
        else:
            path = exchange.path if protocol else operation.path
        name = operation.id if operation else "-"
        return cls(exchange.method, path, answer.status, name, exchange.sandbox.name, protocol or "rest")

    def __str__(self) -> str:
        spoken = "" if self.protocol == "rest" else f" ({self.protocol})"
        return f"{self.method} {self.path} {self.status}{spoken}"


def to_logging(line: Line) -> None:
    """Hand *line* to Python's logging, as ``watchword.request``."""
    known = {"operation": line.operation, "sandbox": line.sandbox, "status": line.status, "protocol": line.protocol}
    _log.info("%s", line, extra=known)
