"""The operations of one side, and which of them a recorded request is for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from watchword.document import Document, Operation
from watchword.document.media_types import JSON
from watchword.document.path_templates import compile_template, placeholders
from watchword.review.sides import Side
from watchword.review.use_diff.recorded import REST, Recorded, Sent
from watchword.systems import SYSTEMS

_PLACEHOLDER = re.compile(r"\{[^}]*\}")
Key = tuple[str, str]
"""The method, and the path without the names of its parameters."""


@dataclass(frozen=True)
class Called:
    """
    A request, and its operation.

    Args:
        prefix: The base path that it has before the operation's path.
        path: The parameters in its path, by name, as texts.
        sent: What came, as it would have come over HTTP and JSON.
        is_message: Whether it came over another protocol, with the parameters of path and query as fields.
    """

    operation: Operation
    prefix: str
    path: Mapping[str, str]
    sent: Sent
    is_message: bool = False

    @property
    def name(self) -> str:
        """The method and path, as reports call the operation."""
        return f"{self.operation.method} {self.operation.path}"


class Operations:
    """The operations of a side."""

    def __init__(self, side: Side) -> None:
        self.content = side.content
        self._document = Document(dict(side.content), tuple(one.name for one in SYSTEMS))

    @cached_property
    def _by_key(self) -> Mapping[Key, Operation]:
        return {key_of(one): one for one in self._document.operations.values()}

    @cached_property
    def _patterns(self) -> Mapping[str, re.Pattern[str]]:
        return {one.id: _pattern(one.path) for one in self._document.operations.values()}

    def find(self, request: Recorded) -> Called | None:
        """Find the operation of a request: the one of its id, or else one that has its path and method."""
        named = self._document.operations.get(request.operation)
        if request.protocol != REST:
            return None if named is None else _over_http(named, request.sent)
        return next(self._matching(request, named), None)

    def _matching(self, request: Recorded, named: Operation | None) -> Iterator[Called]:
        others = (one for one in self._document.operations.values() if one is not named)
        for one in ([] if named is None else [named], others):
            for operation in one:
                if operation.method != request.sent.method:
                    continue
                found = self._patterns[operation.id].fullmatch(request.sent.path)
                if found and found["prefix"] in ("", *operation.base_paths):
                    values = dict(zip(placeholders(operation.path), found.groups()[1:], strict=True))
                    yield Called(operation, found["prefix"], values, request.sent)

    def twin(self, called: Called) -> Operation | None:
        """Find the operation of this side with the same method and path; names of parameters do not count."""
        return self._by_key.get(key_of(called.operation))


def key_of(operation: Operation) -> Key:
    """Give what operations of two documents have in common."""
    return operation.method, _PLACEHOLDER.sub("{}", operation.path)


def _pattern(path: str) -> re.Pattern[str]:
    template = compile_template(path, empty_last=True).pattern
    return re.compile("(?P<prefix>.*?)" + template.replace("[^/]+", "([^/]+)").replace("[^/]*", "([^/]*)"))


def _over_http(operation: Operation, sent: Sent) -> Called:
    """Read a message of another protocol, which has the parameters of path and query among its fields."""
    fields: dict[str, Any] = dict(sent.body) if isinstance(sent.body, Mapping) else {}
    names = placeholders(operation.path)
    path = {name: str(fields.pop(name, "")) for name in names}
    query = {
        one.name: found if isinstance(found, str) else orjson.dumps(found).decode()
        for one in operation.parameters
        if one.where == "query" and (found := _field(fields, one.name)) is not None
    }
    headers = {name: value for name, value in sent.headers.items() if name != "content-type"}
    body = fields if operation.accepts else None
    written = Sent(operation.method, operation.path, {**headers, "content-type": JSON}, query, body)
    return Called(operation, "", path, written, is_message=True)


def field_names(parameter: str) -> tuple[str, ...]:
    """Give the names of the fields in which a message has a parameter, from the outermost on."""
    return tuple(parameter.split("."))


def _field(fields: Mapping[str, Any], name: str) -> Any:
    """Find the field that is a parameter with a dotted name over HTTP; None if a message does not have it."""
    found: Any = fields
    for one in field_names(name):
        found = found.get(one) if isinstance(found, Mapping) else None
    return found
