"""Observations put together: every changed answer once, with its cause and all situations that show it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from watchword.contract.comparison import tell
from watchword.contract.driver import Reply
from watchword.contract.in_step import Leader
from watchword.contract.mail_comparison import count_mails
from watchword.contract.missing_operations import PLACE
from watchword.contract.oracle import Decided
from watchword.contract.shown_names import name_shown
from watchword.document import Operation
from watchword.review.behaviour_diff.changed_answer import Answered, Cause, ChangedAnswer, Kind
from watchword.review.behaviour_diff.playing import Observation, Playing
from watchword.review.behaviour_diff.untuned import AS_SET

_MAILS = re.compile(r"(\d+) mails?")
_GONE = "not there"
_TYPES = frozenset(("null", "boolean", "number", "string", "array", "object"))


def put_together(observations: Iterable[tuple[Observation, Cause]], playing: Playing) -> Sequence[ChangedAnswer]:
    """Make one changed answer of all observations that are alike, the gravest first."""
    groups: dict[tuple[object, ...], list[tuple[Observation, ChangedAnswer]]] = {}
    for observed, cause in observations:
        one = changed_answer(observed, cause, playing.oracle)
        groups.setdefault((one.kind, one.operation, one.where, one.base.told, one.head.told, cause), []).append(
            (observed, one)
        )
    found = [_merged(group) for group in groups.values()]
    return sorted(found, key=lambda one: one.kind.level.rank)


def _merged(group: Sequence[tuple[Observation, ChangedAnswer]]) -> ChangedAnswer:
    """Tell a changed answer with the shortest scenario that shows it, or the shortest walk."""
    ordered = sorted(group, key=lambda one: _distance(one[0]))
    shortest = ordered[0][1]
    rules = {rule.id: rule for _, one in group for rule in one.rules}
    situations = tuple(dict.fromkeys(_sentence(one) for one, _ in ordered if one.scenario is not None))
    return replace(shortest, rules=tuple(rules.values()), situations=situations)


def _distance(observed: Observation) -> tuple[bool, bool, int, str]:
    """How far an observation is from a short scenario as it was written."""
    scenario = observed.scenario
    is_untuned = scenario is not None and scenario.variant == AS_SET
    return scenario is None, is_untuned, len(observed.steps), _sentence(observed)


def _sentence(observed: Observation) -> str:
    return "" if observed.scenario is None else observed.scenario.sentence.removesuffix(".")


def changed_answer(observed: Observation, cause: Cause, oracle: Leader) -> ChangedAnswer:
    """Tell one observation as an answer that differs, in no situation yet."""
    operation = oracle.operations[observed.operation]
    base, head = observed.replies or (None, None)
    difference = observed.difference
    said = _without_equal((difference.should, difference.was))
    return ChangedAnswer(
        _kind(observed),
        operation.id,
        f"{operation.method} {operation.path}",
        difference.place,
        said,
        _answered(base, observed.base, said[0], oracle, operation),
        _answered(head, observed.head, said[1], oracle, operation),
        cause,
        tuple(dict.fromkeys(one for one in (observed.base.rule, observed.head.rule) if one is not None)),
        (),
        tuple(one.says for one in observed.steps),
    )


def _without_equal(said: tuple[str, str]) -> tuple[str, str]:
    """Leave out the mails that came on both sides."""
    numbers = [int(found[1]) for one in said if (found := _MAILS.fullmatch(one))]
    if len(numbers) < len(said):
        return said
    base, head = (one - min(numbers) for one in numbers)
    return count_mails(base), count_mails(head)


def _answered(reply: Reply | None, decided: Decided, words: str, oracle: Leader, operation: Operation) -> Answered:
    if reply is None:
        return Answered(0, words, decided=decided.id)
    outcome = name_shown(reply, operation, oracle)
    return Answered(reply.status, tell(oracle.system, reply), outcome, decided.id)


def _kind(observed: Observation) -> Kind:
    place, base, head = observed.difference.place, *observed.successes
    if place == "mails":
        return Kind.MAILS
    if place == PLACE:
        return Kind.REFUSED
    if place == "answer":
        return Kind.REFUSED if observed.difference.should.startswith("2") else Kind.REFUSAL
    if place in ("status", "code"):
        if base:
            return Kind.SUCCESS if head else Kind.REFUSED
        return Kind.LIFTED if head else Kind.REFUSAL
    was, should = observed.difference.was, observed.difference.should
    is_gone = was == _GONE and place.startswith("body")
    is_gone = is_gone or place == "header content-type" or {was, should} <= _TYPES
    return Kind.RESHAPED if is_gone else Kind.VALUE
