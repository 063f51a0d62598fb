"""The components that schemas refer to, converted once, and compiled with the schemas that reach them."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakSet

import jsonschema_rs

from watchword.document.composition import Schema
from watchword.document.conversion import Conversion, Purpose
from watchword.document.structure import walk
from watchword.document.violations import field_names

_KEPT = 10_000
"""Definitions in all compiled schemas together. One takes about 20 KB; beyond that the oldest schemas are dropped."""
_ALONE = 50
"""
Definitions up to which a schema is compiled with copies of its own.

Beyond, everything that waits to be compiled is compiled at once and shares one copy: of nine hundred schemas that all
reach each other, copies of their own would be 810,000 definitions.
"""


@dataclass(frozen=True)
class Compiled:
    """
    A schema that values can be judged by.

    Args:
        root: What was compiled.
        steps: The properties that lead to the schema in *root*; a value is judged below properties of that name.
    """

    root: Schema
    judge: jsonschema_rs.Draft202012Validator
    steps: tuple[str, ...] = ()

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all fields that the schema knows, and of those that share its definitions."""
        names = frozenset(field_names(self.root))
        return frozenset(name for name in names if not name.isdecimal()) if self.steps else names

    def wrapped(self, value: Any) -> Any:
        """Give *value* as it is judged."""
        for step in reversed(self.steps):
            value = {step: value}
        return value


@dataclass(eq=False, slots=True, weakref_slot=True)
class Entry:
    """
    A schema of the document that is compiled when a value is judged for the first time.

    Args:
        answer: Whether it judges what the server sends, instead of what clients send.
        compiled: None before, and after it was dropped.
    """

    schema: Schema
    answer: bool
    compiled: Compiled | None = None


class Definitions:
    """
    The converted components of one document.

    Nothing is converted before a validator needs it. A schema that reaches few definitions carries them; those that
    reach many carry them together: the cost of a document grows with its size, not with its operations times its
    components.

    Args:
        document: Every reference in it leads to a component.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._conversion = Conversion(document)
        self._converted: dict[str, tuple[Schema, frozenset[str]]] = {}
        self._waiting: WeakSet[Entry] = WeakSet()
        self._compiled: OrderedDict[int, tuple[list[Entry], int]] = OrderedDict()
        self._total = self._number = 0

    @property
    def converted(self) -> int:
        """How many components were converted so far."""
        return len(self._converted)

    def enter(self, schema: Schema, *, answer: bool) -> Entry:
        """Note a *schema* that is going to be compiled."""
        entry = Entry(schema, answer)
        self._waiting.add(entry)
        return entry

    def compile(self, entry: Entry) -> Compiled:
        """Compile *entry*, and those that wait if it has to share its definitions."""
        whole = self._conversion.convert(entry.schema, Purpose(entry.answer))
        reached = self._reached([whole], answer=entry.answer)
        if len(reached) <= _ALONE:
            root = {"allOf": [whole], "$defs": {_side(entry.answer): reached}}
            compiled = entry.compiled = Compiled(root, _judge(root))
            self._keep([entry], len(reached))
            return compiled
        return self._compile_together(entry)

    def _compile_together(self, entry: Entry) -> Compiled:
        waiting = [
            one
            for one in (entry, *(self._waiting - {entry}))
            if one.answer == entry.answer and next(_references(one.schema), None) is not None
        ]
        wholes = [self._conversion.convert(one.schema, Purpose(one.answer)) for one in waiting]
        reached = self._reached(wholes, answer=entry.answer)
        # Two levels, because a validator looks at the properties of a level one by one.
        width = max(round(len(wholes) ** 0.5), 1)
        steps = [(str(number // width), str(number % width)) for number in range(len(wholes))]
        groups: dict[str, dict[str, Schema]] = {}
        for (group, place), whole in zip(steps, wholes, strict=True):
            groups.setdefault(group, {})[place] = whole
        root = {
            "properties": {group: {"properties": members} for group, members in groups.items()},
            "$defs": {_side(entry.answer): reached},
        }
        judge = _judge(root)
        for one, lead in zip(waiting, steps, strict=True):
            one.compiled = Compiled(root, judge, lead)
        self._keep(waiting, len(reached))
        return waiting[0].compiled or Compiled(root, judge, steps[0])

    def _reached(self, wholes: Iterable[Schema], *, answer: bool) -> dict[str, Schema]:
        """Collect the definitions that converted schemas reach."""
        reached: dict[str, Schema] = {}
        waiting = [name for whole in wholes for name in _references(whole)]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached[name], others = self._component(name, answer=answer)
                waiting.extend(others)
        return reached

    def _component(self, name: str, *, answer: bool) -> tuple[Schema, frozenset[str]]:
        """Convert a component, and name those that it refers to."""
        key = f"{answer}/{name}"
        if key not in self._converted:
            schema = self._conversion.component(f"#/components/schemas/{name}", answer=answer)
            self._converted[key] = schema, frozenset(_references(schema))
        return self._converted[key]

    def _keep(self, entries: list[Entry], size: int) -> None:
        """Note that *entries* were compiled together, with so many definitions; drop the oldest beyond the limit."""
        self._waiting.difference_update(entries)
        self._number += 1
        self._compiled[self._number] = entries, size + len(entries)
        self._total += size + len(entries)
        while self._total > _KEPT and len(self._compiled) > 1:
            _, (dropped, its_size) = self._compiled.popitem(last=False)
            self._total -= its_size
            for one in dropped:
                one.compiled = None
            self._waiting.update(dropped)


def _side(answer: bool) -> str:  # noqa: FBT001  # of an entry
    return "answer" if answer else "request"


def _judge(root: Schema) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(root, validate_formats=True, mask="***")


def _references(schema: Schema) -> Iterator[str]:
    for _, _, node in walk(schema, "schema"):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.rsplit("/", 1)[-1]
