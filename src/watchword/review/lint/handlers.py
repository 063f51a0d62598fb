"""Handlers: what they read is still there."""

from collections.abc import Iterator

from watchword.document import Operation
from watchword.document.origins import Steps
from watchword.document.sources import Source
from watchword.edge.fitness import Misfit
from watchword.edge.overlay_report import lost_handlers, tell_unfit, unfit_handlers
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
    """Look for what handlers read, and tell together what has changed at one place."""
    for identifier, misfits in unfit_handlers(linted.original, linted.document, linted.systems):
        operation = linted.document.operations[identifier]
        by_place: dict[Source | None, list[Misfit]] = {}
        for one in misfits:
            touched = map(linted.sources.touched, _changed(linted, operation, one))
            by_place.setdefault(next(filter(None, touched), None), []).append(one)
        for place, found in by_place.items():
            yield Found(steps_of(operation), tell_unfit(identifier, found), place)


def _changed(linted: Linted, operation: Operation, misfit: Misfit) -> Iterator[Steps]:
    """Yield the places that may have changed so that a handler does not fit any more."""
    at = (*steps_of(operation), *misfit.steps)
    if misfit.field:
        for kind in linted.original.operations[operation.id].accepts:
            yield from _field((*at, "content", kind, "schema"), misfit.field)
    if misfit.steps == ("parameters",):
        yield ("paths", operation.path, "parameters")
    yield at


def _field(schema: Steps, name: str) -> Iterator[Steps]:
    """Yield where a field is declared, and where it is required, through those that it is in."""
    for part in name.split("."):
        inner = (*schema, "properties", part)
        yield inner
        yield (*schema, "required")
        schema = inner
