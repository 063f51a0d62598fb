"""What HEAD changes for the requests of each consumer."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial

from watchword.contract.progress import Progress
from watchword.review.document_diff.documents import compare_documents
from watchword.review.sides import Side
from watchword.review.use_diff.by_document import DocumentJudge
from watchword.review.use_diff.causes import Causes
from watchword.review.use_diff.certainty import Certainties
from watchword.review.use_diff.consumers import Consumer
from watchword.review.use_diff.controls import LEFT_OUT, is_control
from watchword.review.use_diff.judging import Kind, Touch, judge
from watchword.review.use_diff.operations import Operations
from watchword.review.use_diff.playing import Play, Played
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import staged
from watchword.review.use_diff.state import State, Unserved
from watchword.systems import SYSTEMS

StateOf = Callable[[Side], State]
_UNKNOWN = "calls what BASE's document does not have"


@dataclass
class Found:
    """
    What was found about one consumer.

    Args:
        touches, numbers: What HEAD changes, and for how many requests, by what is told together.
        alone: How many were judged by the documents alone, by the reason.
        passed: How many recorded requests are not judged, by the reason.
        left_out: How many calls of the control API were not made again, by what they are.
    """

    consumer: Consumer
    touches: dict[tuple[str, ...], Touch] = field(default_factory=dict)
    numbers: Counter[tuple[str, ...]] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    passed: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)

    def count(self, kind: Kind, *, is_certain: bool | None = None) -> int:
        """Count the requests with a kind of touch; all of them, or those of which it is certain, or is not."""
        found = (key for key, one in self.touches.items() if one.kind is kind and is_certain in (None, one.is_certain))
        return sum(self.numbers[key] for key in found)


@dataclass(frozen=True)
class Looked:
    """
    What was found about all consumers.

    Args:
        base, head: The operations of the sides.
        unserved: Why nothing could be sent again; empty if it could.
    """

    found: tuple[Found, ...]
    base: Operations
    head: Operations
    unserved: str = ""


def look(base: Side, head: Side, consumers: Sequence[Consumer], state_of: StateOf, progress: Progress) -> Looked:
    """
    Send the requests of all consumers to both sides again, and ask both documents.

    Args:
        state_of: Finds out how the server of a side is set.
        progress: Is told how far it is.
    """
    operations = Operations(base), Operations(head)
    changes = compare_documents(base.content_beside(head), head.content_beside(base)).changes
    by_document = DocumentJudge(*operations, changes)
    with ExitStack() as stack:
        plays, unserved = Plays(None), ""
        try:
            runner = stack.enter_context(asyncio.Runner())
            before, after = (stack.enter_context(staged(side, state_of(side), runner)) for side in (base, head))
            plays = Plays(Causes(before, after))
        except Unserved as error:
            unserved = f"No request was sent again, and all are judged by the documents alone: {error}."
        found = []
        for one in consumers:
            progress.say(f"The requests of {one.name} are sent again …")
            found.append(_look_at(one, plays, by_document, operations[0], progress))
    return Looked(tuple(found), *operations, unserved)


class Plays:
    """
    The sandboxes in which requests are sent again, by consumer and name.

    Args:
        causes: Knows the sides; None if nothing can be sent again.
    """

    def __init__(self, causes: Causes | None) -> None:
        self._causes = causes
        self._certainties = Certainties()
        self._all: dict[tuple[str, str], Play] = {}

    def play(self, consumer: str, request: Recorded) -> Played | None:
        """Send a request again; None for one that a document alone answers."""
        if self._causes is None or not any(one.handler(request.operation) for one in SYSTEMS):
            return None
        return self._of(self._causes, consumer, request).play(request)

    def pass_faulted(self, consumer: str, request: Recorded) -> None:
        """Send a request again that a fault has answered, for what it does; without the fault it would do more."""
        if self._causes is not None:
            play = self._of(self._causes, consumer, request)
            if play.has_faults:
                play.play(request)

    def control(self, consumer: str, call: Recorded) -> None:
        """Make a call of the control API once more."""
        if self._causes is not None:
            self._of(self._causes, consumer, call).control(call)

    def _of(self, causes: Causes, consumer: str, first: Recorded) -> Play:
        key = consumer, first.sandbox
        if key not in self._all:
            self._all[key] = Play(causes, self._certainties, first)
        return self._all[key]


def _how_far(consumer: Consumer, number: int) -> str:
    return f"{consumer.name}: request {number} of {len(consumer.steps)}"


def _look_at(
    consumer: Consumer, plays: Plays, by_document: DocumentJudge, operations: Operations, progress: Progress
) -> Found:
    found = Found(consumer)
    for number, request in enumerate(consumer.steps, 1):
        progress.go_on(partial(_how_far, consumer, number))
        if request.operation in LEFT_OUT:
            found.left_out[LEFT_OUT[request.operation]] += 1
            continue
        if is_control(request):
            plays.control(consumer.name, request)
            continue
        if request.why_passed:
            found.passed[request.why_passed] += 1
            if request.is_faulted:
                plays.pass_faulted(consumer.name, request)
            continue
        called = operations.find(request)
        if called is None:
            found.alone[_UNKNOWN] += 1
            continue
        played = plays.play(consumer.name, request)
        if played is not None and played.why_not:
            found.alone[played.why_not] += 1
        touch = judge(request, called.name, played, by_document)
        if touch is not None:
            found.touches.setdefault(touch.key, touch)
            found.numbers[touch.key] += 1
    return found
