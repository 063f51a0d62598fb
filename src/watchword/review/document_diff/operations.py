"""One operation of both documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from watchword.review.document_diff.addresses import compare_base_paths, compare_servers
from watchword.review.document_diff.change import Change, change, moved
from watchword.review.document_diff.contents import compare_request_body
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parameters import compare_parameters, parameters_of
from watchword.review.document_diff.parts import Pair, Part
from watchword.review.document_diff.responses import Responses
from watchword.review.document_diff.security import Security

_JUDGED = frozenset(
    (
        *("operationId", "tags", "deprecated", "parameters", "requestBody", "responses", "security", "servers"),
        *("x-base-paths", "x-rpc", "x-permission", "x-rules"),
    )
)


@dataclass(frozen=True)
class Place:
    """
    An operation of one document.

    Args:
        item: The path item that it is in.
    """

    path: str
    item: Part
    operation: Part


@dataclass(frozen=True)
class Operations:
    """Compares operations."""

    context: Context

    @cached_property
    def responses(self) -> Responses:
        """Compares their responses."""
        return Responses(self.context)

    @cached_property
    def security(self) -> Security:
        """Compares what proves who a client is."""
        return Security(self.context)

    def compare(self, base: Place, head: Place) -> Iterator[Change]:
        """Compare two operations."""
        context, documents = self.context, self.context.documents
        pair, items = Pair(base.operation, head.operation), Pair(base.item, head.item)
        yield from context.flag(pair, "deprecated", ("operation-deprecated", "operation-reactivated"))
        yield from _named(pair)
        before = parameters_of(documents.base, base.item, base.operation, base.path)
        after = parameters_of(documents.head, head.item, head.operation, head.path)
        yield from compare_parameters(context, before, after)
        bodies = pair.get("requestBody")
        for found in compare_request_body(context, bodies):
            yield found.below("requestBody")
        for found in self.responses.compare(pair.get("responses")):
            yield found.below("responses")
        for found in self.security.compare(base.operation, head.operation):
            yield found.below("security")
        for held in (items, pair):
            yield from compare_servers(context, held)
            yield from compare_base_paths(held)
        yield from _rpc(pair)
        yield from _rules(pair)
        yield from context.annotations(pair, _JUDGED)


def _named(pair: Pair) -> Iterator[Change]:
    ids = pair.get("operationId")
    if ids.differs:
        told = moved("operationId", ids.base, ids.head)
        yield change("operation-id-changed", told, ids.base, ids.head, where=("operationId",))
    tags = pair.get("tags")
    if tags.differs:
        told = moved("tags", tags.base, tags.head)
        yield change("operation-tags-changed", told, tags.base, tags.head, where=("tags",))


def _rpc(pair: Pair) -> Iterator[Change]:
    """Compare the method that an operation is over RPC (``x-rpc``)."""
    methods = pair.get("x-rpc")
    names = methods.get("method")
    if names.differs:
        for category, part in (("rpc-method-removed", names.base), ("rpc-method-added", names.head)):
            if part is not None:
                told = f"{part.value} is {'gone' if part is names.base else 'new'}"
                here = (part, None) if part is names.base else (None, part)
                yield change(category, told, *here, where=("x-rpc", "method"))
        return
    base, head = (
        {} if part is None else {str(one.value): one for one in part.entries()}
        for part in (methods.get("media-types").base, methods.get("media-types").head)
    )
    for name in {**base, **head}:
        if name not in head:
            yield change("rpc-media-type-removed", f"{name} is gone", base[name], None, where=("x-rpc", name))
        elif name not in base:
            yield change("rpc-media-type-added", f"{name} is new", None, head[name], where=("x-rpc", name))


def _rules(pair: Pair) -> Iterator[Change]:
    """Compare which rules an operation asks (``x-rules``), and which permission it takes (``x-permission``)."""
    permissions = pair.get("x-permission")
    if permissions.differs:
        told = moved("permission", permissions.base, permissions.head)
        yield change("permission-changed", told, permissions.base, permissions.head, where=("x-permission",))
    rules = pair.get("x-rules")
    base, head = (
        {} if part is None else {str(one.value): one for one in part.entries()} for part in (rules.base, rules.head)
    )
    for name in {**base, **head}:
        if name not in head:
            yield change("rule-removed", f"no longer asks {name}", base[name], None, where=("x-rules", name))
        elif name not in base:
            yield change("rule-added", f"asks {name} now", None, head[name], where=("x-rules", name))
