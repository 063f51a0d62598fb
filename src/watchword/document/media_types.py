"""Media types: their essence, ranges of them, which are JSON or a form, and which one a client likes best."""

import re
from collections.abc import Sequence
from functools import lru_cache

JSON = "application/json"
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_ANY = "*/*"
_PLAIN = re.compile(r"[!#$%&'+.^_`|~0-9A-Za-z-]+/[!#$%&'+.^_`|~0-9A-Za-z-]+")
"""A type without parameters (RFC 9110, sections 5.6.2 and 8.3.1), and no range."""
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


def covers(declared: str, media_type: str) -> bool:
    """
    Whether *media_type* is *declared*, or in the range that is (``image/*``, ``application/*+json``).

    Args:
        declared: Lower case; parameters are not compared.
    """
    wanted, given = essence(declared), essence(media_type)
    if wanted in (given, _ANY):
        return True
    kind, _, name = wanted.partition("/")
    given_kind, _, given_name = given.partition("/")
    return kind == given_kind and bool(given_name) and (name == "*" or (name[:2] == "*+" and given.endswith(name[1:])))


def find_declared(declared: Sequence[str], media_type: str) -> int | None:
    """Find the place of *media_type* in *declared*: itself comes before ranges, a narrow range before a wide one."""
    found = [place for place, one in enumerate(declared) if covers(one, media_type)]
    return min(found, key=lambda place: (_wideness(declared[place]), place)) if found else None


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


@lru_cache(256)
def _ranked(accept: str, offered: tuple[str, ...]) -> Sequence[tuple[int, str]]:
    wishes = [_weighted(item) for item in accept.split(",") if item.strip()] or [(_ANY, 1.0)]
    ranked: list[tuple[float, int, str]] = []
    for place, one in enumerate(offered):
        matching = [(kind, weight) for kind, weight in wishes if covers(kind, one) or covers(one, kind)]
        if matching:
            kind, weight = min(matching, key=lambda wish: (_wideness(wish[0]), -wish[1]))
            if weight > 0:
                ranked.append((-weight, place, concrete(one, kind)))
    return tuple((place, kind) for _, place, kind in sorted(ranked))


def _weighted(item: str) -> tuple[str, float]:
    """Read one wish of ``Accept``; a weight that is not a number counts as 1."""
    kind, *parameters = item.split(";")
    weight = next((text.strip()[2:] for text in parameters if text.strip().lower().startswith("q=")), "1")
    try:
        return essence(kind), min(max(float(weight), 0.0), 1.0)
    except ValueError:
        return essence(kind), 1.0


def _wideness(media_type: str) -> int:
    """Count how much of a range is left open."""
    kind, _, name = essence(media_type).partition("/")
    return (kind == "*") * 4 + (name == "*") * 2 + name.startswith("*+")
