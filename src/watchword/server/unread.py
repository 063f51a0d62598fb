"""What is refused, or given up, before it is a request for the application."""

from collections.abc import Callable
from typing import NamedTuple

Unread = Callable[[str, int, str], None]
"""Is told the protocol, the status of the answer (0 without an answer), and the reason in a word, such as ``host``."""

TOO_LATE, NOT_TAKEN = "too-late", "answer-not-taken"
"""Reasons: what was begun did not arrive in time; the client took nothing of its answer."""


class Fault(NamedTuple):
    """
    What is wrong with a request, whatever it asks for.

    Args:
        reason: In a word, for the log.
        detail: In a sentence, for the client.
    """

    reason: str
    detail: str


NOT_A_PROXY = Fault("proxy", "This server is not a proxy.")
NOT_A_HOST = Fault("host", "The header Host is not a host, such as localhost:7070.")


class Limits(NamedTuple):
    """
    What a connection is held to.

    Args:
        arrival_seconds: How long its first bytes, and then each head of a request, may take to arrive.
        on_unread: Is told what is refused before it is a request.
    """

    arrival_seconds: float = 20.0
    on_unread: Unread = lambda _protocol, _status, _reason: None
