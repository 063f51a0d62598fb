"""The section of a report about behaviour."""

from collections.abc import Iterable, Iterator, Sequence

from watchword.document.origins import Steps
from watchword.review.behaviour_diff.changed_answer import DECIDED, PRESENCE, ChangedAnswer, Kind
from watchword.review.behaviour_diff.comparing import Plan, compare_behaviour
from watchword.review.difference import Difference, Occurrence, Part, Section
from watchword.review.sides import Side
from watchword.review.sources import Excerpt


def compare_answers(base: Side, head: Side, *, plan: Plan) -> Section:
    """
    Compare how two sides answer.

    Raises:
        TargetFailed: A server cannot be reached.
        DocumentError: A document cannot be served.
        NotPlayable, CannotRun: HEAD has bindings, and nothing can be played.
    """
    behaviour = compare_behaviour(base, head, plan)
    return Section(
        Part.BEHAVIOUR,
        "How they answer",
        tuple(_difference(group, base, head) for group in _groups(behaviour.answers)),
        behaviour.notes,
        behaviour.is_compared,
    )


def _groups(answers: Sequence[ChangedAnswer]) -> Iterable[Sequence[ChangedAnswer]]:
    """Put together what several operations, or several answers of one, have in common."""
    groups: dict[object, list[ChangedAnswer]] = {}
    for one in answers:
        groups.setdefault((one.kind, one.where, *_common(one), one.cause), []).append(one)
    return groups.values()


def _common(one: ChangedAnswer) -> tuple[object, ...]:
    """What answers have in common that are told together: of values, only where they stand."""
    if one.where in DECIDED:
        return one.difference, one.rules
    return (one.said,) if one.kind is Kind.MAILS or PRESENCE.issuperset(one.said) else ()


def _difference(group: Sequence[ChangedAnswer], base: Side, head: Side) -> Difference:
    one = group[0]
    situations = tuple(dict.fromkeys(each for other in group for each in other.situations))
    return Difference(
        one.kind.value,
        one.kind.level,
        one.difference if len({each.said for each in group}) == 1 else f"{one.difference}, and others",
        one.kind.why,
        _excerpt(base, one.cause.base),
        _excerpt(head, one.cause.head),
        tuple(Occurrence(each.place, each.where, each.fingerprint) for each in group),
        tuple(_details(one, situations)),
    )


def _excerpt(side: Side, steps: Steps | None) -> Excerpt | None:
    """Give the lines of what makes an answer differ; None if the side does not have it."""
    return None if steps is None or not side.has(steps) else side.excerpt(steps)


def _details(one: ChangedAnswer, situations: Sequence[str]) -> Iterator[str]:
    yield one.cause.sentence
    yield _seen(one, situations)
    for rule in one.rules if one.where in DECIDED else ():
        yield f"{rule.id}, {rule.standing}: {rule.sentence} Source: {rule.source}"


def _seen(one: ChangedAnswer, situations: Sequence[str]) -> str:
    if not situations:
        return f"In a random walk: {'; '.join(one.steps)}."
    shortest, *more = situations
    others = f" And in {len(more)} more scenario{'' if len(more) == 1 else 's'}." if more else ""
    return f"“{shortest}.”{others}"
