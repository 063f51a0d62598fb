"""What HEAD changes for a recorded request: by sending it again where that is possible, and by the documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from watchword.document.origins import Steps
from watchword.review.document_diff.change import turned
from watchword.review.use_diff.answers import is_refusal
from watchword.review.use_diff.by_document import MASKED, DocumentJudge, Objection
from watchword.review.use_diff.new_passwords import LENGTHS
from watchword.review.use_diff.playing import Played
from watchword.review.use_diff.recorded import Recorded

_ALLOWED = "HEAD's document allows it"
_REFUSED_BY_DOCUMENT = ("schema", "security")


class Kind(StrEnum):
    """What may happen to a request."""

    REFUSED = "request-refused"
    POSSIBLY_REFUSED = "request-possibly-refused"
    CHANGED = "answer-changed"


@dataclass(frozen=True)
class Touch:
    """
    What HEAD changes for a request.

    Args:
        operation: Its method and path.
        before, after: What BASE and HEAD answer: status and code; *after* is empty if only the documents say so.
        what: What is different, or decides, in a sentence without its stop.
        cause: The id of the rule that decides, or the same as *what*, which may have values of one request in it.
        why: What makes it uncertain, in a sentence; empty if it is certain.
        base, head: Where the documents say so; a document need not have the place.
    """

    kind: Kind
    operation: str
    before: str
    after: str
    what: str
    cause: str
    why: str = ""
    base: Steps | None = None
    head: Steps | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What it has in common with those that are told together."""
        return self.kind, self.operation, self.before, self.after, self.cause


def judge(request: Recorded, operation: str, played: Played | None, by_document: DocumentJudge) -> Touch | None:
    """
    Say what HEAD changes for a request.

    Args:
        operation: Its method and path.
        played: What came of sending it again; None if that was not tried.

    Returns:
        None if nothing.
    """
    objections = by_document.objections(request) if request.is_success else ()
    if played is None or played.base is None or played.head is None:
        return _documented(request, operation, objections, by_document)
    if played.differs:
        return _answered(operation, played, objections)
    doubts = [one for one in objections if one.certain or _is_open(one, request)]
    if not doubts:
        return None
    first = doubts[0]
    why = "HEAD's document says so, but Watchword answers as before." if first.certain else first.why
    return Touch(
        Kind.POSSIBLY_REFUSED, operation, request.told, "", first.what, first.what, why, first.base, first.head
    )


def _documented(
    request: Recorded, operation: str, objections: Sequence[Objection], by_document: DocumentJudge
) -> Touch | None:
    if objections:
        first = objections[0]
        kind = Kind.REFUSED if first.certain else Kind.POSSIBLY_REFUSED
        return Touch(kind, operation, request.told, "", first.what, first.what, first.why, first.base, first.head)
    was_refused = not request.is_success and request.decided_by[0] in _REFUSED_BY_DOCUMENT and request.violations
    if was_refused and by_document.allows(request):
        return Touch(Kind.CHANGED, operation, request.told, "", _ALLOWED, _ALLOWED)
    return None


def _answered(operation: str, played: Played, objections: Sequence[Objection]) -> Touch:
    assert played.base is not None  # noqa: S101  # the caller looked
    assert played.head is not None  # noqa: S101  # as above
    before, after = played.base, played.head
    refused = is_refusal(after.entry.status) and not is_refusal(before.entry.status)
    kind = Kind.REFUSED if refused else Kind.CHANGED
    what, cause = played.differs, played.differs.partition(":")[0]
    if before.told != after.told:
        decided = after if is_refusal(after.entry.status) else before
        what = decided.explained.sentence.removeprefix(f"{decided.told}: ").removesuffix(".")
        cause = decided.entry.decided_by[1] or what
    if played.cause is not None:
        told = turned(f"setting {played.cause.name}", played.cause.base, played.cause.head)
        steps = played.cause.steps
        return Touch(kind, operation, before.told, after.told, f"{what} ({told})", told, base=steps, head=steps)
    said = next((one for one in objections if one.certain), None)
    if refused and said is not None:
        return Touch(kind, operation, before.told, after.told, said.what, said.what, base=said.base, head=said.head)
    return Touch(kind, operation, before.told, after.told, what, cause)


def _is_open(one: Objection, request: Recorded) -> bool:
    """Whether sending a request again does not settle an objection: the value of a star was only a guess."""
    if one.why != MASKED:
        return False
    has_length = any(name in asked.values for asked in request.asked for name in LENGTHS)
    return not (one.is_about_length and has_length)
