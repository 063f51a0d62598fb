"""Handlers: what they read is still there."""

from collections.abc import Iterator

from watchword.document import Operation
from watchword.document.origins import Steps
from watchword.edge.overlay_report import lost_handlers, unfit_handlers
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted, steps_of
from watchword.system.needs import Needs, needs_of

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
        operation = linted.document.operations[identifier]
        touched = map(linted.sources.touched, _read_by_handler(linted, operation))
        yield Found(steps_of(operation), text, next(filter(None, touched), None))


def _read_by_handler(linted: Linted, operation: Operation) -> Iterator[Steps]:
    """Yield what a handler depends on, in the order in which it is looked at: fields, body, parameters, credentials."""
    at, handler = steps_of(operation), linted.systems[operation.system].handler(operation.id)
    needed = Needs() if handler is None else needs_of(handler)
    for kind in linted.original.operations[operation.id].accepts:
        for name in (*needed.body, *needed.optional):
            yield from _field((*at, "requestBody", "content", kind, "schema"), name)
    yield (*at, "requestBody", "required")
    yield (*at, "requestBody")
    yield ("paths", operation.path, "parameters")
    yield (*at, "parameters")
    yield (*at, "security")


def _field(schema: Steps, name: str) -> Iterator[Steps]:
    """Yield where a field is declared, and where it is required, through those that it is in."""
    for part in name.split("."):
        inner = (*schema, "properties", part)
        yield inner
        yield (*schema, "required")
        schema = inner
