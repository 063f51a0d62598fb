"""The innermost step: to the handler, or to the document's examples."""

import inspect
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.types import Receive, Scope, Send

from watchword.document import Operation
from watchword.edge.exchange import Exchange, exchange_of
from watchword.edge.exemplary import Exemplars
from watchword.edge.perform import performed
from watchword.edge.reading import refuse
from watchword.edge.world import World
from watchword.system import Answer

_PREFERENCE = re.compile(r'(\w+)\s*=\s*"?([^",;\s]+)"?')


class Dispatch:
    """
    The ASGI application that Connexion's middleware wraps; it sets the exchange's answer and sends nothing.

    Raises:
        DocumentError: The document cannot answer for what nobody implements.
    """

    def __init__(self, world: World) -> None:
        world.prepare()
        self._runners: dict[str, Callable[[Exchange], Awaitable[Answer]]] = {
            one.id: _runner(world, one) for one in world.document.operations.values()
        }

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        exchange = exchange_of(scope)
        operation = exchange.operation
        assert operation is not None  # noqa: S101  # an unknown path has been refused on arrival
        refuse(exchange.unjudged, operation)
        exchange.answer = await self._runners[operation.id](exchange)


def _runner(world: World, operation: Operation) -> Callable[[Exchange], Awaitable[Answer]]:
    handler: Any = world.handlers.get(operation.id)
    if handler is None:
        offered = world.exemplars[operation.id]

        async def from_document(exchange: Exchange) -> Answer:
            return exemplary(offered, exchange.headers.get("prefer", ""))

        return from_document
    if inspect.iscoroutinefunction(handler):

        async def awaited(exchange: Exchange) -> Answer:
            return await handler(exchange.call())  # type: ignore[no-any-return]  # a handler's signature

        return awaited
    return partial(performed, step=handler)


def exemplary(offered: Exemplars, prefer: str = "") -> Answer:
    """
    Answer out of the document.

    Args:
        offered: What it has for the operation.
        prefer: The request's ``Prefer`` header; ``code=404`` and ``example=NAME`` choose among answers.
    """
    wishes = dict(_PREFERENCE.findall(prefer))
    code, example = wishes.get("code", ""), wishes.get("example", "")
    status = code if code in offered else min(offered, key=lambda status: (not status.startswith("2"), status))
    number = int(status) if status.isdigit() else 200 if status == "default" else int(f"{status[0]}00")
    applied = [f"code={status}"] if code == status else []
    if example and example in offered[status].bodies:
        applied.append(f"example={example}")
    headers = {"Watchword-Answer": "example"}
    if applied:
        headers["Preference-Applied"] = ", ".join(applied)
    return offered[status].answer(number, example, **headers)
