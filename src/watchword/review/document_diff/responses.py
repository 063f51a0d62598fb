"""What a client gets: statuses, headers, bodies, links."""

from collections.abc import Iterator, Mapping

from watchword.document.http_rules import key_of
from watchword.document.origins import Steps
from watchword.document.structure import declared_responses
from watchword.review.document_diff.change import Change, change
from watchword.review.document_diff.contents import compare_content
from watchword.review.document_diff.context import Context, became
from watchword.review.document_diff.parameters import compare_headers
from watchword.review.document_diff.parts import Pair, Part
from watchword.review.document_diff.use import Use
from watchword.review.level import Way


class Responses:
    """Compares responses; many operations share one, so each pair is compared once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[tuple[Steps, Steps], tuple[Change, ...]] = {}

    def compare(self, pair: Pair) -> Iterator[Change]:
        """Compare the responses of an operation, by status."""
        base, head = _by_status(pair.base), _by_status(pair.head)
        for status, one in base.items():
            other = head.get(status) or _standing_in(head, status)
            if other is None:
                told = f"the answer {status} is gone"
                yield change(f"{_kind(status)}-status-removed", told, one.bare(), None, where=(status,))
                continue
            for found in self._response(one, other):
                yield found.below(status)
        for status, other in head.items():
            if status in base:
                continue
            stood = _standing_in(base, status)
            if stood is None:
                told = f"the answer {status} is new"
                yield change(f"{_kind(status)}-status-added", told, None, other.bare(), where=(status,))
                continue
            for found in self._response(stood, other):
                yield found.below(status)

    def _response(self, one: Part, other: Part) -> tuple[Change, ...]:
        pair = self._context.documents.follow(Pair(one, other))
        assert pair.base is not None  # noqa: S101  # both are there
        assert pair.head is not None  # noqa: S101
        key = pair.base.steps, pair.head.steps
        if key not in self._known:
            self._known[key] = tuple(self._compared(pair))
        return self._known[key]

    def _compared(self, pair: Pair) -> Iterator[Change]:
        yield from compare_headers(self._context, pair.get("headers"))
        yield from compare_content(self._context, pair.get("content"), Use(Way.RESPONSE, "body"))
        for name, written in pair.get("links").members():
            link = self._context.documents.follow(written)
            if link.differs:
                yield change(
                    "links-changed", became(f"the link {name}", link), link.base, link.head, where=("links", name)
                )
        yield from self._context.annotations(pair, {"headers", "content", "links"})


def _by_status(responses: Part | None) -> Mapping[str, Part]:
    if responses is None:
        return {}
    return {status: Part(one, (*responses.steps, status)) for status, one in declared_responses(responses.value)}


def _standing_in(responses: Mapping[str, Part], status: str) -> Part | None:
    """Find the response that a document has for a *status* that it does not name: a range, or ``default``."""
    if not status.isdigit():
        return responses.get("default") if status != "default" else None
    key = key_of(int(status), responses)
    # Beside nothing else "default" may be a success, and most often it is the error that it is called after.
    is_error = _kind(status) == "error" or not any(one.isdigit() for one in responses)
    return None if key is None or (key == "default" and not is_error) else responses[key]


def _kind(status: str) -> str:
    return "success" if status[0] in "123" else "error"
