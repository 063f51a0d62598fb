"""A part of a document, and marks for its readers."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from copy import deepcopy
from typing import Any

from watchword.document.references import mapping_reference, pointer_steps
from watchword.document.structure import CATEGORIES, METHODS, parts, path_items, reference_in, walk

_KINDS = {category: kind for kind, category in CATEGORIES.items()}
_NOTE = "*Answered from the document's examples: no handler implements this operation.*"


def extract_operations(content: dict[str, Any], places: AbstractSet[tuple[str, str]], *, tag: str) -> dict[str, Any]:
    """
    Extract some operations of a document, with the components that they use.

    Args:
        places: Path and method, in lower case, of each operation.
        tag: The name of the only tag to keep; the document takes its title, description and version.
    """
    paths = {}
    for path, item in path_items(content):
        extracted = {key: value for key, value in item.items() if key not in METHODS or (path, key) in places}
        if any(key in METHODS for key in extracted):
            paths[path] = extracted
    part = {key: value for key, value in content.items() if key != "webhooks"} | {"paths": paths}
    part["tags"] = [one for one in content.get("tags", ()) if one["name"] == tag]
    for one in part["tags"]:
        part["info"] = _info_of(content["info"], one)
        if "externalDocs" in one:
            part["externalDocs"] = one["externalDocs"]
    return prune_components(part)


def _info_of(whole: dict[str, Any], tag: dict[str, Any]) -> dict[str, Any]:
    """Describe the part with *tag*; without a title of its own, what the whole says of itself holds."""
    info = dict(whole)
    if title := tag.get("x-displayName"):
        info["title"] = f"{whole['title']}: {title}"
        info["description"] = tag.get("description", f"The operations of {title}.")
    if version := tag.get("x-version"):
        info["version"] = str(version)
    return info


def mark_examples(content: dict[str, Any], handled: AbstractSet[str]) -> dict[str, Any]:
    """
    Mark the operations that are answered from examples, and the examples that are not the vendor's.

    Args:
        handled: Ids of the operations that are not.

    Returns:
        A copy.
    """
    marked = deepcopy(content)
    _mark_sources(marked)
    for _, item in path_items(marked):
        for method in METHODS:
            operation = item.get(method)
            if operation is not None and operation["operationId"] not in handled:
                operation["x-watchword-answer"] = "example"
                operation["description"] = f"{_NOTE}\n\n{operation.get('description', '')}".rstrip()
    return marked


def _mark_sources(document: dict[str, Any]) -> None:
    """Say in the summary of an example what its ``x-source`` says, because readers show no extensions there."""
    marked: set[int] = set()
    for place, kind, node in walk(document):
        if kind == "example" and isinstance(node.get("x-source"), str) and id(node) not in marked:
            # YAML lets an example stand in several places.
            marked.add(id(node))
            node["summary"] = f"{node.get('summary', place[-1])} ({node['x-source']})"


def prune_components(part: dict[str, Any]) -> dict[str, Any]:
    """Leave out the components that nothing in *part* refers to."""
    used = find_used_components(part)
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


def find_used_components(part: Mapping[str, Any]) -> set[tuple[str, str]]:
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
        return [mapping_reference(target) for target in (node.get("mapping") or {}).values()]
    reference = reference_in(kind, node)
    return [] if reference is None else [reference]
