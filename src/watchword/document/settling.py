"""
References inside a bundled document, settled so that the rest of the program need know one form.

Afterwards every reference leads to a whole component. What a reference to somewhere else leads to
(``#/components/schemas/User/properties/id``) becomes a component, too, and path items replace their references.
Only a path item that leads back to itself, through its own callbacks, keeps the reference that would have no end.
What stands beside the reference of a schema, and counts there in OpenAPI 3.1, composes it (``allOf``).
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from watchword.document.reader import count_values
from watchword.document.references import (
    CircularReference,
    component_name,
    leads_to_component,
    pointer_steps,
    resolve_reference,
)
from watchword.document.structure import CATEGORIES, METHODS, Place, reference_in, walk

_REPEATED_AT_MOST = 50_000
"""Values that path items in callbacks may repeat: each may lead to two others, and each of those again."""
_SILENT = frozenset(
    (
        *("title", "summary", "description", "deprecated", "externalDocs", "xml", "$comment"),
        *("$defs", "definitions", "$id", "$schema", "$anchor", "$dynamicAnchor", "$vocabulary"),
    )
)
"""Keywords that say nothing about values."""


def settle_references(document: dict[str, Any]) -> Iterator[str]:
    """
    Settle the references of *document* in place.

    Yields:
        What is wrong: the references that lead nowhere, or in a circle.
    """
    settler = _Settler(document)
    waiting: list[tuple[Any, str, Place]] = [(document, "document", ())]
    for node, kind, place in waiting:
        # Path items first, because their parts have references, too.
        yield from _settle_path_items(node, kind, place, settler)
        yield from settler.settle_below(node, kind, place)
        # An extension is walked when something in it has become a component.
        waiting += settler.made
        settler.made = []
    # In OpenAPI 3.0 nothing counts beside a reference.
    if not str(document.get("openapi", "3.0")).startswith("3.0"):
        for _, kind, node in list(walk(document)):
            if kind == "schema":
                _compose(node)


def _settle_path_items(start: Any, kind: str, at: Place, settler: "_Settler") -> Iterator[str]:
    waiting: list[tuple[Place, dict[str, Any], tuple[str, ...]]] = [
        (place, node, ()) for place, kind, node in walk(start, kind, at) if kind == "pathItem" and "$ref" in node
    ]
    left = _REPEATED_AT_MOST
    while waiting:
        place, node, within = waiting.pop()
        reference = reference_in("pathItem", node)
        if reference is None or reference in within or tuple(pointer_steps(reference)) == place[: reference.count("/")]:
            continue
        problem = next(settler.settle(reference, "pathItem", node, place), None)
        left -= count_values(node) if "callbacks" in place else 0
        if problem is None and left < 0:
            problem = f"{'/'.join(place)}: references in callbacks repeat more than {_REPEATED_AT_MOST:,} values"
        if problem is not None:
            yield problem
            if left < 0:
                return
            continue
        # What took its place may have callbacks, in which path items are references again.
        inner = walk(node, "pathItem", place)
        waiting += [
            (where, one, (*within, reference)) for where, kind, one in inner if kind == "pathItem" and "$ref" in one
        ]


def _compose(schema: dict[str, Any]) -> None:
    """Make the reference of *schema* a part of its ``allOf``, if anything that counts stands beside it."""
    beside = {name for name in schema if not name.startswith("x-")} - _SILENT
    parts = schema.get("allOf", [])
    if "$ref" in beside and len(beside) > 1 and isinstance(parts, list):
        schema["allOf"] = [{"$ref": schema.pop("$ref")}, *parts]


class _Settler:
    """
    Settles references one by one.

    Attributes:
        made: The components that were made since it was emptied, with their kinds and places.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._names: dict[tuple[str, str], str] = {}
        self._inlined: set[str] = set()
        self.made: list[tuple[Any, str, Place]] = []

    def settle_below(self, node: Any, kind: str, place: Place) -> Iterator[str]:
        for at, inner, part in list(walk(node, kind, place)):
            reference = reference_in(inner, part)
            if reference is not None and inner != "pathItem":
                yield from self.settle(reference, inner, part, at)

    def settle(self, reference: str, kind: str, node: dict[str, Any], place: Place) -> Iterator[str]:
        try:
            target = resolve_reference(self._document, node)
        except LookupError as error:
            through = "" if str(error.args[0]) == reference else f" (through {error.args[0]!r})"
            wrong = "leads back to itself" if isinstance(error, CircularReference) else "does not exist in the document"
            yield f"{'/'.join(place)}: {reference!r} {wrong}{through}"
            return
        if kind == "pathItem":
            self._inline(reference, node, target)
        elif not leads_to_component(reference):
            node["$ref"] = f"#/components/{CATEGORIES[kind]}/{self._component(reference, kind)}"

    def _inline(self, reference: str, node: dict[str, Any], target: Any) -> None:
        if not isinstance(target, dict):
            return
        del node["$ref"]
        copied = deepcopy(target)
        # An id belongs to one operation: to that of the path item that is not a copy.
        if reference in self._inlined or reference.startswith("#/paths/"):
            for method in METHODS:
                if isinstance(copied.get(method), dict):
                    copied[method].pop("operationId", None)
        self._inlined.add(reference)
        for name, value in copied.items():
            node.setdefault(name, value)

    def _component(self, reference: str, kind: str) -> str:
        """Make what *reference* leads to a component, once, and give its name."""
        category = CATEGORIES[kind]
        if (category, reference) not in self._names:
            members = self._document.setdefault("components", {}).setdefault(category, {})
            steps = pointer_steps(reference)
            base = component_name(steps[2:] if steps[:1] == ["components"] else steps, whole="document")
            name, number = base, 1
            while name in members:
                number += 1
                name = f"{base}_{number}"
            members[name] = resolve_reference(self._document, {"$ref": reference})
            self._names[category, reference] = name
            self.made.append((members[name], kind, ("components", category, name)))
        return self._names[category, reference]
