"""The components that schemas refer to, converted once, and handed to each validator as far as it reaches them."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from watchword.document.composition import Schema
from watchword.document.conversion import Conversion, Purpose
from watchword.document.structure import walk

_KEPT = 10_000
"""Definitions in all compiled schemas together. One takes about 20 KB; beyond that the oldest schemas are dropped."""


class Definitions:
    """
    The converted components of one document.

    Nothing is converted before a validator needs it, and a validator carries only the definitions that it reaches:
    the cost of a document grows with its size, not with the number of its operations times its components.

    Args:
        document: Every reference in it leads to a component.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._conversion = Conversion(document)
        self._converted: dict[str, tuple[Schema, frozenset[str]]] = {}
        self._compiled: OrderedDict[Callable[[], None], int] = OrderedDict()
        self._total = 0

    @property
    def converted(self) -> int:
        """How many components were converted so far."""
        return len(self._converted)

    def root(self, schema: Schema, *, answer: bool) -> tuple[Schema, int]:
        """
        Make a schema that can be compiled from a *schema* of the document.

        Returns:
            It, and the number of the definitions that it carries.
        """
        side = "answer" if answer else "request"
        whole = self._conversion.convert(schema, Purpose(answer))
        reached: dict[str, Schema] = {}
        waiting = list(_references(whole))
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached[name], others = self._component(name, answer=answer)
                waiting.extend(others)
        return {"allOf": [whole], "$defs": {side: reached}}, len(reached)

    def _component(self, name: str, *, answer: bool) -> tuple[Schema, frozenset[str]]:
        """Convert a component, and name those that it refers to."""
        key = f"{answer}/{name}"
        if key not in self._converted:
            schema = self._conversion.component(f"#/components/schemas/{name}", answer=answer)
            self._converted[key] = schema, frozenset(_references(schema))
        return self._converted[key]

    def keep(self, forget: Callable[[], None], size: int) -> None:
        """
        Note that a schema was compiled.

        Args:
            forget: Drops it; called when too much is compiled.
            size: The number of the definitions that it carries.
        """
        self._compiled[forget] = size + 1
        self._total += size + 1
        while self._total > _KEPT and len(self._compiled) > 1:
            oldest, its_size = self._compiled.popitem(last=False)
            self._total -= its_size
            oldest()


def _references(schema: Schema) -> Iterator[str]:
    for _, _, node in walk(schema, "schema"):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.rsplit("/", 1)[-1]
