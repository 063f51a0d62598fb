"""Which mutants are worth a run of the tests: those whose rule the tests have asked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from watchword.control.mutants import ListedMutant
from watchword.domain.chance import Chance
from watchword.domain.mutation import Kind

_SHOW_IN_REFUSALS = frozenset({Kind.STATUS, Kind.CODE, Kind.ORDER})


@dataclass(frozen=True)
class Choice:
    """
    Mutants, sorted by what tests can make of them.

    Args:
        tried: Those that have to be tried.
        unreached: Those that change refusals of a rule that was asked, but never refused: nobody can notice them.
        unasked: How many there are of rules that the tests do not ask, and of operations that they do not call.
    """

    tried: tuple[ListedMutant, ...]
    unreached: tuple[ListedMutant, ...]
    unasked: int


def choose(mutants: Iterable[ListedMutant], coverage: Mapping[str, Any], patterns: Sequence[str] = ()) -> Choice:
    """
    Choose the mutants that tests can notice.

    Args:
        coverage: What the tests have reached, as the control API writes it; of the operations that count.
        patterns: Which mutants are wanted, by the beginnings of their ids or with stars; empty for all.
    """
    asked, refused = _count_rules(coverage)
    called = {one["id"] for one in coverage["operations"] if one["requests"]}
    tried, unreached, unasked = [], [], 0
    for one in mutants:
        if patterns and not any(map(one.is_like, patterns)):
            continue
        subject, places = one.mutant.subject, called.intersection(one.operations)
        if subject not in places and not any(asked[name, subject] for name in places):
            unasked += 1
        elif one.mutant.kind in _SHOW_IN_REFUSALS and not any(refused[name, subject] for name in places):
            unreached.append(one)
        else:
            tried.append(one)
    return Choice(tuple(tried), tuple(unreached), unasked)


def _count_rules(coverage: Mapping[str, Any]) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """Count how often each operation asked a rule, and how often that refused."""
    asked: Counter[tuple[str, str]] = Counter()
    refused: Counter[tuple[str, str]] = Counter()
    for operation in coverage["operations"]:
        for rule in operation["rules"]:
            place = operation["id"], rule["id"]
            asked[place] = rule["held"] + rule["refused"] + rule["changed"]
            refused[place] = rule["refused"]
    return asked, refused


def draw_order(mutants: Iterable[ListedMutant], random_seed: int) -> tuple[ListedMutant, ...]:
    """Shuffle *mutants* so that every beginning of them has as many different rules as it can have."""
    chance = Chance(random_seed)
    by_subject: dict[str, list[ListedMutant]] = defaultdict(list)
    for one in mutants:
        by_subject[one.mutant.subject].append(one)
    groups = [chance.shuffle(group) for group in chance.shuffle(tuple(by_subject.values()))]
    most = max(map(len, groups), default=0)
    return tuple(group[turn] for turn in range(most) for group in groups if turn < len(group))
