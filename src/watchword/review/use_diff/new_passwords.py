"""Passwords that nobody has, with the lengths and characters that rules have noted of the one that was sent."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle, islice
from typing import Any

from watchword.review.use_diff.recorded import Recorded

_LENGTHS, _BOUNDS = ("length", "bytes"), frozenset(("minimum", "maximum", "limit"))
"""What rules call the length of a password, and what stands beside it if it is one."""
_CHARACTERS: Mapping[str, str] = {
    "lowerCase": "qzjxkvwpfyhgbnmd",
    "upperCase": "ZXKVWQPJ",
    "numeric": "4718259360",
    "alphaNumeric": "-+=~^*",
}
"""By what rules call a kind of characters; the last one is everything else."""
_USUAL, _LONGEST, _VARIANTS = 14, 10_000, 3


def new_passwords(request: Recorded, used: Sequence[str]) -> Sequence[str]:
    """List passwords that are like what rules have noted; those that are not *used* come first."""
    noted = [one.values for one in request.asked]
    counts = {one["kind"]: one["count"] for one in noted if {"kind", "count"} <= one.keys()}
    run = next((one["longest"] for one in noted if "longest" in one), 1)
    kinds = [one["kinds"] for one in noted if one.get("kinds") in range(1, len(_CHARACTERS) + 1)]
    made = [
        one
        for variant in range(_VARIANTS)
        for length in noted_lengths(request) or (_USUAL,)
        if 0 <= length <= _LONGEST
        for one in _passwords(length, counts, kinds, run, variant)
    ]
    return sorted(dict.fromkeys(made), key=lambda one: one in used)


def noted_lengths(request: Recorded) -> Sequence[int]:
    """List the lengths that rules have noted of a new password."""
    noted = [one.values for one in request.asked]
    return [one[name] for one in noted for name in _LENGTHS if name in one and _BOUNDS & one.keys()]


def _passwords(length: int, counts: Mapping[str, Any], kinds: Sequence[int], run: int, variant: int) -> Iterator[str]:
    if counts.keys() <= _CHARACTERS.keys() and sum(counts.values()) == length:
        yield _with_run(_written(counts, variant), run)
    for number in (*kinds, len(_CHARACTERS)):
        others = list(_CHARACTERS)[1:number]
        yield _written({"lowerCase": max(0, length - len(others)), **dict.fromkeys(others, 1)}, variant)[:length]


def _written(counts: Mapping[str, int], variant: int) -> str:
    """Write so many characters of each kind: no words, no repetition, nothing that is in somebody's name."""
    return "".join(
        "".join(islice(cycle(_CHARACTERS[kind]), variant, variant + counts.get(kind, 0))) for kind in _CHARACTERS
    )


def _with_run(password: str, longest: int) -> str:
    """Repeat the first character as often as one was repeated."""
    is_possible = longest <= sum(one.islower() for one in password)
    return password[:1] * longest + password[longest:] if is_possible else password
