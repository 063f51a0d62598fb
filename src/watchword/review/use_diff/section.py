"""The section of a report about consumers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from watchword.contract.progress import Progress, silent
from watchword.document import Operation
from watchword.document.origins import Steps
from watchword.review.difference import Difference, Occurrence, Part, Section
from watchword.review.level import Level
from watchword.review.sides import Side
from watchword.review.sources import Excerpt
from watchword.review.use_diff.consumers import Consumer
from watchword.review.use_diff.judging import Kind, Touch
from watchword.review.use_diff.looking import Found, Looked, StateOf, look
from watchword.review.use_diff.state import read_state
from watchword.review.use_diff.unmet import Answer, called_operations, documented, met, tell, tell_coverage

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


def compare_use(
    base: Side,
    head: Side,
    consumers: Sequence[Consumer],
    state_of: StateOf = read_state,
    progress: Progress | None = None,
) -> Section:
    """
    Say which requests of consumers are answered otherwise, or refused.

    Args:
        state_of: Finds out how the server of a side is set.
        progress: Is told how far it is; None for nobody.
    """
    looked = look(base, head, consumers, state_of, progress or silent())
    differences = [
        difference
        for one in looked.found
        for difference in (*_differences(one, (base, head)), *_unmet(one.consumer, looked, head))
    ]
    notes = (*_notes(looked.found), *_coverage(looked), looked.unserved, _BLIND)
    summary = tuple(map(_verdict, sorted(looked.found, key=_order)))
    return Section(Part.CONSUMERS, _TITLE, tuple(differences), tuple(filter(None, notes)), summary=summary)


def _differences(found: Found, sides: tuple[Side, Side]) -> Iterator[Difference]:
    for key, touch in found.touches.items():
        before, after = _places(touch, sides)
        yield Difference(
            touch.kind,
            _LEVELS[touch.kind],
            f"{found.consumer.name}: {_sentence(touch, found.numbers[key])}",
            _WHY[touch.kind],
            before,
            after,
            (_occurrence(found.consumer, touch.operation, *key),),
            tuple(_details(touch)),
        )


def _details(touch: Touch) -> Iterator[str]:
    if touch.follows:
        yield f"It follows from an earlier answer: {touch.follows}."
    if touch.why:
        yield touch.why


def _places(touch: Touch, sides: tuple[Side, Side]) -> tuple[Excerpt | None, Excerpt | None]:
    """Find where both sides say what decides; if neither does, the beginning of what is proposed."""
    base, head = sides
    before, after = _excerpt(base, touch.base), _excerpt(head, touch.head) or head.removal(touch.base)
    return before, after if before or after else head.sources.beginning()


def _excerpt(side: Side, steps: Steps | None) -> Excerpt | None:
    """Give the lines around a place; None if the side does not have it."""
    return None if steps is None or not side.has(steps) else side.excerpt(steps)


def _occurrence(consumer: Consumer, operation: str, *marks: str) -> Occurrence:
    marks = (consumer.name, *marks)
    return Occurrence(operation, "", blake2b("\n".join(marks).encode(), digest_size=8).hexdigest())


def _sentence(touch: Touch, number: int) -> str:
    requests = f"{number} {'request' if number == 1 else 'requests'}"
    would = "would" if touch.is_certain else "may"
    match touch.kind:
        case Kind.REFUSED if touch.after:
            return f"{requests} would be refused, {touch.before} → {touch.after}: {touch.what}"
        case Kind.REFUSED:
            return f"{requests} would be refused: {touch.what}"
        case Kind.POSSIBLY_REFUSED if touch.after:
            return f"{requests} may be refused, {touch.before} → {touch.after}: {touch.what}"
        case Kind.POSSIBLY_REFUSED:
            return f"{requests} may be refused: {touch.what}"
        case _ if touch.after and touch.after != touch.before:
            return f"{requests} {would} be answered {touch.after} instead of {touch.before}: {touch.what}"
        case _:
            return f"the answer {touch.before} to {requests} {would} change: {touch.what}"


def _unmet(consumer: Consumer, looked: Looked, head: Side) -> Iterator[Difference]:
    """Name the answers that are new in HEAD, in operations that the consumer calls."""
    for requests in called_operations(consumer.requests, looked.base).values():
        called = looked.base.find(requests[0])
        twin = None if called is None else looked.head.twin(called)
        if called is None or twin is None:
            continue
        here = ("paths", twin.path, twin.method.lower(), "responses")
        for answer in sorted(documented(twin) - documented(called.operation) - met(requests)):
            sentence = f"{consumer.name}: it never met {tell(answer)}, which is new"
            where = _occurrence(consumer, called.name, _UNMET, called.name, tell(answer))
            place = head.excerpt((*here, *_written(twin, answer)))
            yield Difference(_UNMET, _LEVELS[_UNMET], sentence, _WHY[_UNMET], None, place, (where,))


def _written(operation: Operation, answer: Answer) -> Steps:
    """Give the steps from the responses of an operation to an answer: to its example, if it has one."""
    status, name = answer
    shape = operation.responses[str(status)]
    if name not in shape.examples:
        return (str(status),)
    return str(status), "content", next(iter(shape.content)), "examples", name


def _order(found: Found) -> tuple[int, ...]:
    """Put first who is touched most."""
    return tuple(-found.count(kind) for kind in Kind)


def _verdict(found: Found) -> str:
    """Say what it amounts to for a consumer: ``web-shop: 3 of 41 requests would be refused, 2 answers change``."""
    total = len(found.consumer.requests)
    refused, possibly, changed = (found.count(kind) for kind in Kind)
    doubtful = found.count(Kind.CHANGED, is_certain=False)
    requests = f"{total} {'request' if total == 1 else 'requests'}"
    told = [
        f"{refused} of {requests} would be refused" if refused else "",
        f"{possibly} may be refused" if possibly else "",
        _answers(changed - doubtful, "changes", "change"),
        _answers(doubtful, "may change", "may change"),
    ]
    return f"{found.consumer.name}: {', '.join(filter(None, told)) or f'nothing changes in {requests}'}"


def _answers(number: int, one: str, several: str) -> str:
    """Say what so many answers do; nothing of none."""
    return f"{number} {f'answer {one}' if number == 1 else f'answers {several}'}" if number else ""


def _coverage(looked: Looked) -> Iterator[str]:
    for one in looked.found:
        yield f"{one.consumer.name} {tell_coverage(one.consumer.requests, looked.base)}."


def _notes(found: Sequence[Found]) -> Iterator[str]:
    for one in found:
        name, judged = one.consumer.name, len(one.consumer.requests)
        if passed := one.passed.total():
            yield f"{name}: {passed} of {judged + passed} recorded requests are left out ({_reasons(one.passed)})."
        if alone := one.alone.total():
            yield (
                f"{name}: {alone} of {judged} requests could not be sent again as they were, and are judged by the"
                f" documents alone ({_reasons(one.alone)})."
            )
        if left_out := one.left_out.total():
            calls = f"{left_out} {'call' if left_out == 1 else 'calls'}"
            yield f"{name}: {calls} of the control API could not be made again ({_reasons(one.left_out)})."


def _reasons(counted: Counter[str]) -> str:
    """Say what is most of what was counted."""
    return "; ".join(f"{number} {why}" for why, number in counted.most_common(_MOST_NAMED))
