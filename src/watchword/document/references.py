"""References inside a document."""

from collections.abc import Mapping
from typing import Any


def resolve(document: Mapping[str, Any], node: Any) -> Any:
    """
    Follow a ``$ref`` inside *document* until something else is there.

    Raises:
        LookupError: It leads nowhere, or in a circle.
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


def expanded(document: Mapping[str, Any], node: Any, *, within: tuple[str, ...] = ()) -> Any:
    """Replace all references by their targets; one that leads back into itself stays a reference."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference in within:
                return node
            return expanded(document, resolve(document, node), within=(*within, reference))
        return {key: expanded(document, value, within=within) for key, value in node.items()}
    if isinstance(node, list):
        return [expanded(document, item, within=within) for item in node]
    return node
