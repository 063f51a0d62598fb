"""What is known of a refusal when changes are looked for that would have helped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from watchword.control.agenda import PlannedEvent
from watchword.control.request_change import RequestChange
from watchword.document import Operation
from watchword.document.path_templates import ENCODED_SLASH, placeholders
from watchword.document.references import resolve_reference
from watchword.document.written_examples import written_values
from watchword.edge.exchange import Exchange
from watchword.journal.explanation import Explanation
from watchword.sandbox import Sandbox
from watchword.system.seed_data import Person

_DEEPEST = 5
Path = tuple[str, ...]
"""The names that lead to a member of a body."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that may have helped, and what it is, as the beginning of a sentence: ``as clara``."""

    sentence: str
    change: RequestChange


@dataclass(frozen=True)
class Case:
    """
    A refusal.

    Args:
        place: A fork of its sandbox as it was just before, which nothing is done to.
        people: Everybody of the system, those whom the request concerns first.
        agenda: What was going to happen by itself.
    """

    exchange: Exchange
    explanation: Explanation
    place: Sandbox
    people: Sequence[Person]
    agenda: Sequence[PlannedEvent]

    @property
    def operation(self) -> Operation | None:
        """What was called; None if nothing was."""
        return self.exchange.operation

    @property
    def concerned(self) -> Sequence[Person]:
        """Those whom the request concerns."""
        names = self.explanation.entry.people
        return [one for one in self.people if one.name in names]

    @cached_property
    def body(self) -> Any:
        """The body as JSON; None if there is none, or if it is none."""
        exchange = self.exchange
        if exchange.protocol.startswith("grpc"):
            return None
        try:
            return orjson.loads(exchange.body)
        except orjson.JSONDecodeError:
            return None

    @cached_property
    def schema(self) -> Any:
        """The schema of a JSON body, with its references replaced; None without one."""
        operation = self.operation
        return None if operation is None or operation.body is None else operation.body_schema

    @cached_property
    def examples(self) -> Sequence[Any]:
        """The bodies that the document writes as examples."""
        operation, content = self.operation, self.exchange.api.document.content
        if operation is None or "requestBody" not in operation.raw:
            return ()
        media = resolve_reference(content, operation.raw["requestBody"]).get("content") or {}
        return [value for one in media.values() for value in written_values(content, one).values()]

    @property
    def path(self) -> Mapping[str, str]:
        """The values of the parameters of the path."""
        operation = self.operation
        if operation is None or self.exchange.protocol:
            return {}
        names = placeholders(operation.path)
        found = self.exchange.parameters.get("path") or {}
        if len(found) == len(names):
            return {name: str(found[name]) for name in names if name in found}
        segments = zip(operation.path.split("/"), self.exchange.path.split("/"), strict=False)
        values = {one[1:-1]: value.replace(ENCODED_SLASH, "/") for one, value in segments if one.startswith("{")}
        return values if values.keys() == set(names) else {}

    def leaves(self) -> Iterator[tuple[Path, Any]]:
        """Yield every member of the body that is no object and no list, with the names that lead to it."""
        yield from _leaves(self.body, (), 0)


def patch_at(path: Path, value: Any) -> Any:
    """Make a JSON merge patch that sets one member."""
    for name in reversed(path):
        value = {name: value}
    return value


def _leaves(value: Any, path: Path, depth: int) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and depth < _DEEPEST:
        for name, member in value.items():
            yield from _leaves(member, (*path, name), depth + 1)
    elif path and not isinstance(value, Mapping | list):
        yield path, value
