"""
Media types: their essence and parameters, ranges of them, which are JSON or a form, and which one a client likes best.

Two media types go together if none of their parameters differs: whoever sends ``application/json`` or
``application/json; charset=utf-8`` means what a document calls ``application/json; v=1`` too, but ``v=2`` does not.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

JSON = "application/json"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ANY = "*/*"
_PLAIN = re.compile(r"[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+")
"""A type without parameters (RFC 9110, sections 5.6.2 and 8.3.1), and no range."""
_PARAMETER = re.compile(r';\s*([!#$%&\'*+.^_`|~0-9A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))')
_TECHNICAL = frozenset(("charset", "boundary", "q"))
"""Parameters that say how something is sent, and not what it is."""
_WISH = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"?)+')
_USUAL_LENGTH = 300
"""Of a header ``Accept``. Longer ones are not cached, so that clients cannot fill the cache."""
_SENT_FOR_RANGES = {
    _ANY: JSON,
    "application/*": JSON,
    "text/*": "text/plain",
    "image/*": "image/png",
    "audio/*": "audio/mpeg",
    "video/*": "video/mp4",
    "font/*": "font/woff2",
}


def essence(media_type: str) -> str:
    """Give *media_type* in lower case and without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (``application/json``, ``…+json``)."""
    plain = essence(media_type)
    return plain == JSON or plain.endswith("+json")


def parameters_of(media_type: str) -> Mapping[str, str]:
    """Give the parameters of *media_type*, names and values in lower case."""
    if ";" not in media_type:
        return {}
    found = _PARAMETER.findall(media_type)
    return {name.lower(): (re.sub(r"\\(.)", r"\1", quoted) or plain).lower() for name, quoted, plain in found}


def covers(declared: str, media_type: str) -> bool:
    """
    Whether *media_type* is *declared*, or in the range that is (``image/*``, ``application/*+json``).

    Parameters are not compared.
    """
    wanted, given = essence(declared), essence(media_type)
    if wanted in (given, _ANY):
        return True
    kind, _, name = wanted.partition("/")
    given_kind, _, given_name = given.partition("/")
    return kind == given_kind and bool(given_name) and (name == "*" or (name[:2] == "*+" and given.endswith(name[1:])))


class _Distance(NamedTuple):
    """
    How far the parameters of two media types that go together are apart; the nearest is the least.

    Args:
        missing: How many of those asked for are not given.
        equal: How many are equal, as a negative number.
    """

    missing: int
    equal: int


def _distance(asked: Mapping[str, str], given: Mapping[str, str]) -> _Distance | None:
    """Compare parameters; None if one of them differs, so that the media types do not go together."""
    shared = asked.keys() & given.keys()
    different = {name for name in shared if asked[name] != given[name]}
    if different - _TECHNICAL:
        return None
    return _Distance(len(asked.keys() - given.keys() - _TECHNICAL), len(different) - len(shared))


def find_declared(declared: Sequence[str], media_type: str) -> int | None:
    """
    Find the place of *media_type* in *declared*.

    The type itself comes before ranges, a narrow range before a wide one; then come those with the same parameters.
    """
    sent = parameters_of(media_type)
    found = [
        (_wideness(one), distance, place)
        for place, one in enumerate(declared)
        if covers(one, media_type) and (distance := _distance(parameters_of(one), sent)) is not None
    ]
    return min(found)[-1] if found else None


def concrete(declared: str, accepted: str = "") -> str:
    """
    Give a type that can be sent for *declared*, which may be a range.

    Args:
        accepted: A type within the range that the client named.
    """
    if "*" not in essence(declared):
        return declared
    if _PLAIN.fullmatch(accepted) and covers(declared, accepted):
        return accepted
    plain = essence(declared)
    kind, _, name = plain.partition("/")
    return f"{kind}/{name[2:]}" if name[:2] == "*+" else _SENT_FOR_RANGES.get(plain, "application/octet-stream")


def acceptable(accept: str, offered: tuple[str, ...]) -> Sequence[tuple[int, str]]:
    """
    Rank what is *offered* by a header ``Accept`` (RFC 9110, section 12.5.1).

    Args:
        accept: As sent; empty if the client accepts everything.
        offered: Types or ranges, in the order of the document.

    Returns:
        The places of those that the client accepts, the best first, each with the type to send.
    """
    rank = _ranked if len(accept) <= _USUAL_LENGTH else _ranked.__wrapped__
    return rank(accept, offered)


class _Wish(NamedTuple):
    """One item of ``Accept``."""

    kind: str
    parameters: Mapping[str, str]
    weight: float


@lru_cache(256)
def _ranked(accept: str, offered: tuple[str, ...]) -> Sequence[tuple[int, str]]:
    wishes = [_read_wish(item) for item in _WISH.findall(accept) if item.strip()] or [_Wish(_ANY, {}, 1.0)]
    ranked: list[tuple[float, _Distance, int, str]] = []
    for place, one in enumerate(offered):
        given = parameters_of(one)
        matching = [
            (_wideness(wish.kind), distance, -wish.weight, wish.kind)
            for wish in wishes
            if covers(wish.kind, one) or covers(one, wish.kind)
            if (distance := _distance(wish.parameters, given)) is not None
        ]
        if matching:
            _, distance, weight, kind = min(matching)
            if weight < 0:
                ranked.append((weight, distance, place, concrete(one, kind)))
    return tuple((place, kind) for _, _, place, kind in sorted(ranked))


def _read_wish(item: str) -> _Wish:
    """Read one wish of ``Accept``; a weight that is not a number counts as 1."""
    parameters = dict(parameters_of(item))
    try:
        weight = float(parameters.pop("q", "1"))
    except ValueError:
        weight = 1.0
    return _Wish(essence(item), parameters, min(max(weight, 0.0), 1.0))


def _wideness(media_type: str) -> int:
    """Count how much of a range is left open."""
    kind, _, name = essence(media_type).partition("/")
    return (kind == "*") * 4 + (name == "*") * 2 + name.startswith("*+")
