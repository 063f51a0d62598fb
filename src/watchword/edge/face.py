"""Other protocols than the document's HTTP and JSON, over the same operations of a system."""

from typing import Protocol

from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange


class Face(Protocol):
    """
    Answers requests that are in another protocol.

    Args:
        system: The name of the system whose operations it has.
    """

    system: str

    def takes(self, exchange: Exchange, /) -> bool:
        """Whether *exchange*, of which no more than path and headers is known, is in this protocol."""

    async def __call__(self, exchange: Exchange, scope: Scope, receive: Receive, send: Send, /) -> None:
        """Answer by itself, and leave in the exchange what the answer would have been in the document's terms."""
