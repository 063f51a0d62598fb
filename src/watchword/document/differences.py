"""Which operations of a document differ from those of an earlier version of it."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, NamedTuple

from watchword.document.references import mapping_reference, resolve_reference
from watchword.document.servers import servers_in_force
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
    return _referred(content, ("operation", operation)).keys()


def _operations(content: Content) -> Iterator[tuple[Place, Any]]:
    """List the operations, each with everything that it refers to."""
    schemes = (content.get("components") or {}).get("securitySchemes") or {}
    for path, item in path_items(content):
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in METHODS:
            if method in item:
                operation = item[method]
                security = operation.get("security", content.get("security", []))
                named = {name: schemes.get(name) for alternative in security for name in alternative}
                referred = _referred(content, ("operation", operation), ("pathItem", shared))
                servers = servers_in_force(content, item, operation)
                yield Place(method.upper(), path), (operation, shared, security, named, servers, referred)


def _referred(content: Content, *nodes: tuple[str, Any]) -> dict[str, Any]:
    """Collect what *nodes*, each with its kind, refer to, directly or through other references, by reference."""
    found: dict[str, Any] = {}
    waiting = list(nodes)
    while waiting:
        kind, one = waiting.pop()
        reference = reference_in(kind, one)
        if reference is not None and reference not in found:
            found[reference] = resolve_reference(content, one)
            waiting.append((kind, found[reference]))
        if kind == "discriminator":
            waiting.extend(("schema", {"$ref": mapping_reference(target)}) for target in _mapping(one).values())
        waiting.extend((inner, part) for _, inner, part in parts(kind, one))
    return found


def _mapping(discriminator: Any) -> Mapping[str, Any]:
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    return mapping if isinstance(mapping, dict) else {}
