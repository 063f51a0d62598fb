"""The innermost step: to the handler, or to the document's examples."""

import inspect
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from watchword.document import Operation
from watchword.edge.exchange import Exchange
from watchword.edge.exemplary import Exemplars
from watchword.edge.perform import performed
from watchword.edge.world import World
from watchword.system import Answer

Runner = Callable[[Exchange], Awaitable[Answer]]
"""What answers an operation, once everything else is judged."""

_PREFERENCE = re.compile(r'(\w+)\s*=\s*"?([^",;\s]+)"?')


def runner(world: World, operation: Operation) -> Runner:
    """Bind *operation* to its handler, or to the document's examples."""
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
