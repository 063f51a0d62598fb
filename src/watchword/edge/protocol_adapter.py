"""Other protocols than the document's HTTP and JSON, over the same operations of a system."""

from collections.abc import Mapping
from typing import Any, Protocol

from starlette.types import Receive, Scope, Send

from watchword.edge.exchange import Exchange
from watchword.edge.pipeline import Pipeline


class ProtocolAdapter(Protocol):
    """
    Answers requests that are in another protocol.

    Args:
        system: The name of the system whose operations it serves.
    """

    system: str

    def matches(self, exchange: Exchange, /) -> bool:
        """Whether *exchange*, of which only path and headers are known, is in this protocol."""

    async def __call__(
        self, exchange: Exchange, pipeline: Pipeline, scope: Scope, receive: Receive, send: Send, /
    ) -> None:
        """
        Send an answer, and leave in the exchange what it would have been in the document's terms.

        Args:
            pipeline: Runs operations as it does for requests in the document's HTTP and JSON.
        """

    async def refuse(self, scope: Scope, headers: Mapping[str, str], status: int, message: str, send: Send, /) -> bool:
        """
        Send a refusal in this protocol, without an exchange; False, with nothing sent, if a request is in another.

        Args:
            headers: By lower-case name.
            status: The HTTP status that it would be.
        """

    def write(self, path: str, headers: Mapping[str, str], message: Any, /) -> bytes | None:
        """
        Write the body of a request in this protocol.

        Args:
            headers: By lower-case name.
            message: What it says, in its JSON form.

        Returns:
            None if nothing of the kind can be sent there.
        """
