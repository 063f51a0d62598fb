"""Handlers: what they read is still there."""

from collections.abc import Iterator

from watchword.edge.overlay_report import lost_handlers, unfit_handlers
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, steps_of

HANDLER_LOST = Check(
    "handler-lost",
    Severity.ERROR,
    "An operation that lost its handler has no behaviour: it is answered from the document, or not at all.",
)
HANDLER_UNFIT = Check(
    "handler-unfit",
    Severity.ERROR,
    "A handler that misses what it reads cannot answer, so the operation has no behaviour any more.",
)


def handlers_lost(linted: Linted) -> Iterator[Found]:
    """Look for the operations of the imitated systems."""
    for identifier, text in lost_handlers(linted.original, linted.document, linted.systems):
        yield Found((*steps_of(linted.original.operations[identifier]), "operationId"), text)


def handlers_unfit(linted: Linted) -> Iterator[Found]:
    """Look for what handlers read."""
    for identifier, text in unfit_handlers(linted.original, linted.document, linted.systems):
        yield Found(steps_of(linted.document.operations[identifier]), text)
