"""What passes between the server and a protocol adapter, changed on its way."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.types import Receive, Scope, Send

from watchword.document.path_templates import ENCODED_SLASH
from watchword.edge.breaking import break_connection
from watchword.edge.exchange import Exchange
from watchword.system import Answer

OWN = "watchword-"
"""What the names of our own headers begin with."""
_WHY = b"watchword-why"


class Explaining:
    """
    Sends what an adapter sends, and with a refusal the path at which it is explained.

    Args:
        explain: Gives the path for the exchange that is told of next.
        finish: Tells everybody of the exchange; for a refusal it is called before the head is sent.

    Attributes:
        finished: Whether that was done.
    """

    def __init__(
        self,
        send: Send,
        exchange: Exchange,
        explain: Callable[[Exchange], str],
        finish: Callable[[Exchange, Answer], Answer],
    ) -> None:
        self._send, self._exchange, self._explain, self._finish = send, exchange, explain, finish
        self.finished = False

    async def __call__(self, message: Any) -> None:
        """Send one message."""
        answer = self._exchange.answer
        begins = message["type"] == "http.response.start"
        if begins and answer is not None and answer.status >= HTTPStatus.BAD_REQUEST and not self.finished:
            self.finished = True
            where = self._explain(self._exchange)
            self._finish(self._exchange, answer)
            message = {**message, "headers": [*message["headers"], (_WHY, where.encode())]}
        await self._send(message)


def unless_cut(send: Send, exchange: Exchange, scope: Scope) -> Send:
    """Break the connection where an adapter sends an answer that a fault loses."""
    broken = False

    async def sending(message: Any) -> None:
        nonlocal broken
        found = exchange.interference
        if found is None or found.cut is None:
            await send(message)
        elif not broken:
            broken = True
            await break_connection(scope, found.cut, found.garbage)

    return sending


def with_headers(send: Send, more: Mapping[str, str]) -> Send:
    """Add headers to what an adapter sends."""
    pairs = [(name.lower().encode(), value.encode()) for name, value in more.items()]

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *pairs]}
        await send(message)

    return sending if pairs else send


def without_own_headers(send: Send) -> Send:
    """Take our own headers out of what an adapter sends."""

    async def without(message: Any) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message["headers"] if not name.startswith(OWN.encode())]
            message = {**message, "headers": kept}
        await send(message)

    return without


def noting_body(receive: Receive, exchange: Exchange) -> Receive:
    """Note in *exchange* what an adapter reads of the body, which it does not leave there itself."""

    async def noting() -> Any:
        message = await receive()
        if message["type"] == "http.request":
            exchange.body += message.get("body", b"")
        return message

    return noting


def for_adapter(scope: Scope, exchange: Exchange) -> Scope:
    """Write the path without prefixes into *scope*, which is this request's own: the adapters' libraries read it."""
    scope["path"] = exchange.path.replace(ENCODED_SLASH, "/")
    scope["raw_path"] = scope["path"].encode()
    scope["root_path"] = ""
    return scope
