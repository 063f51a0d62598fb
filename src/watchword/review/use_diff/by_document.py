"""What HEAD's document says to a recorded request that BASE's document allows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson

from watchword.document import Operation, conformance
from watchword.document.media_types import FORM, JSON, essence, is_json
from watchword.document.origins import Steps
from watchword.document.path_templates import placeholders
from watchword.document.security import described_schemes
from watchword.domain.refusal import Violation
from watchword.review.document_diff.categories import SILENT
from watchword.review.document_diff.change import Change
from watchword.review.document_diff.section import told_place
from watchword.review.level import Level
from watchword.review.use_diff.operations import Called, Operations
from watchword.review.use_diff.places import Place, generalised, lacks, place_as_sent, place_of, values_at
from watchword.review.use_diff.recorded import REST, Recorded, Sent, is_hidden

_ABOUT_NAMES = frozenset(("required", "additionalProperties", "unevaluatedProperties"))
"""What is judged by names alone, so that it does not matter whether values are shown."""
_IF_SENT = ("removed", "read-only", "style-changed", "content-changed", "encoding-changed")
_IF_LEFT_OUT = ("default-set", "default-unset", "default-changed")
_IF_CALLED = ("security-scope-added",)
_IF_MISSING = ("became-required", "required-property-added", "required-request-parameter-added")
"""What harms nobody who sends the value, whatever it is."""
_LENGTHS = ("min-length", "max-length")
_RPC = ("rpc-method-removed", "rpc-media-type-removed")


@dataclass(frozen=True)
class Objection:
    """
    What HEAD's document has against a request.

    Args:
        certain: False if it depends on a value that the journal does not show, or on what a server makes of it.
        why: Why it is not certain, in a sentence; empty if it is.
        base, head: Where the documents say so; None if they do not.
        place: Where in the request its value stands; None if it is about no value.
        is_about_length: Whether it is about how long a text is, which rules note of secrets, too.
        is_only_said: Whether Watchword answers such a request whatever its document says.
    """

    what: str
    certain: bool = True
    why: str = ""
    base: Steps | None = None
    head: Steps | None = None
    place: Place | None = None
    is_about_length: bool = False
    is_only_said: bool = False


MASKED = "The journal shows no secrets, so only the consumer knows whether its value still fits."
_DEPENDS = "Whether it is refused, ignored or means something else, the document does not say."


class DocumentJudge:
    """
    Judges recorded requests by two documents.

    Args:
        changes: In what the documents differ.
    """

    def __init__(self, base: Operations, head: Operations, changes: Sequence[Change]) -> None:
        self._base, self._head = base, head
        self._changes: Mapping[str, list[Change]] = defaultdict(list)
        for one in changes:
            self._changes[one.operation].append(one)

    def name(self, request: Recorded) -> str:
        """Name the operation of a request by its method and path."""
        called = self._base.find(request)
        return f"{request.sent.method} {request.sent.path}" if called is None else called.name

    def objections(self, request: Recorded) -> Sequence[Objection]:
        """List what HEAD's document has against a request, what is certain first; nothing if BASE does not know it."""
        called = self._base.find(request)
        if called is None:
            return ()
        twin = self._head.twin(called)
        if twin is None:
            here = ("paths", called.operation.path)
            return [Objection(f"{called.name} is gone", base=(*here, called.operation.method.lower()))]
        found = [*self._gone_address(called, twin, request), *self._credentials(called, twin)]
        certain = [*found, *self._violations(called, twin)]
        return certain or list(dict.fromkeys(self._possible(called)))

    def allows(self, request: Recorded) -> bool:
        """Whether HEAD's document has nothing against the values of a request that are shown."""
        called = self._base.find(request)
        twin = None if called is None else self._head.twin(called)
        if called is None or twin is None:
            return False
        return not any(_is_certain(one, called, twin) for one in _judge(called, twin))

    def _gone_address(self, called: Called, twin: Operation, request: Recorded) -> Iterator[Objection]:
        if called.prefix and called.prefix not in twin.base_paths:
            steps = ("paths", twin.path, twin.method.lower())
            yield Objection(f"{called.name} is no longer served below {called.prefix}", head=steps)
        for one in self._changes[called.name]:
            if one.category in _RPC and request.protocol != REST and one.what.split()[0] in ("", *_spoken(request)):
                yield Objection(one.what, base=one.base, head=one.head, is_only_said=True)

    def _credentials(self, called: Called, twin: Operation) -> Iterator[Objection]:
        before = _proved(self._base.content, called.operation, called.sent)
        if before and not _proved(self._head.content, twin, called.sent):
            told = " or ".join(" with ".join(one) for one in twin.security)
            steps = ("paths", twin.path, twin.method.lower())
            yield Objection(f"credentials are required that it does not send: {told}", head=steps)

    def _violations(self, called: Called, twin: Operation) -> Iterator[Objection]:
        known = {(one.where, one.path, one.kind) for one in _judge(called, called.operation)}
        for one in _judge(called, twin):
            if (one.where, one.path, one.kind) not in known and _is_certain(one, called, twin):
                yield self._told(called, twin, one)

    def _told(self, called: Called, twin: Operation, found: Violation) -> Objection:
        """Say what is violated in the words of the change that did it, if there is one."""
        for change in self._changes[called.name]:
            where = place_of(change)
            if where is not None and _is_by(found, twin, where, change) and _restricts(change):
                return Objection(f"{told_place(change)}{change.what}", base=change.base, head=change.head)
        place = generalised(found.path)
        pointer = "/".join(place) if found.where == "body" else " ".join(place)
        told = f"{found.where} {pointer}".strip()
        steps = ("paths", twin.path, twin.method.lower())
        return Objection(f"{told} {found.detail.removesuffix('.')}", head=steps)

    def _possible(self, called: Called) -> Iterator[Objection]:
        """Yield what may matter to a request, as far as it is shown."""
        for one in self._changes[called.name]:
            why = _possibility(one, called)
            if why:
                length = any(name in one.category for name in _LENGTHS)
                yield Objection(
                    f"{told_place(one)}{one.what}",
                    certain=False,
                    why=why,
                    base=one.base,
                    head=one.head,
                    place=place_as_sent(one, called),
                    is_about_length=length,
                )


