"""What is known of a refusal when changes are looked for that would have helped."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from watchword.control.agenda import PlannedEvent
from watchword.control.request_change import RequestChange
from watchword.control.what_if.schemas import declares, find_member, join
from watchword.document import Operation
from watchword.document.parameters import described_parameters
from watchword.document.path_templates import ENCODED_SLASH, placeholders
from watchword.document.references import resolve_reference
from watchword.document.written_examples import written_values
from watchword.edge.exchange import Exchange
from watchword.journal.explanation import Explanation
from watchword.journal.masking import MASK, is_shown_name, mask_text
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
        operation, content = self.operation, self.document
        if operation is None or "requestBody" not in operation.raw:
            return ()
        media = resolve_reference(content, operation.raw["requestBody"]).get("content") or {}
        return [value for one in media.values() for value in written_values(content, one).values()]

    @property
    def document(self) -> Mapping[str, Any]:
        """The document that the request was judged by."""
        return self.exchange.api.document.content

    @cached_property
    def parameters(self) -> Sequence[Mapping[str, Any]]:
        """The parameters that the document declares."""
        if self.operation is None:
            return ()
        item = self.document["paths"].get(self.operation.path) or {}
        return list(described_parameters(self.document, item, self.operation.raw).values())

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
        """
        Yield every member of the body that is no object and no list, with the names that lead to it.

        Those that the journal stars are left out: a client may have put a secret there.
        """
        yield from self._leaves(self.body, (), self.schema)

    def shows(self, path: Path) -> bool:
        """Whether the journal shows all names that lead to a member of the body: those of the document, and words."""
        schema = self.schema
        for name in path:
            flat = join(self.document, schema)
            if not declares(flat, name) and not is_shown_name(name):
                return False
            schema = find_member(flat, name)
        return True

    def shows_parameter(self, where: str, name: str) -> bool:
        """Whether the journal shows the name of a header (in lower case) or a parameter of the query."""
        return is_shown_name(name) or (where, name) in ((one["in"], one["name"]) for one in self.parameters)

    def shows_path_without(self, name: str) -> bool:
        """Whether the journal shows the values of all parameters of the path but one."""
        schemas = {one["name"]: one.get("schema") for one in self.parameters if one["in"] == "path"}
        others = ((schemas.get(one), value) for one, value in self.path.items() if one != name)
        return all(mask_text(self.document, schema, value) != MASK for schema, value in others)

    def _leaves(self, value: Any, path: Path, schema: Any) -> Iterator[tuple[Path, Any]]:
        if isinstance(value, Mapping) and len(path) < _DEEPEST:
            flat = join(self.document, schema)
            for name, member in value.items():
                if declares(flat, name) or is_shown_name(name):
                    yield from self._leaves(member, (*path, name), find_member(flat, name))
        elif path and not isinstance(value, Mapping | list):
            yield path, value


def patch_at(path: Path, value: Any) -> Any:
    """Make a JSON merge patch that sets one member."""
    for name in reversed(path):
        value = {name: value}
    return value
