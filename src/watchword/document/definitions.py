"""The components that schemas refer to, converted once, and handed to each validator as far as it reaches them."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import jsonschema_rs

from watchword.document.composition import Schema
from watchword.document.conversion import Conversion, Purpose
from watchword.document.structure import walk

_KEPT = 10_000
"""Definitions in all compiled schemas together. One takes about 20 KB; beyond that the oldest schemas are dropped."""
_LARGE = 100
"""Definitions that a schema reaches, from which on it is compiled together with all others that reach so many."""


def compile_schema(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Compile a converted *schema*; its errors repeat no value."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, mask="***")


class Definitions:
    """
    The converted components of one document.

    Nothing is converted before a validator needs it, and a validator carries only the definitions that it reaches:
    the cost of a document grows with its size, not with the number of its operations times its components. Schemas
    that reach many definitions mostly reach the same ones, so they are compiled together, once.

    Args:
        document: Every reference in it leads to a component.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._conversion = Conversion(document)
        self._converted: dict[str, tuple[Schema, frozenset[str]]] = {}
        self._compiled: OrderedDict[Callable[[], None], int] = OrderedDict()
        self._total = 0
        self._added: dict[bool, list[Schema]] = {True: [], False: []}
        self._together: dict[bool, tuple[Schema, jsonschema_rs.Draft202012Validator]] = {}

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
        whole = self._conversion.convert(schema, Purpose(answer))
        reached = dict(self._reached([whole], answer=answer))
        return {"allOf": [whole], "$defs": {_side(answer=answer): reached}}, len(reached)

    def add(self, schema: Schema, *, answer: bool) -> str:
        """Add a *schema* of the document, before any is compiled, and name it among those of `together`."""
        self._added[answer].append(schema)
        return str(len(self._added[answer]) - 1)

    def is_large(self, schema: Schema, *, answer: bool) -> bool:
        """Whether *schema* is compiled together with others."""
        whole = self._conversion.convert(schema, Purpose(answer))
        return next(islice(self._reached([whole], answer=answer), _LARGE, None), None) is not None

    def together(self, *, answer: bool) -> tuple[Schema, jsonschema_rs.Draft202012Validator]:
        """
        Compile all large schemas that were added into one.

        Returns:
            It, as it was written and compiled. It judges an object that has a value by the name of its schema.
        """
        if answer not in self._together:
            large = {
                str(number): self._conversion.convert(schema, Purpose(answer))
                for number, schema in enumerate(self._added[answer])
                if self.is_large(schema, answer=answer)
            }
            reached = dict(self._reached(large.values(), answer=answer))
            root = {"properties": large, "$defs": {_side(answer=answer): reached}}
            self._together[answer] = root, compile_schema(root)
        return self._together[answer]

    def _reached(self, schemas: Iterable[Schema], *, answer: bool) -> Iterator[tuple[str, Schema]]:
        """Yield the definitions that converted *schemas* refer to, directly or through others, with their names."""
        seen: set[str] = set()
        waiting = [name for schema in schemas for name in _references(schema)]
        while waiting:
            name = waiting.pop()
            if name not in seen:
                seen.add(name)
                definition, others = self._component(name, answer=answer)
                yield name, definition
                waiting.extend(others)

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


def _side(*, answer: bool) -> str:
    return "answer" if answer else "request"


def _references(schema: Schema) -> Iterator[str]:
    for _, _, node in walk(schema, "schema"):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.rsplit("/", 1)[-1]
