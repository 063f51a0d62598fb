"""Which mutants everybody is tried with."""

from collections import defaultdict
from collections.abc import Iterable

from watchword.control.mutants import ListedMutant
from watchword.domain.chance import Chance

RANDOM_SEED = 20261126


def draw_by_kind(mutants: Iterable[ListedMutant], random_seed: int = RANDOM_SEED) -> tuple[ListedMutant, ...]:
    """Shuffle *mutants* so that every beginning of them has as many of each kind as any other, as far as there are."""
    chance = Chance(random_seed)
    by_kind: dict[str, list[ListedMutant]] = defaultdict(list)
    for one in sorted(mutants, key=lambda one: one.mutant.id):
        by_kind[one.mutant.kind].append(one)
    groups = [chance.shuffle(by_kind[kind]) for kind in sorted(by_kind)]
    most = max(map(len, groups), default=0)
    return tuple(group[turn] for turn in range(most) for group in groups if turn < len(group))
