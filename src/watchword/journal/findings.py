"""What a client did that a gate may forbid: requests outside the document, secrets in addresses, failed answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl

from watchword.document import Operation
from watchword.document.security import credential_headers
from watchword.domain.refusal import InternalFailure, UnsupportedMediaType
from watchword.edge.exchange import Exchange
from watchword.journal.captured import Captured
from watchword.journal.entry import Decider, Decision, ShownViolation
from watchword.journal.masking import show_name
from watchword.journal.requests import NOT_DECLARED, UNDECLARED, Sent

_TYPES = frozenset(("type", "null", "part-type", "enum", "const"))
_SECRET_NAME = re.compile(
    r"(^|[^A-Za-z]|(?<=[a-z])(?=[A-Z]))"
    r"(?i:pass(word|wd|code|phrase)|pwd|secret|token|api[-_]?key|authorization|credential|assertion)s?\Z"
)
_UNDECLARED = frozenset((UNDECLARED, "additionalProperties", "unevaluatedProperties"))
_ON_PURPOSE = frozenset((Decider.FAULT, Decider.SETTING))
"""Who decides an error of the server that the test has arranged."""
_LEAST_SECRET_CHARACTERS = 6
"""Shorter values are found in too many addresses by chance."""
_USUAL_HEADER = re.compile(
    r"""accept(-.+)?|authorization|baggage|cache-control|connection|content-.+|cookie|date|dnt|expect|forwarded|from
    |host|http2-settings|idempotency-key|if-.+|keep-alive|max-forwards|origin|pragma|prefer|priority
    |proxy-.+|range|referer|sec-.+|save-data|sentry-trace|te|trailer|traceparent|tracestate|transfer-encoding
    |uber-trace-id|upgrade(-insecure-requests)?|user-agent|via|warning|watchword-.+|x-amzn-.+|x-b3-.+|x-client-.+
    |x-correlation-id|x-csrf-token|x-datadog-.+|x-forwarded-.+|x-goog-.+|x-grpc-.+|x-http-method-override|x-real-ip
    |x-request-id|x-requested-with|x-user-agent|x-zitadel-.+|connect-.+|grpc-.+""",
    re.VERBOSE,
)
"""Headers that libraries, browsers, tracers and proxies send by themselves, whatever a document declares."""


class Kind(StrEnum):
    """What was found."""

    UNDOCUMENTED = "undocumented"
    """A field, parameter or header that the document does not declare."""
    UNMATCHED = "unmatched"
    """A path or method that the document does not have."""
    MEDIA_TYPE = "media-type"
    """A body in a media type that the document does not declare."""
    WRONG_TYPE = "wrong-type"
    """A value of another type than the document declares, or none of its choices."""
    MISSING = "missing"
    """Something that the document requires is not there."""
    INVALID = "invalid"
    """A value of the right type that the document does not allow: its length, format or pattern."""
    SECRET_IN_URL = "secret-in-url"  # noqa: S105  # the name of a kind
    """A password, token or key in a path or a query, where logs and proxies keep it."""
    ANSWER = "answer"
    """An answer that the document does not describe."""
    BEHAVIOUR = "behaviour"
    """An answer of the server behind a proxy that the rules of the system do not give."""
    SERVER_ERROR = "server-error"
    """An answer of 500 or above that no fault, no setting, no ``Prefer`` and no rule of the imitated system gave."""
    DEPRECATED = "deprecated"
    """An operation that the document calls deprecated."""
    UNREADABLE = "unreadable"
    """Bytes that were no request."""
    ABORTED = "aborted"
    """The client hung up before its answer."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that was found; nothing in it is a value that a client sent.

    Args:
        what: Method and path: as the document writes it, or as far as it may be shown.
        operation: Its id; empty if there is none.
        where: ``body``, ``path``, ``query``, ``header``; empty for the request as a whole.
        pointer: A JSON pointer to the field; empty for the whole.
    """

    kind: Kind
    what: str
    operation: str = ""
    where: str = ""
    pointer: str = ""
    message: str = ""


def find(captured: Captured, decision: Decision | None) -> Iterator[Finding]:
    """
    Yield what is found in one request.

    Args:
        decision: What decided its answer.
    """
    exchange, status = captured.exchange, captured.answer.status
    if exchange is None:
        if captured.outside is not None and captured.outside.reason:
            yield Finding(Kind.UNREADABLE, captured.outside.protocol, message=captured.outside.reason)
        return
    sent, operation = Sent(exchange), exchange.operation
    what = f"{sent.method} {_place(exchange, sent)}"
    name = "" if operation is None else operation.id
    if operation is not None:
        yield from _in_operation(sent, exchange, operation, what)
    elif exchange.forwarded:
        yield Finding(Kind.UNMATCHED, what, message=unmatched(knows_path=exchange.system is not None))
    elif status in (404, 405):
        yield Finding(Kind.UNMATCHED, what, message=unmatched(knows_path=status == 405))
    for where, pointer in _secrets(exchange):
        yield Finding(Kind.SECRET_IN_URL, what, name, where, pointer, "is a secret, and addresses are logged")
    for sentence in captured.violations:
        yield Finding(Kind.ANSWER, what, name, "response", message=sentence)
    for pointer, sentence in exchange.departures:
        yield Finding(Kind.BEHAVIOUR, what, name, "response", pointer, sentence)
    if status >= 500 and not _is_meant(exchange, decision):
        yield Finding(Kind.SERVER_ERROR, what, name, message=f"was answered with {status}")
    if captured.aborted:
        yield Finding(Kind.ABORTED, what, name, message="The client hung up before it was answered.")


def _is_meant(exchange: Exchange, decision: Decision | None) -> bool:
    """Whether an error of the server is what the test has arranged, or what the vendor's server would answer, too."""
    if decision is None:
        return False
    by_rule = decision.kind is Decider.RULE and not isinstance(exchange.refusal, InternalFailure)
    return by_rule or decision.kind in _ON_PURPOSE


