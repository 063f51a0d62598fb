"""A sequence that differs, made shorter: steps are left out as long as it still differs in the same way."""

from collections.abc import Callable, Sequence

from watchword.contract.steps import Step

_MOST_REPLAYS = 120


def shorten(steps: Sequence[Step], differs: Callable[[Sequence[Step]], bool]) -> Sequence[Step]:
    """
    Leave out as many of *steps* as possible: first large parts, then single steps.

    Args:
        differs: Plays steps anew, and says whether they still differ in the same way.
    """
    kept, replays, size = list(steps), 0, max(1, len(steps) // 2)
    while True:
        start, before = 0, len(kept)
        while start < len(kept) and replays < _MOST_REPLAYS:
            shorter = [*kept[:start], *kept[start + size :]]
            replays += 1
            if shorter and differs(shorter):
                kept = shorter
            else:
                start += size
        if replays >= _MOST_REPLAYS or (size == 1 and len(kept) == before):
            return kept
        size = max(1, size // 2)
