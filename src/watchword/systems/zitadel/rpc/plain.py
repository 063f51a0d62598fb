"""Answers in plain text, as Go's HTTP server gives them."""

from collections.abc import Mapping

from watchword.system import Answer
from watchword.systems.zitadel.headers import ROBOTS

_PLAIN: Mapping[str, str] = {"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff"}


def plain_text(status: int, text: str) -> Answer:
    """Answer *text*."""
    return Answer(status, text.encode(), {**ROBOTS, **_PLAIN})
