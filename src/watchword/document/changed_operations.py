"""What became of the operations of a document: which are new, gone, or changed, and in what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from watchword.document.differences import Place, changed_places
from watchword.document.references import inline_references
from watchword.document.structure import kind_of, path_items

Content = Mapping[str, Any]


class Became(StrEnum):
    """What became of an operation."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True)
class ChangedOperation:
    """
    An operation that two versions of a document do not have alike.

    Args:
        parts: What differs, in words, with what became of it: ``request body changed``, ``answer 409 gone``; empty
            unless the operation is changed.
    """

    place: Place
    became: Became
    parts: tuple[str, ...] = ()


def changed_operations(before: Content, after: Content) -> Iterator[ChangedOperation]:
    """Tell what became of the operations of *before* in *after*, in the order of both."""
    old, new = _operations(before), _operations(after)
    for place in changed_places(before, after):
        if place not in old:
            yield ChangedOperation(place, Became.ADDED)
        elif place not in new:
            yield ChangedOperation(place, Became.GONE)
        else:
            parts = tuple(_differing(_parts(before, old[place]), _parts(after, new[place])))
            yield ChangedOperation(place, Became.CHANGED, parts or (f"{_ELSEWHERE} {Became.CHANGED}",))


_ELSEWHERE = "what it refers to"
_WORDS = {
    **dict.fromkeys(("summary", "description", "externalDocs", "tags", "operationId"), "description"),
    **dict.fromkeys(("servers", "x-base-paths"), "addresses"),
    "requestBody": "request body",
    "security": "credentials",
    "x-rules": "rules",
    "deprecated": "deprecation",
}


def _operations(content: Content) -> Mapping[Place, tuple[Content, Content]]:
    """Give path item and operation by place."""
    return {
        Place(method.upper(), path): (item, operation)
        for path, item in path_items(content)
        for method, operation in item.items()
        if isinstance(operation, dict) and kind_of("pathItem", method) == "operation"
    }


def _parts(content: Content, both: tuple[Content, Content]) -> Mapping[str, Any]:
    """Give the parts of an operation with their references replaced, by what they are to people."""
    item, operation = both
    shared = {name: value for name, value in item.items() if kind_of("pathItem", name) != "operation"}
    found = {f"{name} of the path": value for name, value in _inlined(content, shared, "pathItem").items()}
    found |= {"security": content.get("security"), **_inlined(content, operation, "operation")}
    answers = found.pop("responses", {})
    return {**found, **{f"answer {status}": answer for status, answer in answers.items()}}


def _inlined(content: Content, node: Content, kind: str) -> dict[str, Any]:
    made: dict[str, Any] = inline_references(content, node, kind)
    return made


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Say what became of each part that differs; what several fields make up together is changed."""
    became: dict[str, Became] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            part = _WORDS.get(name, name)
            told = Became.ADDED if old is None else Became.GONE if new is None else Became.CHANGED
            became[part] = told if became.get(part, told) is told else Became.CHANGED
    yield from (f"{part} {told}" for part, told in became.items())