def _possibility(change: Change, called: Called) -> str:
    """Say why a change may matter to a request; nothing if it does not."""
    if change.level is Level.HARMLESS or change.category.endswith(SILENT):
        return ""
    if change.category in _IF_CALLED:
        return "Which scopes its token has, the journal does not show."
    place = place_of(change)
    if place is None:
        return ""
    if change.category.endswith(_IF_SENT):
        return _DEPENDS if any(True for _ in values_at(called, place)) else ""
    if change.category.endswith(_IF_LEFT_OUT):
        return _DEPENDS if lacks(called, place) else ""
    if change.category.endswith(_IF_MISSING):
        return ""
    return MASKED if any(is_hidden(value) for value in values_at(called, place)) else ""


def _is_by(found: Violation, judge: Operation, where: Place, change: Change) -> bool:
    """Whether a change is what made a violation."""
    if found.kind == "media-type":
        return change.category.endswith("media-type-removed")
    return (where.where, where.path) == (found.where, _named_alike(found, judge))


def _restricts(change: Change) -> bool:
    return change.level is not Level.HARMLESS and not change.category.endswith(SILENT)


def _judge(called: Called, operation: Operation) -> Sequence[Violation]:
    """Compare a request, as it is shown, with an operation of either document."""
    sent = called.sent
    read = conformance.read_request(
        operation,
        path=dict(zip(placeholders(operation.path), called.path.values(), strict=False)),
        query=urlencode(sent.query, doseq=True),
        headers=sent.headers,
        body=_body(sent),
    )
    return read.violations


def _body(sent: Sent) -> bytes:
    if sent.body is None:
        return b""
    media_type = essence(sent.headers.get("content-type", JSON))
    if media_type == FORM and isinstance(sent.body, Mapping):
        return urlencode(sent.body, doseq=True).encode()
    return orjson.dumps(sent.body) if is_json(media_type) else b"***"


def _is_certain(found: Violation, called: Called, judge: Operation) -> bool:
    """Whether what an operation finds is no matter of a value that is not shown."""
    if found.kind in _ABOUT_NAMES:
        return True
    place = Place(found.where, _named_alike(found, judge))
    return not any(is_hidden(value) for value in values_at(called, place)) and not is_hidden(called.sent.body)


def _named_alike(found: Violation, judge: Operation) -> Steps:
    """Name what an operation finds as changes of documents do, and as requests hold it."""
    place = generalised(found.path)
    if not place or found.where not in ("path", "header"):
        return place
    name, names = place[0], placeholders(judge.path)
    if found.where == "header":
        return name.lower(), *place[1:]
    return str(names.index(name)) if name in names else name, *place[1:]


def _proved(content: Mapping[str, object], operation: Operation, sent: Sent) -> bool:
    """Whether a request has the credentials of one alternative."""
    schemes = described_schemes(content)
    return not operation.security or any(
        all(_has(schemes.get(name, {}), sent) for name in alternative) for alternative in operation.security
    )


def _has(scheme: Mapping[str, object], sent: Sent) -> bool:
    match scheme.get("type"):
        case "apiKey" if scheme.get("in") == "header":
            return str(scheme.get("name")).lower() in sent.headers
        case "apiKey" if scheme.get("in") == "query":
            return str(scheme.get("name")) in sent.query
        case "http":
            told = sent.headers.get("authorization")
            kind = "" if told is None else told.partition(" of ")[0].lower()
            return told is not None and (is_hidden(told) or kind == str(scheme.get("scheme")).lower())
        case "oauth2" | "openIdConnect":
            return "authorization" in sent.headers
        case _:
            return True


def _spoken(request: Recorded) -> Sequence[str]:
    """Name what a removed method or media type of RPC is told by."""
    return (request.sent.path.lstrip("/"), request.sent.headers.get("content-type", ""))
