"""Every answer is compared with the document, errors of the outer layers too."""

import logging
from collections.abc import Iterator, Sequence

from watchword.document.conformance import answer_violations
from watchword.document.operations import ResponseShape
from watchword.edge.exchange import Exchange
from watchword.system import Answer

_errors = logging.getLogger("watchword.error")


def violations(exchange: Exchange, answer: Answer) -> Iterator[str]:
    """Say in what *answer* differs from what the document promises, without repeating values."""
    shape = _shape(exchange, answer)
    if shape is None:
        if not _has_code(exchange):
            return
        name = exchange.operation.id if exchange.operation else exchange.system.name if exchange.system else "?"
        yield f"{name}: status {answer.status} is not declared"
        return
    for found in answer_violations(shape, headers=answer.headers, body=answer.body):
        yield f"{exchange.operation.id if exchange.operation else exchange.path} {answer.status}: {found}"


def log_violations(_exchange: Exchange, _answer: Answer, found: Sequence[str]) -> None:
    """Log every violation as an error: an observer."""
    for one in found:
        _errors.error("contract violation: %s", one)


def _shape(exchange: Exchange, answer: Answer) -> ResponseShape | None:
    document = exchange.api.document
    if exchange.operation is not None and (found := exchange.operation.shape(answer.status)) is not None:
        return found
    return document.outer.get((exchange.system.name, answer.status)) if exchange.system else None


def _has_code(exchange: Exchange) -> bool:
    """Whether code answered; operations without a handler also get our own refusals, which a document may lack."""
    if exchange.operation is not None:
        return exchange.operation.id in exchange.api.handlers
    return exchange.system is None or exchange.system.handlers is not None
