"""A request against the document: parameters and body, with every violation, never a value repeated."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from watchword.document import Operation
from watchword.document.operations import JSON, essence, is_json
from watchword.domain.refusal import Malformed, Refusal, UnsupportedMediaType, Violation
from watchword.edge.exchange import Exchange
from watchword.system import System

_CODING = ("content-encoding",)
_UNCODED = "identity"
_USUAL_LENGTH = 100
"""Of a content type; longer ones are judged anew each time, so that what clients make up is not kept."""


def read(exchange: Exchange, path: dict[str, Any]) -> None:
    """
    Decode and judge the request.

    Args:
        path: Path parameters as the router found them.

    Raises:
        Malformed, UnsupportedMediaType: For what the system refuses before it asks who calls;
            the rest waits in ``exchange.unjudged``.
    """
    operation, system = exchange.operation, exchange.system
    assert operation is not None  # noqa: S101  # routed requests have both
    assert system is not None  # noqa: S101
    violations = [*_headers(operation, system, exchange)]
    if operation.parameters:
        violations += _parameters(operation, exchange, path)
    if operation.accepts:
        violations += _body(operation, system, exchange)
    if violations:
        before, exchange.unjudged = system.triage(violations)
        refuse(before, operation)


def refuse(violations: Sequence[Violation], operation: Operation) -> None:
    """
    Raise the refusal for *violations*, if there are any.

    Raises:
        UnsupportedMediaType: The content type alone is wrong.
        Malformed: Anything else.
    """
    if violations:
        raise refusal(violations, operation)


def refusal(violations: Sequence[Violation], operation: Operation) -> Refusal:
    """Turn *violations* into the refusal that says them all."""
    wrong = {violation.path for violation in violations if violation.kind == "media-type"}
    if wrong:
        return UnsupportedMediaType(operation.accepts, coded=_CODING in wrong)
    return Malformed(violations)


def _headers(operation: Operation, system: System, exchange: Exchange) -> Sequence[Violation]:
    return system.required_headers(operation, exchange.headers) if system.required_headers else ()


def _parameters(operation: Operation, exchange: Exchange, path: dict[str, Any]) -> Iterator[Violation]:
    query = dict(parse_qsl(exchange.query, keep_blank_values=True)) if exchange.query else {}
    sources = {"path": path, "query": query, "header": exchange.headers}
    for parameter in operation.parameters:
        text = sources.get(parameter.where, {}).get(parameter.key)
        if text is None and not parameter.required:
            continue
        value, violations = parameter.read(None if text is None else str(text))
        yield from violations
        if value is not None:
            exchange.parameters.setdefault(parameter.where, {})[parameter.name] = value


def _body(operation: Operation, system: System, exchange: Exchange) -> Iterator[Violation]:
    if system.decode is not None:
        exchange.json = system.decode(exchange.body, operation.body_schema)
    elif not exchange.body:
        if operation.body_required:
            yield Violation("body", (), "required", None, "A JSON body is required.")
        return
    elif exchange.headers.get("content-encoding", _UNCODED).strip().lower() not in ("", _UNCODED):
        yield Violation("header", _CODING, "media-type", (_UNCODED,), "Compressed bodies are not served.")
        return
    elif not _acceptable(operation.accepts, exchange.headers.get("content-type", JSON)):
        yield Violation("header", ("content-type",), "media-type", operation.accepts, "This type is not served.")
        return
    elif not is_json(exchange.headers.get("content-type", JSON)):
        return  # the document alone knows such a body, and says nothing that could be judged
    else:
        try:
            exchange.json = orjson.loads(exchange.body)
        except orjson.JSONDecodeError as error:
            # The decoder's own words may quote what it read.
            where = f"line {error.lineno} column {error.colno}"
            yield Violation("body", (), "syntax", where, f"The body is not readable as JSON at {where}.")
            return
    if operation.body is not None and not operation.body.accepts(exchange.json):
        yield from operation.body.violations(exchange.json, where="body")


def _acceptable(accepts: tuple[str, ...], content_type: str) -> bool:
    judge = _judged if len(content_type) <= _USUAL_LENGTH else _judged.__wrapped__
    return judge(accepts, content_type)


@lru_cache(256)
def _judged(accepts: tuple[str, ...], content_type: str) -> bool:
    _, _, parameters = content_type.partition(";")
    charset = next(
        (
            value.strip().strip('"').lower()
            for name, _, value in (item.partition("=") for item in parameters.split(";"))
            if name.strip().lower() == "charset"
        ),
        "utf-8",
    )
    known = any(essence(content_type) == essence(accepted) for accepted in accepts)
    return known and (not is_json(content_type) or charset in ("utf-8", "utf8", "us-ascii"))
