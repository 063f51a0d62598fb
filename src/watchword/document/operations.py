"""The operations of a document, with everything that a request needs compiled beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from watchword.document.parameters import Parameter
from watchword.document.structure import METHODS
from watchword.document.validator import Validator

__all__ = ["METHODS", "Operation", "ResponseShape"]


@dataclass(frozen=True)
class ResponseShape:
    """
    What the answers of one status look like.

    Args:
        content: The validator of each media type; None for one that is not JSON, or has no schema.
        examples: By name; a single example is called ``example``.
        headers: Names in lower case.
        required_headers: Those of *headers* that every answer has.
    """

    content: Mapping[str, Validator | None]
    examples: Mapping[str, Any]
    headers: frozenset[str]
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
        body: Validator of a JSON body; None if there is none.
        body_schema: The schema of a JSON body, as the document has it; if that is a reference, what it leads to.
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
    body: Validator | None
    body_schema: Any
    body_required: bool
    responses: Mapping[str, ResponseShape]
    base_paths: tuple[str, ...]
    raw: Mapping[str, Any] = field(repr=False)
    _shapes: dict[int, ResponseShape | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def shape(self, status: int) -> ResponseShape | None:
        """Find what an answer with *status* must look like; None if the document does not declare it."""
        if status not in self._shapes:
            keys = (str(status), f"{status // 100}XX", "default")
            self._shapes[status] = next((self.responses[key] for key in keys if key in self.responses), None)
        return self._shapes[status]
