"""References inside a document."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from watchword.document.structure import CATEGORIES, parts, reference_in


class CircularReference(LookupError):
    """References lead back to where they began; the argument is the one that closes the circle."""


def pointer_steps(reference: str) -> list[str]:
    """Split the JSON pointer of a reference such as ``#/paths/~1users`` into names."""
    pointer = unquote(reference.partition("#")[2])
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def pointer_step(name: str) -> str:
    """Write *name* as a step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def mapping_reference(target: object) -> str:
    """Write the target of a discriminator's mapping, which may be the name of a schema only, as a reference."""
    text = str(target)
    return text if "#" in text else f"#/components/schemas/{text}"


def leads_to_component(reference: str) -> bool:
    """Whether *reference* leads to a whole component, such as ``#/components/schemas/User``."""
    steps = pointer_steps(reference) if reference.startswith("#/") else []
    return len(steps) == 3 and steps[0] == "components" and steps[1] in CATEGORIES.values()


def component_name(steps: Sequence[str], *, whole: str) -> str:
    """
    Name the component that a reference to somewhere else becomes.

    Args:
        steps: Of its JSON pointer.
        whole: The name if they are none: the whole file.
    """
    shared = {*CATEGORIES.values(), "definitions", "$defs", "pathItems"}
    words = steps[-1:] if len(steps) > 1 and steps[-2] in shared and len(steps) <= 3 else steps
    text = "_".join(words) or whole
    return "".join(one if one.isascii() and (one.isalnum() or one in "._-") else "_" for one in text)


def find_part(document: Any, reference: str) -> Any:
    """
    Find the part of *document* that the JSON pointer of *reference* names.

    Raises:
        LookupError: There is none.
    """
    if not is_pointer(reference):
        raise LookupError(reference)
    for step in pointer_steps(reference):
        document = _part(document, step, reference)
    return document


def is_pointer(reference: str) -> bool:
    """Whether *reference* has a JSON pointer or nothing behind its ``#``: what has no slash would be an anchor."""
    fragment = reference.partition("#")[2]
    return not fragment or fragment.startswith("/")


def resolve_reference(document: Any, node: Any) -> Any:
    """
    Follow a ``$ref`` inside *document* to its target; a node without one is its own target.

    Raises:
        CircularReference: The references form a circle.
        LookupError: The target does not exist.
    """
    followed: set[str] = set()
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        node = _follow(document, node["$ref"], followed)
    return node


def _follow(document: Any, reference: str, followed: set[str]) -> Any:
    if reference in followed:
        raise CircularReference(reference)
    if not (reference.startswith("#/") or reference == "#"):
        raise LookupError(reference)
    followed.add(reference)
    target = document
    for step in pointer_steps(reference):
        while isinstance(target, dict) and step not in target and isinstance(target.get("$ref"), str):
            # The target stands behind another reference.
            target = _follow(document, target["$ref"], followed)
        target = _part(target, step, reference)
    return target


def _part(node: Any, step: str, reference: str) -> Any:
    if isinstance(node, dict) and step in node:
        return node[step]
    if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
        return node[int(step)]
    raise LookupError(reference)


def inline_references(
    document: Mapping[str, Any], node: Any, kind: str = "schema", *, within: tuple[str, ...] = ()
) -> Any:
    """
    Replace all references in *node* by their targets.

    A reference that leads back to a schema that contains it stays a reference.

    Args:
        kind: What *node* is (`structure`).
        within: The references that were replaced on the way to *node*.
    """
    reference = reference_in(kind, node)
    if reference is not None:
        if reference in within:
            return node
        return inline_references(document, resolve_reference(document, node), kind, within=(*within, reference))
    inlined = {step: inline_references(document, part, inner, within=within) for step, inner, part in parts(kind, node)}
    if isinstance(node, list):
        return [inlined.get(index, item) for index, item in enumerate(node)]
    return {**node, **inlined} if isinstance(node, dict) else node
