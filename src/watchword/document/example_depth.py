"""How deep made data may go before it is more than anybody wants to read, or a start has the time to make."""

from collections.abc import Mapping
from typing import Any

from watchword.document.references import resolve_reference

_MOST = 300
"""Parts of one value that are not required. Schemas that refer to each other have thousands within three references."""
_LEAST = 2
"""References below which a value has all its own properties: the schema itself may be one."""


def usual_depth(document: Mapping[str, Any], schema: Any, *, deepest: int) -> int:
    """
    Choose how many references, one within the other, optional parts are made below.

    A value is cut at one depth everywhere: it has the properties of its own schema rather than one branch of them
    that goes on and on.
    """
    before = 0
    for depth in range(_LEAST, deepest + 1):
        count = _parts(document, schema, depth)
        if count > _MOST:
            return max(depth - 1, _LEAST)
        if count == before:
            break
        before = count
    return deepest


def _parts(document: Mapping[str, Any], schema: Any, depth: int) -> int:
    """Count the parts of a value, up to the limit."""
    count = 0
    waiting: list[tuple[Any, tuple[str, ...]]] = [(schema, ())]
    while waiting and count <= _MOST:
        node, within = waiting.pop()
        if not isinstance(node, dict):
            continue
        reference = node.get("$ref")
        if isinstance(reference, str):
            if reference not in within:
                waiting.append((resolve_reference(document, {"$ref": reference}), (*within, reference)))
            continue
        count += 1
        if "example" in node:
            continue
        inner = [*node.get("allOf", ()), *(options[0] for key in ("oneOf", "anyOf") if (options := node.get(key)))]
        if len(within) < depth:
            inner += (node.get("properties") or {}).values()
        waiting += [(part, within) for part in (*inner, node.get("items"))]
    return count
