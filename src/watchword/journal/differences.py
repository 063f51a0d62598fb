"""In what two answers differ: found in what was sent, told in what readers may see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watchword.document.references import pointer_step
from watchword.journal.entry import ShownResponse
from watchword.journal.masking import MASK
from watchword.system import Answer

_NOT_COMPARED = frozenset(("watchword-why", "date", "content-length"))
"""The first leads to an entry of the journal, the others follow from the rest."""
_ABSENT = object()
Pair = tuple[Any, Any]
"""The same place in both answers."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    One difference.

    Args:
        where: ``status``, ``header`` or ``body``.
        pointer: The name of the header, or a JSON pointer into the body; empty for the whole of it.
        first: As readers see it; None if it is not there.
        second: The same of the other answer.
    """

    where: str
    pointer: str
    first: Any
    second: Any


def differences(one: tuple[Answer, ShownResponse], other: tuple[Answer, ShownResponse]) -> tuple[Difference, ...]:
    """List in what two answers, each with what readers see of it, differ."""
    (first, shown), (second, also_shown) = one, other
    found = []
    if first.status != second.status:
        found.append(Difference("status", "", first.status, second.status))
    return (
        *found,
        *_headers(first, second, shown, also_shown),
        *_values((first.body, second.body), (shown.body, also_shown.body), ""),
    )


def _headers(first: Answer, second: Answer, shown: ShownResponse, also_shown: ShownResponse) -> Iterator[Difference]:
    mine, others = _lower(first.headers), _lower(second.headers)
    seen, also_seen = _lower(shown.headers), _lower(also_shown.headers)
    for name in dict.fromkeys((*mine, *others)):
        if name not in _NOT_COMPARED and mine.get(name) != others.get(name):
            yield Difference("header", name, seen.get(name), also_seen.get(name))


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _values(sent: Pair, shown: Pair, pointer: str) -> Iterator[Difference]:
    first, second = sent
    if first == second and type(first) is type(second):
        return
    if isinstance(first, Mapping) and isinstance(second, Mapping):
        for name in dict.fromkeys((*first, *second)):
            members = first.get(name, _ABSENT), second.get(name, _ABSENT)
            yield from _values(members, _each(shown, name), f"{pointer}/{pointer_step(str(name))}")
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for place, members in enumerate(zip(first, second, strict=True)):
            yield from _values(members, _each(shown, place), f"{pointer}/{place}")
    else:
        told = [None if value is _ABSENT else seen for value, seen in zip(sent, shown, strict=True)]
        yield Difference("body", pointer, *told)


def _each(shown: Pair, step: str | int) -> Pair:
    """Find what readers see of a member of both values."""
    return _member(shown[0], step), _member(shown[1], step)


def _member(value: Any, step: str | int) -> Any:
    try:
        return value[step]
    except (KeyError, IndexError, TypeError):
        return MASK
