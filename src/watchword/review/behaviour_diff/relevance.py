"""Which systems can answer differently at all: what two sides have in common need not be played."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document import Document
from watchword.review.sides import Side
from watchword.system.document_settings import FAULTS_KEY, KEY
from watchword.systems import SYSTEMS

_NAMES = tuple(one.name for one in SYSTEMS)
Route = tuple[str, tuple[str, ...]]
"""A method, and the segments of a path."""


class Relevance:
    """
    Two sides that this process can build.

    Only then equal documents and settings mean equal answers: another Watchword may be another release, or broken on
    purpose.
    """

    def __init__(self, base: Side, head: Side) -> None:
        self._sides = base, head
        self._documents = tuple(Document(dict(one.content), _NAMES) for one in (base, head))

    def may_differ(self, system: str) -> bool:
        """Whether a system has other operations, other settings, or other neighbours that can take its requests."""
        base, head = (one.settings.get(system, {}) for one in self._sides)
        if base != head:
            return True
        one, other = (_part(document, system) for document in self._documents)
        return one != other or self._is_overlapped(system)

    def _is_overlapped(self, system: str) -> bool:
        """Whether an operation of another system came or went at a path that one of this system matches."""
        mine = {route for document in self._documents for route in _routes(document, system)}
        base, head = (set(_neighbours(document, system)) for document in self._documents)
        return any(_overlap(one, other) for one in base ^ head for other in mine)


def _part(document: Document, system: str) -> Mapping[str, Any] | None:
    """Reduce a document to a system, and leave out what every system has of its own."""
    try:
        part = document.extract_system(system)
    except KeyError:
        return None
    return {name: value for name, value in part.items() if name not in (KEY, FAULTS_KEY)}


def _neighbours(document: Document, system: str) -> Iterator[Route]:
    """Give the paths of all other systems."""
    for name in {one.system for one in document.operations.values()} - {system}:
        yield from _routes(document, name)


def _routes(document: Document, system: str) -> Iterator[Route]:
    """Give the paths of a system, under every base path."""
    for one in document.operations.values():
        if one.system == system:
            yield from ((one.method, tuple(f"{base}{one.path}".split("/"))) for base in ("", *one.base_paths))


def _overlap(one: Route, other: Route) -> bool:
    """Whether a request can match both."""
    return (
        one[0] == other[0]
        and len(one[1]) == len(other[1])
        and all(mine == theirs or "{" in mine or "{" in theirs for mine, theirs in zip(one[1], other[1], strict=True))
    )
