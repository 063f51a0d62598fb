"""Read a request once, and answer its violations before or after authentication, as the system does."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.document import Operation, conformance
from watchword.domain.refusal import Malformed, Refusal, UnsupportedMediaType, Violation
from watchword.edge.exchange import Exchange


def read_request(exchange: Exchange, path: Mapping[str, Any]) -> None:
    """
    Read and validate the request.

    Args:
        path: Path parameters as the router found them.

    Raises:
        Malformed, UnsupportedMediaType: For what the system refuses before it authenticates the caller;
            the rest waits in ``exchange.later_violations``.
    """
    operation, system = exchange.operation, exchange.system
    assert operation is not None  # noqa: S101  # routed requests have one
    assert system is not None  # noqa: S101  # and so a system
    missing = system.required_headers(operation, exchange.headers) if system.required_headers else ()
    read = conformance.read_request(
        operation,
        path=path,
        query=exchange.query,
        headers=exchange.headers,
        body=exchange.body,
        decode=system.decode,
    )
    exchange.parameters, exchange.json = read.parameters, read.json
    if system.read_query is not None:
        values = system.read_query(operation, exchange.query)
        if values is not None:
            exchange.parameters["query"] = values
    unknown = system.judge_query(operation, exchange.query) if exchange.query and system.judge_query else ()
    found = read.violations
    if found and system.tell_violations is not None:
        found = [*system.tell_violations(read)]
    violations = [*missing, *found, *unknown]
    if violations:
        before, exchange.later_violations = system.triage(violations)
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
    """Turn *violations* into the refusal that lists them all."""
    wrong = {violation.path for violation in violations if violation.kind == "media-type"}
    if wrong:
        return UnsupportedMediaType(operation.accepts, compressed=conformance.CONTENT_ENCODING in wrong)
    return Malformed(violations)
