"""References inside a document."""

from collections.abc import Mapping
from typing import Any


def resolve_reference(document: Mapping[str, Any], node: Any) -> Any:
    """
    Follow a ``$ref`` inside *document* to its target; a node without one is its own target.

    Raises:
        LookupError: The target does not exist, or the references form a circle.
    """
    followed: set[str] = set()
    while isinstance(node, dict) and "$ref" in node:
        reference: str = node["$ref"]
        if reference in followed:
            raise LookupError(reference)
        followed.add(reference)
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/").replace("~0", "~")]
        node = target
    return node


def inline_references(document: Mapping[str, Any], node: Any, *, within: tuple[str, ...] = ()) -> Any:
    """
    Replace all references in *node* by their targets.

    A reference that leads back to a schema that contains it stays a reference.

    Args:
        within: The references that were replaced on the way to *node*.
    """
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference in within:
                return node
            return inline_references(document, resolve_reference(document, node), within=(*within, reference))
        return {key: inline_references(document, value, within=within) for key, value in node.items()}
    if isinstance(node, list):
        return [inline_references(document, item, within=within) for item in node]
    return node
