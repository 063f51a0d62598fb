"""The innermost step: to the handler, or to the document's examples."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Any

from starlette.types import Receive, Scope, Send

from watchword.document import Operation
from watchword.domain.hashing import hash_threads
from watchword.edge.exchange import Exchange, exchange_of
from watchword.edge.exemplary import Exemplars
from watchword.edge.perform import perform
from watchword.edge.reading import refuse
from watchword.edge.world import World
from watchword.system import Answer, hashes

_PREFERENCE = re.compile(r'(\w+)\s*=\s*"?([^",;\s]+)"?')


class Dispatch:
    """
    The ASGI application that Connexion's middleware wraps; it sets the exchange's answer and sends nothing.

    Raises:
        DocumentError: The document cannot answer for what nobody implements.
    """

    def __init__(self, world: World) -> None:
        world.prepare()
        threads = hash_threads()
        self._runners: dict[str, Callable[[Exchange], Awaitable[Answer]]] = {
            one.id: _runner(world, one, threads) for one in world.document.operations.values()
        }

    async def __call__(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        exchange = exchange_of(scope)
        operation = exchange.operation
        assert operation is not None  # noqa: S101  # an unknown path has been refused on arrival
        refuse(exchange.unjudged, operation)
        exchange.answer = await self._runners[operation.id](exchange)


def _runner(world: World, operation: Operation, threads: Executor) -> Callable[[Exchange], Awaitable[Answer]]:
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
    expensive = world.sandboxes.hasher.profile.expensive or world.systems[operation.system].imports_hashes
    if expensive and hashes(handler):

        async def in_thread(exchange: Exchange) -> Answer:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(threads, perform, exchange, handler)

        return in_thread

    async def inline(exchange: Exchange) -> Answer:
        return perform(exchange, handler)  # type: ignore[no-any-return]  # a handler's signature

    return inline


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
