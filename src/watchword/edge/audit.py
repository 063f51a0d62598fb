"""Every answer against the document, the errors of the outer layers included."""

from collections.abc import Iterator
from functools import lru_cache

from watchword.document.operations import ResponseShape, essence
from watchword.edge.exchange import Exchange
from watchword.system import Answer

# Of our own answers, which have few.
_essence = lru_cache(64)(essence)


def violations(exchange: Exchange, answer: Answer) -> Iterator[str]:
    """Say in what *answer* differs from what the document promises, without repeating values."""
    shape = _shape(exchange, answer)
    if shape is None:
        if not _written(exchange):
            return
        name = exchange.operation.id if exchange.operation else exchange.system.name if exchange.system else "?"
        yield f"{name}: status {answer.status} is not declared"
        return
    for found in _differences(shape, answer):
        yield f"{exchange.operation.id if exchange.operation else exchange.path} {answer.status}: {found}"


def _differences(shape: ResponseShape, answer: Answer) -> Iterator[str]:
    if shape.required_headers:
        headers = {name.lower() for name in answer.headers}
        for name in sorted(shape.required_headers - headers):
            yield f"header {name} is missing"
    if not shape.content:
        if answer.body is not None:
            yield "has a body, the document has none"
        return
    if answer.body is None:
        yield "has no body, the document has one"
        return
    given = next(
        (value for name, value in answer.headers.items() if name.lower() == "content-type"), "application/json"
    )
    plain = _essence(given)
    if plain not in shape.content:
        yield f"content type {plain} is not declared"
        return
    validator = shape.content[plain]
    if validator is not None and not validator.accepts(answer.body):
        for one in validator.violations(answer.body, where="body"):
            yield f"body {'.'.join(one.path) or '(whole)'} {one.detail}"


def _shape(exchange: Exchange, answer: Answer) -> ResponseShape | None:
    document = exchange.world.document
    if exchange.operation is not None and (found := exchange.operation.shape(answer.status)) is not None:
        return found
    return document.outer.get((exchange.system.name, answer.status)) if exchange.system else None


def _written(exchange: Exchange) -> bool:
    """Whether somebody wrote what is answered, and not we, who refuse in statuses that a bare document lacks."""
    if exchange.operation is not None:
        return exchange.operation.id in exchange.world.handlers
    return exchange.system is None or exchange.system.handlers is not None
