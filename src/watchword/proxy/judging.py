"""In what a request and its answer differ from the document, as the header and the journal tell it."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from watchword.document.conformance import answer_differences, tell_answer_violation
from watchword.domain.refusal import Violation
from watchword.edge.exchange import Exchange
from watchword.journal.decision import public_names
from watchword.journal.findings import Kind, unmatched
from watchword.journal.requests import Sent
from watchword.proxy.content import Content
from watchword.proxy.shadow.telling import Departure
from watchword.system import Answer

HEADER = "sl-violations"
"""The header in which Prism's proxy tells violations, and so does this one."""
_MOST_CHARACTERS = 4_000
"""Of the header: clients and servers refuse heads that are much longer."""


class Violated(NamedTuple):
    """
    One difference.

    Args:
        location: ``request`` or ``response``, then where in it.
        code: The keyword of the schema that is violated, or ``unmatched``, ``status``, ``undeclared``, ``behaviour``.
        message: A sentence without a value that was sent.
    """

    location: tuple[str, ...]
    code: str
    message: str


def judge_request(exchange: Exchange) -> Iterator[Violated]:
    """Yield in what the request differs from the document."""
    if exchange.operation is None:
        yield Violated(("request",), "unmatched", unmatched(knows_path=exchange.system is not None))
        return
    for keyword, shown in Sent(exchange).differences():
        names = tuple(shown.pointer.split("/")[1:])
        yield Violated(("request", shown.where, *names), keyword, shown.message)


def judge_answer(exchange: Exchange, answer: Answer, content: Content) -> Iterator[Violated]:
    """
    Yield in what an answer differs from the document; for a request that it does not know, nothing is promised.

    Args:
        content: If it is not readable, the body is not judged, and neither is that of an answer to HEAD.
    """
    operation, system = exchange.operation, exchange.system
    if operation is None or system is None:
        return
    shape = operation.shape(answer.status)
    if shape is None:
        shape = exchange.api.document.system_responses.get((system.name, answer.status))
    if shape is None:
        yield Violated(("response", "status"), "status", f"status {answer.status} is not declared")
        return
    if content.damage and exchange.method != "HEAD":
        yield _in_answer(Violation("body", (), "syntax", None, content.damage))
    if shape.content and answer.body is not None and not _has_content_type(answer):
        yield _in_answer(Violation("header", ("content-type",), "required", tuple(shape.content), "is missing"))
    judges_body = content.is_readable and exchange.method != "HEAD"
    for one in answer_differences(shape, headers=answer.headers, body=answer.body):
        if judges_body or one.where == "header":
            yield _in_answer(one)


def _has_content_type(answer: Answer) -> bool:
    """Whether an answer says what its body is; without that word it is judged as JSON, and clients guess."""
    return any(name.lower() == "content-type" for name in answer.headers)


def _in_answer(violation: Violation) -> Violated:
    names = public_names(violation)
    where = (violation.where,) if violation.where else ()
    return Violated(("response", *where, *names), violation.kind, tell_answer_violation(violation, ".".join(names)))


def sentences(exchange: Exchange, status: int, found: Iterable[Violated]) -> list[str]:
    """Write what is wrong with an answer as the journal and the log tell it."""
    name = "" if exchange.operation is None else exchange.operation.id
    return [f"{name} {status}: {one.message}" for one in found]


def judge_behaviour(departures: Iterable[Departure]) -> Iterator[Violated]:
    """Yield in what a server behaves otherwise than the rules say."""
    for one in departures:
        yield Violated(("response", *one.place), Kind.BEHAVIOUR.value, one.message)


def write_header(found: Sequence[Violated]) -> str:
    """Write violations as Prism does, as many as there is room for; the last one says how many others there are."""
    written: list[dict[str, Any]] = []
    for number, one in enumerate(found):
        more = {"location": list(one.location), "severity": "Error", "code": one.code, "message": one.message}
        if len(json.dumps([*written, more])) > _MOST_CHARACTERS:
            message = f"{len(found) - number} more; the journal has them all."
            written.append({"location": [], "severity": "Information", "code": "more", "message": message})
            break
        written.append(more)
    return json.dumps(written)
