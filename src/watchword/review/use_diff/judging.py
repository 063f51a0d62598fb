"""What HEAD changes for a recorded request: by sending it again where that is possible, and by the documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from watchword.document.origins import Steps
from watchword.review.document_diff.change import turned
from watchword.review.use_diff.answers import is_refusal
from watchword.review.use_diff.by_document import MASKED, DocumentJudge, Objection
from watchword.review.use_diff.certainty import Certainty
from watchword.review.use_diff.places import Place
from watchword.review.use_diff.playing import Played
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import Acted
from watchword.system.document_settings import FAULTS_KEY

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
        follows: The earlier answer that it follows from, half a sentence; empty if it follows from none.
        is_certain: Whether the answer differs whatever was sent that is not shown.
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
    follows: str = ""
    is_certain: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What it has in common with those that are told together."""
        doubt = "" if self.is_certain else "may"
        return self.kind, self.operation, self.before, self.after, self.cause, *filter(None, (self.follows, doubt))


def judge(request: Recorded, operation: str, played: Played | None, by_document: DocumentJudge) -> Touch | None:
    """
    Say what HEAD changes for a request.

    Args:
        operation: Its method and path.
        played: What came of sending it again; None if that was not tried.

    Returns:
        None if nothing.
    """
    objections = by_document.objections(request) if request.is_success or (played and played.differs) else ()
    if played is None or played.base is None or played.head is None:
        return _documented(request, operation, objections, by_document)
    if played.differs:
        return _answered(operation, played, objections, by_document)
    if only_said := [one for one in objections if one.is_only_said]:
        return _documented(request, operation, only_said, by_document)
    doubts = [one for one in objections if one.certain or _is_open(one, played.known)]
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


def _answered(
    operation: str, played: Played, objections: Sequence[Objection], by_document: DocumentJudge
) -> Touch | None:
    assert played.base is not None  # noqa: S101  # the caller looked
    assert played.head is not None  # noqa: S101  # as above
    before, after = played.base, played.head
    refused = is_refusal(after.entry.status) and not is_refusal(before.entry.status)
    if played.is_avoidable and not refused:
        return None
    what, cause, base, head = _reason(played, before, after, objections)
    return Touch(
        _kind(refused=refused, is_certain=played.is_certain),
        operation,
        before.told,
        after.told,
        what,
        cause,
        "" if played.is_certain else MASKED,
        base,
        head,
        _origin(played, by_document),
        played.is_certain,
    )


def _kind(*, refused: bool, is_certain: bool) -> Kind:
    if refused:
        return Kind.REFUSED if is_certain else Kind.POSSIBLY_REFUSED
    return Kind.CHANGED


def _reason(
    played: Played, before: Acted, after: Acted, objections: Sequence[Objection]
) -> tuple[str, str, Steps | None, Steps | None]:
    """Say what makes answers differ, for people and for those that are told together; and where both sides have it."""
    what, cause = played.differs, played.differs.partition(":")[0]
    if before.told != after.told:
        decided = after if is_refusal(after.entry.status) else before
        what = _because(decided)
        cause = decided.entry.decided_by[1] or what
    if played.cause is not None:
        told = turned(f"setting {played.cause.name}", played.cause.base, played.cause.head)
        return f"{what} ({told})", told, played.cause.steps, played.cause.steps
    if after.fault is not None:
        return what, cause, None, (FAULTS_KEY, str(after.fault))
    by_document = after.entry.decided_by[0] in _REFUSED_BY_DOCUMENT
    refused = is_refusal(after.entry.status) and not is_refusal(before.entry.status)
    said = next((one for one in objections if by_document or (refused and one.certain)), None)
    return (what, cause, None, None) if said is None else (said.what, said.what, said.base, said.head)


def _because(acted: Acted) -> str:
    """Say why an answer was given, without what it is."""
    sentence = acted.explained.sentence.removesuffix(".")
    told, _, because = sentence.partition(": ")
    return because if told.startswith(str(acted.entry.status)) else sentence


def _origin(played: Played, by_document: DocumentJudge) -> str:
    if played.follows is None:
        return ""
    name, before, after = by_document.name(played.follows.request), played.follows.before, played.follows.after
    return f"{name} is answered {after} instead of {before}" if before != after else f"the answer to {name} is another"


def _is_open(one: Objection, known: Mapping[Place, Certainty]) -> bool:
    """Whether sending a request again does not settle an objection: the value of a star was only a guess."""
    if one.why != MASKED or one.place is None:
        return False
    there = [certainty for place, certainty in known.items() if one.place.has(place)]
    least = min(there, default=Certainty.NOTHING)
    return least is Certainty.NOTHING or (least is Certainty.LENGTH and not one.is_about_length)
