"""What the access log says about a request: never a body, a query or a header of it."""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from watchword.edge.exchange import Exchange
from watchword.edge.nearest import Nearest, shown_method
from watchword.edge.observers import Observer, RefusalObserver
from watchword.sandbox import DEFAULT
from watchword.system import Answer

_log = logging.getLogger("watchword.request")
_NO_SANDBOX = _NOTHING = "-"
_REFERENCE = "request-ref"
"""The header by which a vendor's support finds a request."""


class AccessLogEntry(NamedTuple):
    """
    One request and how it was answered.

    Args:
        method: A dash if the request could not be read.
        status: 0 if it was not answered.
        path: The operation's template, or a path with stars for its values.
        operation: Its id; a dash if none is known.
        protocol: ``rest``, or the other protocol that was spoken; the version of HTTP if the request could not be read.
        system: The system that answered; empty for a page.
        code: The vendor's code for a refusal, several joined by commas; empty without one. The reason if the request
            could not be read, or how a fault broke the connection.
        reference: The vendor's reference of the request; empty without one.
    """

    method: str
    path: str
    status: int
    operation: str
    sandbox: str
    protocol: str
    system: str = ""
    code: str = ""
    reference: str = ""

    @classmethod
    def of(cls, exchange: Exchange, answer: Answer) -> "AccessLogEntry":
        """Sum up *exchange*."""
        operation, protocol, system = exchange.operation, exchange.protocol, exchange.system
        if operation is None:
            method = shown_method(exchange.method)
            path = exchange.api.nearest.without_values(exchange.path)
        else:
            method, path = exchange.method, exchange.path if protocol else operation.path
        return cls(
            method,
            path,
            answer.status,
            operation.id if operation else "-",
            exchange.sandbox.name,
            protocol or "rest",
            system.name if system else "",
            _code_of(exchange, answer) if answer.status >= 400 else _cut_of(exchange),
            answer.headers.get(_REFERENCE, ""),
        )

    @property
    def request(self) -> str:
        """The request and its status in a few words."""
        protocol = "" if self.protocol == "rest" else f" ({self.protocol})"
        return f"{self.method} {self.path} {self.status or _NOTHING}{protocol}"

    def __str__(self) -> str:
        sandbox = "" if self.sandbox in (DEFAULT, _NO_SANDBOX) else f" sandbox={self.sandbox}"
        reference = f" {_REFERENCE}={self.reference}" if self.reference else ""
        system = f" {self.system}" if self.system else ""
        code = f" {self.code}" if self.code else ""
        return f"{self.request}{system}{code}{sandbox}{reference}"


def _code_of(exchange: Exchange, answer: Answer) -> str:
    system = exchange.system
    return "" if system is None else ",".join(sorted(system.code_of(answer.status, answer.body)))


def _cut_of(exchange: Exchange) -> str:
    """Name how a fault broke the connection; empty without one."""
    found = exchange.interference
    return "" if found is None or found.cut is None else found.cut.value


def access_log(write: Callable[[AccessLogEntry], None]) -> Observer:
    """Make an observer that gives every entry to *write*."""

    def observe(exchange: Exchange, answer: Answer, _violations: Sequence[str]) -> None:
        write(AccessLogEntry.of(exchange, answer))

    return observe


def log_refused(write: Callable[[AccessLogEntry], None], nearest: Nearest) -> RefusalObserver:
    """Make an observer that gives *write* the requests that were refused before they had a sandbox."""

    def observe(method: str, path: str, answer: Answer) -> None:
        shown = nearest.without_values(path)
        write(AccessLogEntry(shown_method(method), shown, answer.status, "-", _NO_SANDBOX, "rest"))

    return observe


def log_unread(write: Callable[[AccessLogEntry], None]) -> Callable[[str, int, str], None]:
    """Make a function that gives *write* what was refused before it was a request: protocol, status, reason."""

    def note(protocol: str, status: int, reason: str) -> None:
        write(AccessLogEntry(_NOTHING, _NOTHING, status, _NOTHING, _NO_SANDBOX, protocol, code=reason))

    return note


def log_with_logging(entry: AccessLogEntry) -> None:
    """Give *entry* to Python's logging, as ``watchword.request``."""
    fields = {"operation": entry.operation, "sandbox": entry.sandbox, "status": entry.status}
    _log.info("%s", entry, extra={**fields, "protocol": entry.protocol, "system": entry.system, "code": entry.code})
