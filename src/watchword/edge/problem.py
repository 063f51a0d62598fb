"""Errors of our own, outside of any imitated system, as problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from watchword.domain.refusal import Malformed, Refusal, Violation
from watchword.system import Answer

MEDIA_TYPE = "application/problem+json"
_TEXT = {"type": "string"}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "code"), _TEXT),
        "status": {"type": "integer"},
        "errors": {"type": "array", "items": {"type": "object", "properties": {"in": _TEXT, "problem": _TEXT}}},
    },
}
"""Of `Details`, as far as the journal shows them: the name of a field may be a word of the client."""


class Details(dict[str, Any]):
    """Problem details that Watchword wrote itself, so that nobody else's are taken for them."""


class Problem(Exception):
    """
    A refusal that belongs to no imitated system.

    Args:
        status: Of the answer.
        detail: What is wrong, where, and what would be right.
        code: What is wrong, for programs.
    """

    def __init__(self, status: int, detail: str, code: str) -> None:
        super().__init__(detail)
        self.status, self.detail, self.code = status, detail, code


def problem_details(refused: Problem) -> Answer:
    """Write *refused* as problem details."""
    return _answer(refused.status, refused.detail, code=refused.code)


def render(refusal: Refusal, _settings: Any) -> Answer:
    """Write any *refusal* as problem details: the envelope of the control API and of unknown systems."""
    if isinstance(refusal, Malformed):
        return _answer(refusal.status, "The request does not fit the document.", errors=errors(refusal.violations))
    return _answer(refusal.status, refusal.message or HTTPStatus(refusal.status).phrase)


def errors(violations: Sequence[Violation]) -> list[dict[str, str]]:
    """Write *violations* as the member ``errors`` of problem details, each sentence once."""
    found = dict.fromkeys((one.where, ".".join(one.path), one.detail) for one in violations)
    return [{"in": where, "field": field, "problem": detail} for where, field, detail in found]


def _answer(status: int, detail: str, **members: object) -> Answer:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    return Answer(status, Details(body), {"Content-Type": MEDIA_TYPE})
