"""
References inside a bundled document, settled so that the rest of the program need know one form.

Afterwards every reference leads to a whole component. What a reference to somewhere else leads to
(``#/components/schemas/User/properties/id``) becomes a component, too, and path items replace their references.
"""

from collections import deque
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from watchword.document.references import component_name, leads_to_component, pointer_steps, resolve_reference
from watchword.document.structure import CATEGORIES, METHODS, Place, reference_in, walk


def settle_references(document: dict[str, Any]) -> Iterator[str]:
    """
    Settle the references of *document* in place.

    Yields:
        What is wrong: the references that lead nowhere, or in a circle.
    """
    settler = _Settler(document)
    # Path items first, because their parts have references, too.
    for wanted in ("pathItem", None):
        waiting = deque(walk(document))
        while waiting:
            place, kind, node = waiting.popleft()
            reference = reference_in(kind, node)
            if reference is not None and (wanted is None) == (kind != "pathItem"):
                yield from settler.settle(reference, kind, node, place)
                # A new component may come from where no structure was known: from an extension.
                waiting.extend(settler.take_made())


class _Settler:
    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._names: dict[tuple[str, str], str] = {}
        self._inlined: set[str] = set()
        self._made: list[tuple[Place, str, Any]] = []

    def settle(self, reference: str, kind: str, node: dict[str, Any], place: Place) -> Iterator[str]:
        try:
            target = resolve_reference(self._document, node)
        except LookupError as error:
            through = "" if str(error.args[0]) == reference else f" (through {error.args[0]!r})"
            yield f"{'/'.join(place)}: {reference!r} does not exist in the document{through}"
            return
        if kind == "pathItem":
            self._inline(reference, node, target)
        elif not leads_to_component(reference):
            node["$ref"] = f"#/components/{CATEGORIES[kind]}/{self._component(reference, kind)}"

    def take_made(self) -> Iterator[tuple[Place, str, dict[str, Any]]]:
        """Yield place, kind and object of everything in the components that were made since the last call."""
        made, self._made = self._made, []
        for place, kind, node in made:
            yield from walk(node, kind, place)

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
            self._made.append((("components", category, name), kind, members[name]))
        return self._names[category, reference]
