"""A part of a document, and marks for its readers."""

from collections.abc import Set as AbstractSet
from copy import deepcopy
from typing import Any

from watchword.document.references import pointer_steps
from watchword.document.structure import CATEGORIES, METHODS, parts, path_items, reference_in

_KINDS = {category: kind for kind, category in CATEGORIES.items()}
_NOTE = "*Answered from the document's examples: no handler implements this operation.*"


def extract_operations(content: dict[str, Any], places: AbstractSet[tuple[str, str]], *, tag: str) -> dict[str, Any]:
    """
    Extract some operations of a document, with the components that they use.

    Args:
        places: Path and method, in lower case, of each operation.
        tag: The name of the only tag to keep; its title becomes part of the document's.
    """
    paths = {}
    for path, item in path_items(content):
        extracted = {key: value for key, value in item.items() if key not in METHODS or (path, key) in places}
        if any(key in METHODS for key in extracted):
            paths[path] = extracted
    part = {key: value for key, value in content.items() if key != "webhooks"} | {"paths": paths}
    part["tags"] = [one for one in content.get("tags", ()) if one["name"] == tag]
    title = next((one.get("x-title") for one in part["tags"]), None)
    if title:
        part["info"] = {**content["info"], "title": f"{content['info']['title']}: {title}"}
    return _prune_components(part)


def mark_examples(content: dict[str, Any], handled: AbstractSet[str]) -> dict[str, Any]:
    """
    Mark the operations that are answered from examples.

    Args:
        handled: Ids of the operations that are not.

    Returns:
        A copy.
    """
    marked = deepcopy(content)
    for _, item in path_items(marked):
        for method in METHODS:
            operation = item.get(method)
            if operation is not None and operation["operationId"] not in handled:
                operation["x-watchword-answer"] = "example"
                operation["description"] = f"{_NOTE}\n\n{operation.get('description', '')}".rstrip()
    return marked


def _prune_components(part: dict[str, Any]) -> dict[str, Any]:
    """Leave out the components that nothing in *part* refers to."""
    used = _find_used_components(part)
    secured = [part, *(item[method] for _, item in path_items(part) for method in METHODS if method in item)]
    used |= {
        ("securitySchemes", name) for one in secured for alternative in one.get("security", ()) for name in alternative
    }
    components = {
        category: {name: member for name, member in members.items() if (category, name) in used}
        for category, members in part.get("components", {}).items()
        if category in _KINDS
    }
    return {**part, "components": {category: members for category, members in components.items() if members}}


def _find_used_components(part: dict[str, Any]) -> set[tuple[str, str]]:
    """Find the components that paths and tags refer to, directly or through other components."""
    used: set[tuple[str, str]] = set()
    waiting: list[tuple[str, Any]] = [("paths", part["paths"]), ("[tag]", part.get("tags"))]
    while waiting:
        kind, node = waiting.pop()
        waiting.extend((inner, item) for _, inner, item in parts(kind, node))
        for reference in _references_of(kind, node):
            _, category, name = pointer_steps(reference)
            if (category, name) not in used:
                used.add((category, name))
                waiting.append((_KINDS[category], part["components"][category][name]))
    return used


def _references_of(kind: str, node: Any) -> list[str]:
    if kind == "discriminator" and isinstance(node, dict):
        targets = [str(target) for target in (node.get("mapping") or {}).values()]
        return [target if "#" in target else f"#/components/schemas/{target}" for target in targets]
    reference = reference_in(kind, node)
    return [] if reference is None else [reference]
