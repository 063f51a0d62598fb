"""What is refused, or given up, before it is a request for the application."""

from typing import NamedTuple, Protocol


class Unread(Protocol):
    """Is told of everything that is refused, or given up, before it is a request."""

    def __call__(self, protocol: str, status: int, reason: str, detail: str = "", /) -> str:
        """
        Take note of a refusal, and give the path at which it is explained; empty if it is nowhere.

        Args:
            status: Of the answer; 0 without an answer.
            reason: In a word, such as ``host``.
            detail: The sentence that the client is told; empty without an answer.
        """


def _nobody(_protocol: str, _status: int, _reason: str, _detail: str = "", /) -> str:
    return ""


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
    on_unread: Unread = _nobody
