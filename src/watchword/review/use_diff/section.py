"""The section of a report about consumers."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from hashlib import blake2b

from watchword.document import DocumentError
from watchword.review.difference import Difference, Occurrence, Part, Section
from watchword.review.document_diff.documents import compare_documents
from watchword.review.level import Level
from watchword.review.sides import Side
from watchword.review.use_diff.by_document import DocumentJudge
from watchword.review.use_diff.consumers import Consumer
from watchword.review.use_diff.judging import Kind, Touch, judge
from watchword.review.use_diff.operations import Operations
from watchword.review.use_diff.playing import Play, Played
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import Stage, staged
from watchword.review.use_diff.unmet import called_operations, documented, met, tell
from watchword.systems import SYSTEMS

_TITLE = "Who notices"
_UNMET = "answer-unmet"
_LEVELS: Mapping[str, Level] = {
    Kind.REFUSED: Level.BREAKING,
    Kind.POSSIBLY_REFUSED: Level.RISKY,
    Kind.CHANGED: Level.RISKY,
    _UNMET: Level.HARMLESS,
}
_WHY: Mapping[str, str] = {
    Kind.REFUSED: "BASE did what the consumer asked for, and HEAD refuses.",
    Kind.POSSIBLY_REFUSED: "It depends on what the journal does not show.",
    Kind.CHANGED: "The consumer met the old answer; whether it reads what is different, no journal shows.",
    _UNMET: "The consumer calls the operation, and none of its requests met this answer.",
}
_BLIND = (
    "Journals are masked: a secret counts by its role, as the password of somebody or the newest token, and never by"
    " its letters. What a client reads of an answer cannot be seen."
)
_MOST_NAMED = 3


@dataclass
class _Found:
    """
    What was found about one consumer.

    Args:
        touches, numbers: What HEAD changes, and for how many requests, by what is told together.
        alone: How many were judged by the documents alone, by the reason.
    """

    consumer: Consumer
    touches: dict[tuple[str, ...], Touch] = field(default_factory=dict)
    numbers: Counter[tuple[str, ...]] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)

    def count(self, kind: Kind) -> int:
        """Count the requests with a kind of touch."""
        return sum(self.numbers[key] for key, touch in self.touches.items() if touch.kind is kind)


def compare_use(base: Side, head: Side, consumers: Sequence[Consumer]) -> Section:
    """Say which requests of consumers are answered otherwise, or refused."""
    sides = Operations(base), Operations(head)
    changes = compare_documents(base.content_beside(head), head.content_beside(base)).changes
    by_document = DocumentJudge(*sides, changes)
    with ExitStack() as stack:
        found, unserved = list[_Found](), ""
        try:
            runner = stack.enter_context(asyncio.Runner())
            stages = tuple(stack.enter_context(staged(side, runner)) for side in (base, head))
        except DocumentError as error:
            stages, unserved = (), f"Judged by the documents alone, because they cannot be served: {error}"
        found = [_look(one, by_document, sides[0], stages) for one in consumers]
    differences = [
        difference for one in found for difference in (*_differences(one, (base, head)), *_unmet(one.consumer, sides))
    ]
    summary = tuple(map(_verdict, found))
    return Section(
        Part.CONSUMERS,
        _TITLE,
        tuple(differences),
        (*_notes(found), *([unserved] if unserved else []), _BLIND),
        summary=summary,
    )


def _look(consumer: Consumer, by_document: DocumentJudge, operations: Operations, stages: Sequence[Stage]) -> _Found:
    found = _Found(consumer)
    plays: dict[str, Play] = {}
    for request in consumer.requests:
        called = operations.find(request)
        if called is None:
            found.alone["calls what BASE's document does not have"] += 1
            continue
        played = _played(request, plays, stages)
        if played is not None and played.why_not:
            found.alone[played.why_not] += 1
        touch = judge(request, called.name, played, by_document)
        if touch is not None:
            found.touches.setdefault(touch.key, touch)
            found.numbers[touch.key] += 1
    return found


def _played(request: Recorded, plays: dict[str, Play], stages: Sequence[Stage]) -> Played | None:
    """Send a request again, in its sandbox; None for one that documents alone answer."""
    if not stages or not any(one.handler(request.operation) for one in SYSTEMS):
        return None
    if request.sandbox not in plays:
        plays[request.sandbox] = Play(stages[0], stages[1], request)
    return plays[request.sandbox].play(request)


def _differences(found: _Found, sides: tuple[Side, Side]) -> Iterator[Difference]:
    for key, touch in found.touches.items():
        yield Difference(
            touch.kind,
            _LEVELS[touch.kind],
            f"{found.consumer.name}: {_sentence(touch, found.numbers[key])}",
            touch.why or _WHY[touch.kind],
            None if touch.base is None else sides[0].excerpt(touch.base),
            None if touch.head is None else sides[1].excerpt(touch.head),
            (_occurrence(found.consumer, touch.operation, *key),),
        )


def _occurrence(consumer: Consumer, operation: str, *marks: str) -> Occurrence:
    marks = (consumer.name, *marks)
    return Occurrence(operation, "", blake2b("\n".join(marks).encode(), digest_size=8).hexdigest())


def _sentence(touch: Touch, number: int) -> str:
    requests = f"{number} {'request' if number == 1 else 'requests'}"
    match touch.kind:
        case Kind.REFUSED if touch.after:
            return f"{requests} would be refused, {touch.before} → {touch.after}: {touch.what}"
        case Kind.REFUSED:
            return f"{requests} would be refused: {touch.what}"
        case Kind.POSSIBLY_REFUSED:
            return f"{requests} may be refused: {touch.what}"
        case _ if touch.after and touch.after != touch.before:
            return f"{requests} would be answered {touch.after} instead of {touch.before}: {touch.what}"
        case _:
            return f"the answer {touch.before} to {requests} would change: {touch.what}"


def _unmet(consumer: Consumer, sides: tuple[Operations, Operations]) -> Iterator[Difference]:
    """Name the answers that are new in HEAD, in operations that the consumer calls."""
    for requests in called_operations(consumer.requests, sides[0]).values():
        called = sides[0].find(requests[0])
        twin = None if called is None else sides[1].twin(called)
        if called is None or twin is None:
            continue
        new = documented(twin) - documented(called.operation) - met(requests)
        for told in tell(new):
            sentence = f"{consumer.name}: it never met {told}, which is new"
            where = _occurrence(consumer, called.name, _UNMET, called.name, told)
            yield Difference(_UNMET, _LEVELS[_UNMET], sentence, _WHY[_UNMET], None, None, (where,))


def _verdict(found: _Found) -> str:
    """Say what it amounts to for a consumer: ``web-shop: 3 of 41 requests would be refused, 2 answers change``."""
    total = len(found.consumer.requests)
    refused, possibly, changed = (found.count(kind) for kind in Kind)
    requests = f"{total} {'request' if total == 1 else 'requests'}"
    told = [
        f"{refused} of {requests} would be refused" if refused else "",
        f"{possibly} may be refused" if possibly else "",
        f"{changed} {'answer changes' if changed == 1 else 'answers change'}" if changed else "",
    ]
    return f"{found.consumer.name}: {', '.join(filter(None, told)) or f'nothing changes in {requests}'}"


def _notes(found: Sequence[_Found]) -> Iterator[str]:
    for one in found:
        alone = sum(one.alone.values())
        if alone:
            reasons = "; ".join(f"{number} {why}" for why, number in one.alone.most_common(_MOST_NAMED))
            yield (
                f"{one.consumer.name}: {alone} of {len(one.consumer.requests)} requests could not be sent again as they"
                f" were, and are judged by the documents alone ({reasons})."
            )
