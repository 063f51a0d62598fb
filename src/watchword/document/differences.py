"""Which operations of a document differ from those of an earlier version of it."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, NamedTuple

from watchword.document.references import resolve_reference
from watchword.document.structure import METHODS, parts, path_items, reference_in

Content = Mapping[str, Any]


class Place(NamedTuple):
    """Where an operation is: its method, in upper case, and its path."""

    method: str
    path: str


def changed_places(before: Content, after: Content) -> Iterator[Place]:
    """List where an operation was added, removed, or changed, itself or in something that it refers to."""
    old, new = dict(_operations(before)), dict(_operations(after))
    for place in {**old, **new}:
        if place not in old or place not in new or old[place] != new[place]:
            yield place


def reached_components(content: Content, operation: Any) -> Set[str]:
    """Collect the references that *operation* makes, directly or through other references."""
    return _referred(content, [("operation", operation)]).keys()


def _operations(content: Content) -> Iterator[tuple[Place, Any]]:
    """List the operations, each with everything that it refers to."""
    schemes = content.get("components", {}).get("securitySchemes", {})
    for path, item in path_items(content):
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in METHODS:
            if method in item:
                operation = item[method]
                security = operation.get("security", content.get("security", []))
                named = {name: schemes.get(name) for alternative in security for name in alternative}
                referred = _referred(content, [("operation", operation), ("pathItem", shared)])
                yield Place(method.upper(), path), (operation, shared, security, named, referred)


def _referred(content: Content, waiting: list[tuple[str, Any]]) -> dict[str, Any]:
    """
    Collect what some objects refer to, directly or through other references, by reference.

    Args:
        waiting: The objects, with their kinds.
    """
    found: dict[str, Any] = {}
    while waiting:
        kind, node = waiting.pop()
        reference = reference_in(kind, node)
        if reference is not None and reference not in found:
            found[reference] = resolve_reference(content, node)
            waiting.append((kind, found[reference]))
        waiting.extend((inner, part) for _, inner, part in parts(kind, node))
    return found
