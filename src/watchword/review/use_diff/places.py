"""Where in a request a difference of two documents shows, and what the request has there."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from watchword.document.media_types import covers, essence
from watchword.document.origins import Steps
from watchword.review.document_diff.change import Change
from watchword.review.use_diff.operations import Called, field_names

EVERY = "*"
"""Stands for every entry of an array, and every member that has no name of its own."""
_NESTED = {"items": EVERY, "additionalProperties": EVERY}
_ALTERNATIVES = ("oneOf", "anyOf", "allOf")


class Place(NamedTuple):
    """
    A place in requests.

    Args:
        where: ``body``, ``path``, ``query``, ``header`` or ``cookie``.
        path: The names that lead to it; parameters of a path have their position instead.
        media_type: Of the body; empty for any.
    """

    where: str
    path: Steps
    media_type: str = ""

    def has(self, other: "Place") -> bool:
        """Whether a place, of one entry perhaps, is this one."""
        steps = zip(self.path, other.path, strict=False)
        return (
            self.where == other.where
            and len(self.path) == len(other.path)
            and all(mine in (EVERY, theirs) for mine, theirs in steps)
        )


def place_of(change: Change) -> Place | None:
    """Find where a change shows in requests; None if it is not about a part of them."""
    match change.where:
        case ("requestBody", "content", media_type, *rest):
            return Place("body", _names(rest), media_type)
        case ("requestBody", *_):
            return Place("body", ())
        case ("parameters", where, name, *rest):
            return Place(where, (name, *_names(rest)))
        case _:
            return None


def place_as_sent(change: Change, called: Called) -> Place | None:
    """Find the same in a request as it was sent: a message has the parameters of path and query among its fields."""
    place = place_of(change)
    if place is None or not called.is_message or place.where not in ("path", "query"):
        return place
    first, *rest = place.path
    name = list(called.path)[int(first)] if place.where == "path" and first.isdecimal() else first
    return Place("body", (*field_names(name), *rest))


def _names(steps: Sequence[str]) -> Steps:
    """Read the names of fields out of the steps through a schema, up to a keyword."""
    found, waiting = list[str](), iter(steps)
    for step in waiting:
        if step == "properties":
            found.append(next(waiting, ""))
        elif step in _NESTED:
            found.append(_NESTED[step])
        elif step in _ALTERNATIVES:
            next(waiting, None)
        elif step != "schema":
            break
    return tuple(found)


def generalised(path: Sequence[str | int]) -> Steps:
    """Write every index as a star."""
    return tuple(EVERY if str(step).isdecimal() else str(step) for step in path)


def values_at(called: Called, place: Place) -> Iterator[Any]:
    """Yield what a request has at a place."""
    holders = list(_inside(_part(called, place), place.path[:-1]))
    yield from holders if not place.path else _inside_each(holders, place.path[-1])


def lacks(called: Called, place: Place) -> bool:
    """Whether a request has everything around a place, and nothing there."""
    if not place.path:
        return called.sent.body is None
    holders = list(_inside(_part(called, place), place.path[:-1]))
    return any(isinstance(one, Mapping) and place.path[-1] not in one for one in holders)


def _part(called: Called, place: Place) -> Any:
    sent = called.sent
    if place.where == "body":
        media_type = sent.headers.get("content-type", place.media_type)
        fits = not place.media_type or covers(place.media_type, essence(media_type))
        return sent.body if fits else None
    if place.where == "path":
        return {str(number): value for number, value in enumerate(called.path.values())}
    return {"query": sent.query, "header": sent.headers}.get(place.where)


def _inside(value: Any, path: Steps) -> Iterator[Any]:
    if not path:
        if value is not None:
            yield value
        return
    for one in _inside_each([value], path[0]):
        yield from _inside(one, path[1:])


def _inside_each(holders: Sequence[Any], name: str) -> Iterator[Any]:
    for one in holders:
        if isinstance(one, Mapping):
            yield from one.values() if name == EVERY else [one[name]] if name in one else []
        elif isinstance(one, list) and name == EVERY:
            yield from one
