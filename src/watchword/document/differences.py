"""Which operations of a document differ from those of an earlier version of it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NamedTuple

from watchword.document.references import mapping_reference, resolve_reference
from watchword.document.servers import servers_in_force
from watchword.document.structure import METHODS, parts, path_items, reference_in

Content = Mapping[str, Any]


class Place(NamedTuple):
    """Where an operation is: its method, in upper case, and its path."""

    method: str
    path: str


class _Node(NamedTuple):
    """A part of a document and its kind."""

    kind: str
    value: Any


class _Target(NamedTuple):
    """
    What a reference leads to.

    Args:
        refers: The references that it makes itself.
    """

    value: Any
    refers: Set[str]


def changed_places(before: Content, after: Content) -> Iterator[Place]:
    """
    List where an operation was added, removed, or changed, itself or in something that it refers to.

    What operations share is read once, so that the cost grows with the documents and not with their operations times
    their components.
    """
    old, new = dict(_operations(before)), dict(_operations(after))
    changed = _changed(_targets(before, old.values()), _targets(after, new.values()))
    for place in {**old, **new}:
        if old.get(place) != new.get(place) or not changed.isdisjoint(_referred(after, new[place])):
            yield place


def reached_components(content: Content, operations: Iterable[Any]) -> Set[str]:
    """Collect the references that *operations* make, directly or through other references."""
    return _targets(content, [(_Node("operation", one),) for one in operations]).keys()


def _operations(content: Content) -> Iterator[tuple[Place, tuple[_Node, ...]]]:
    """List the operations, each with everything that belongs to it and does not stand behind a reference."""
    schemes = (content.get("components") or {}).get("securitySchemes") or {}
    for path, item in path_items(content):
        shared = {key: value for key, value in item.items() if key not in METHODS}
        for method in METHODS:
            if method in item:
                operation = item[method]
                security = operation.get("security", content.get("security", []))
                named = {name: schemes.get(name) for alternative in security for name in alternative}
                rest = security, named, servers_in_force(content, item, operation)
                nodes = _Node("operation", operation), _Node("pathItem", shared), _Node("data", rest)
                yield Place(method.upper(), path), nodes


def _referred(content: Content, nodes: Iterable[_Node]) -> dict[str, _Node]:
    """Collect the references that *nodes* make themselves, with their targets."""
    found: dict[str, _Node] = {}
    waiting = list(nodes)
    while waiting:
        kind, one = waiting.pop()
        reference = reference_in(kind, one)
        if reference is not None and reference not in found:
            found[reference] = _Node(kind, resolve_reference(content, one))
        if kind == "discriminator":
            waiting.extend(_Node("schema", {"$ref": mapping_reference(target)}) for target in _mapping(one).values())
        waiting.extend(_Node(inner, part) for _, inner, part in parts(kind, one))
    return found


def _mapping(discriminator: Any) -> Mapping[str, Any]:
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    return mapping if isinstance(mapping, dict) else {}


def _targets(content: Content, operations: Iterable[Iterable[_Node]]) -> dict[str, _Target]:
    """Collect what *operations* refer to, directly or through other references, by reference."""
    found: dict[str, _Target] = {}
    waiting = [one for nodes in operations for one in _referred(content, nodes).items()]
    while waiting:
        reference, target = waiting.pop()
        if reference not in found:
            referred = _referred(content, [target])
            found[reference] = _Target(target.value, referred.keys())
            waiting.extend(referred.items())
    return found


def _changed(before: Mapping[str, _Target], after: Mapping[str, _Target]) -> Set[str]:
    """Collect the references whose targets differ, themselves or in something that they refer to."""
    referrers: dict[str, list[str]] = defaultdict(list)
    for reference, target in after.items():
        for other in target.refers:
            referrers[other].append(reference)
    changed: set[str] = set()
    waiting = [one for one in {**before, **after} if before.get(one) != after.get(one)]
    while waiting:
        reference = waiting.pop()
        if reference not in changed:
            changed.add(reference)
            waiting.extend(referrers[reference])
    return changed
