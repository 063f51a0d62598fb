"""Break a connection in the place of an answer: what the edge asks of a server, and what happens without one."""

from collections.abc import Awaitable, Callable

from starlette.types import Scope

from watchword.sandbox.faults import Cut

BREAK = "watchword.break"
"""
The ASGI extension by which our own protocols break the connection of a request; nothing can be sent afterwards.
"""
Break = Callable[[Cut, bytes], Awaitable[None]]
"""Gets how to break, and the bytes to send as random data."""


class ConnectionBroken(ConnectionError):
    """The application was called without a server, so there is no connection to break: the caller gets this error."""

    def __init__(self, cut: Cut) -> None:
        super().__init__(f"{cut.value}: a fault of this sandbox breaks the connection.")
        self.cut = cut


async def break_connection(scope: Scope, cut: Cut, garbage: bytes) -> None:
    """
    Break the connection of a request.

    Args:
        garbage: What is sent where the fault sends random data.

    Raises:
        ConnectionBroken: There is no server that can.
    """
    found: Break | None = scope.get("extensions", {}).get(BREAK)
    if found is None:
        raise ConnectionBroken(cut)
    await found(cut, garbage)
