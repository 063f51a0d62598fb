"""The operations of a document, with everything that a request needs compiled beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from watchword.document.bodies import BodyShape
from watchword.document.http_rules import BODILESS, keys_of
from watchword.document.parameters import Parameter
from watchword.document.structure import METHODS
from watchword.document.validator import Validator

__all__ = ["METHODS", "Operation", "ResponseShape"]


@dataclass(frozen=True)
class ResponseShape:
    """
    What the answers of one status look like.

    Args:
        content: The validator of each media type, as the document writes it; None for one that is not JSON, or has no
            schema.
        examples: By name; a single example is called ``example``.
        headers: The validators of their values, by name in lower case.
        required_headers: Those of *headers* that every answer has.
    """

    content: Mapping[str, Validator | None]
    examples: Mapping[str, Any]
    headers: Mapping[str, Validator]
    required_headers: frozenset[str]


@dataclass(frozen=True)
class Operation:
    """
    One operation of the document.

    Args:
        id: ``<system>.<handler>``.
        path: The template, without a vendor's base path.
        rules: Ids of the rules that decide it (``x-rules``).
        security: Scheme names of each alternative, in the document's order.
        accepts: Content types of its body; empty if it has none.
        bodies: What a body of each of those looks like, in the same order.
        body: Validator of a JSON body; None if there is none.
        inline_body: Gives the schema of a JSON body, with its references replaced by what they lead to.
        responses: By status as the document writes it: ``200``, ``4XX``, ``default``.
        base_paths: Base paths under which it is served too.
        raw: The operation object as written.
    """

    id: str
    system: str
    method: str
    path: str
    rules: tuple[str, ...]
    security: tuple[tuple[str, ...], ...]
    parameters: tuple[Parameter, ...]
    accepts: tuple[str, ...]
    bodies: tuple[BodyShape, ...]
    body: Validator | None
    inline_body: Callable[[], Any] = field(repr=False, compare=False)
    body_required: bool
    responses: Mapping[str, ResponseShape]
    base_paths: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)
    _shapes: dict[int, ResponseShape | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def body_schema(self) -> Any:
        """The schema of a JSON body, with its references replaced; it can be many times as large as the document."""
        return self.inline_body()

    def shape(self, status: int) -> ResponseShape | None:
        """Find what an answer with *status* must look like; None if the document does not declare it."""
        if status not in self._shapes:
            declared = (self.responses[key] for key in keys_of(status) if key in self.responses)
            found = next(declared, None)
            if found is not None and status in BODILESS:
                found = replace(found, content={}, examples={})
            self._shapes[status] = found
        return self._shapes[status]
