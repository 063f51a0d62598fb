"""The innermost step: to the handler, or to the document's examples."""

import asyncio
import inspect
import re
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from watchword.document import Document, Operation
from watchword.document.document import schema_of
from watchword.document.examples import sample
from watchword.document.operations import is_json, resolve
from watchword.domain.hashing import hash_threads
from watchword.edge.exchange import Exchange, exchange_of
from watchword.edge.perform import perform
from watchword.edge.reading import refuse
from watchword.edge.world import World
from watchword.system import Answer, hashes

_PREFERENCE = re.compile(r'(\w+)\s*=\s*"?([^",;\s]+)"?')


class Dispatch:
    """The ASGI application that Connexion's middleware wraps; it sets the exchange's answer and sends nothing."""

    def __init__(self, world: World) -> None:
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
        document = world.document

        async def from_document(exchange: Exchange) -> Answer:
            return exemplary(document, operation, exchange.headers.get("prefer", ""))

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


def exemplary(document: Document, operation: Operation, prefer: str = "") -> Answer:
    """
    Answer out of the document: a named example, or without one data made from the schema.

    Args:
        prefer: The request's ``Prefer`` header; ``code=404`` and ``example=NAME`` choose among answers.
    """
    wishes = dict(_PREFERENCE.findall(prefer))
    status = _status(operation, wishes.get("code"))
    shape = operation.responses[status]
    number = int(status) if status.isdigit() else 200 if status == "default" else int(f"{status[0]}00")
    headers = {"Watchword-Answer": "example", **_required_headers(document, operation, status)}
    applied = [f"code={status}"] if wishes.get("code") == status else []
    body: Any = None
    if shape.content:
        headers["Content-Type"] = next(iter(shape.content))
        chosen = wishes.get("example", "")
        if chosen in shape.examples:
            applied.append(f"example={chosen}")
            body = shape.examples[chosen]
        elif shape.examples:
            body = next(iter(shape.examples.values()))
        else:
            body = sample(document.content, schema_of(document, operation, status) or {})
        if isinstance(body, str) and not is_json(headers["Content-Type"]):
            body = body.encode()
    if applied:
        headers["Preference-Applied"] = ", ".join(applied)
    return Answer(number, body, headers)


def _required_headers(document: Document, operation: Operation, status: str) -> dict[str, str]:
    response = resolve(document.content, operation.raw["responses"][status])
    described = {name: resolve(document.content, one) for name, one in (response.get("headers") or {}).items()}
    values = {
        name: one["example"] if "example" in one else sample(document.content, one.get("schema", {}))
        for name, one in described.items()
        if one.get("required")
    }
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in values.items()}


def _status(operation: Operation, wanted: str | None) -> str:
    if wanted in operation.responses:
        return str(wanted)
    return min(operation.responses, key=lambda status: (not status.startswith("2"), status))
