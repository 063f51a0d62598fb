"""Compare every answer with the document, also errors that arise before an operation is known."""

import logging
from collections.abc import Sequence

from watchword.document.conformance import answer_violations
from watchword.edge.exchange import Exchange
from watchword.system import Answer, Stream

_errors = logging.getLogger("watchword.error")


def violations(exchange: Exchange, answer: Answer) -> list[str]:
    """Say in what *answer* differs from what the document promises, without repeating values."""
    operation, system = exchange.operation, exchange.system
    shape = None if operation is None else operation.shape(answer.status)
    if shape is None and system is not None:
        shape = exchange.api.document.system_responses.get((system.name, answer.status))
    if shape is None:
        name = operation.id if operation else system.name if system else "?"
        return [f"{name}: status {answer.status} is not declared"] if _has_code(exchange) else []
    body = b"" if isinstance(answer.body, Stream) else answer.body  # what is still to come cannot be judged
    found = list(answer_violations(shape, headers=answer.headers, body=body))
    return found and [f"{_name(exchange)} {answer.status}: {one}" for one in found]


def _name(exchange: Exchange) -> str:
    operation = exchange.operation
    return exchange.api.nearest.without_values(exchange.path) if operation is None else operation.id


def log_violations(exchange: Exchange, answer: Answer, found: Sequence[str]) -> None:
    """Log every violation as an error, and in what a server behind a proxy behaves otherwise: an observer."""
    for one in found:
        _errors.error("contract violation: %s", one)
    for _, sentence in exchange.departures:
        _errors.error("behaviour violation: %s %d: %s", _name(exchange), answer.status, sentence)


def _has_code(exchange: Exchange) -> bool:
    """Whether code answered; answers from the document may also be our own refusals, which a document may lack."""
    if exchange.from_document:
        return False
    if exchange.operation is not None:
        return exchange.operation.id in exchange.api.handlers
    return exchange.system is None or exchange.system.handlers is not None