def _place(exchange: Exchange, sent: Sent) -> str:
    """Name the path as the document writes it, so that one mistake with many ids is one finding."""
    if exchange.operation is None or exchange.protocol:
        return sent.path
    return exchange.base_path + exchange.operation.path


def unmatched(*, knows_path: bool) -> str:
    """Say why a request is for no operation."""
    return "The document has another method at this path." if knows_path else "The document has no such path."


def _in_operation(sent: Sent, exchange: Exchange, operation: Operation, what: str) -> Iterator[Finding]:
    found = [(_kind_of(keyword, one), one) for keyword, one in sent.differences()]
    for kind, one in found:
        yield Finding(kind, what, operation.id, one.where, one.pointer, one.message)
    if isinstance(exchange.refusal, UnsupportedMediaType) and Kind.MEDIA_TYPE not in (kind for kind, _ in found):
        yield Finding(Kind.MEDIA_TYPE, what, operation.id, "header", "/content-type", exchange.refusal.message)
    if not exchange.protocol:
        for header in sorted(set(_undeclared_headers(exchange.headers, sent.known_headers))):
            yield Finding(Kind.UNDOCUMENTED, what, operation.id, "header", f"/{header}", NOT_DECLARED)
    if operation.raw.get("deprecated"):
        yield Finding(Kind.DEPRECATED, what, operation.id, message="The document calls this operation deprecated.")


def _kind_of(keyword: str, shown: ShownViolation) -> Kind:
    if keyword in _UNDECLARED:
        return Kind.UNDOCUMENTED
    if keyword == "media-type" or (shown.where, shown.pointer) == ("header", "/content-type"):
        return Kind.MEDIA_TYPE
    if keyword == "required":
        return Kind.MISSING
    return Kind.WRONG_TYPE if keyword in _TYPES else Kind.INVALID


def _undeclared_headers(headers: Mapping[str, str], known: frozenset[str]) -> Iterator[str]:
    for name in headers:
        if name not in known and not _USUAL_HEADER.fullmatch(name):
            yield _show_header(name)


def _show_header(name: str) -> str:
    """Show the name of a header, which is a word by its grammar; a long one, which may be a value, as a star."""
    return name if re.fullmatch(r"[a-z][a-z_-]{0,31}", name) else "*"


def _secrets(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """Find secrets in the address, by the names of parameters and by values that were sent as secrets elsewhere."""
    headers = (exchange.headers.get(name, "") for name in credential_headers(exchange.api.document.content))
    known = {value.rpartition(" ")[2] for value in headers}
    known = {value for value in known if len(value) >= _LEAST_SECRET_CHARACTERS}
    for name, value in parse_qsl(exchange.query, keep_blank_values=True):
        if value and (_SECRET_NAME.search(name) or value in known):
            yield "query", f"/{show_name(name)}"
    if any(value in exchange.path for value in known):
        yield "path", ""
