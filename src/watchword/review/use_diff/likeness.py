"""How alike a recorded answer and another are, by what was decided on the way to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from watchword.review.use_diff.recorded import Asked, Recorded
from watchword.review.use_diff.stage import Acted

_ESTIMATE = "score"
"""How strong a password is thought to be: what stands for it is as long, and no word."""
_IS_OF_BODY = "message"
"""What is noted beside the size of a body, which depends on how a client writes JSON."""


class Quality(NamedTuple):
    """
    How alike two answers are; what comes first counts more.

    Args:
        rules: How many rules were asked alike, from the first on.
        answered: Whether status and codes are the same.
        values: How many values are the same that those rules compared.
        is_perfect: Whether everything is.
    """

    rules: int
    answered: bool
    values: int
    is_perfect: bool


def compare_rules(acted: Acted, request: Recorded) -> Quality:
    """Compare what was decided, and answered."""
    rules = _alike(acted.asked, request.asked)
    values = [
        one.values.get(name) == value
        for one, other in zip(acted.asked[:rules], request.asked, strict=False)
        for name, value in other.values.items()
        if name != _ESTIMATE and not (name == "bytes" and _IS_OF_BODY in other.values) and read_moment(value) is None
    ]
    answered = acted.told == request.told
    whole = rules == len(request.asked) == len(acted.asked)
    return Quality(rules, answered, sum(values), whole and answered and all(values))


def _alike(one: Sequence[Asked], other: Sequence[Asked]) -> int:
    number = 0
    for mine, theirs in zip(one, other, strict=False):
        if (mine.rule, mine.said, mine.code) != (theirs.rule, theirs.said, theirs.code):
            break
        number += 1
    return number


def moment_of(request: Recorded) -> tuple[datetime, datetime]:
    """Give the moment at which its rules were asked, or else when it was answered; and the real time."""
    noted = (read_moment(one.values.get("now")) for one in reversed(request.asked))
    return next((one for one in noted if one is not None), request.sandbox_time), request.received_at


def read_moment(value: Any) -> datetime | None:
    """Read a moment that a rule has compared; None for any other value."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None
