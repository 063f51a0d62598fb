"""The innermost step: the handler of an operation, or the document's examples."""

import inspect
from collections.abc import Awaitable, Callable
from typing import Any

from watchword.document import Operation
from watchword.edge.disconnect import while_connected
from watchword.edge.exchange import Exchange
from watchword.edge.faults import replace_later
from watchword.edge.mock.prefer import usual_answer, wished_answer
from watchword.edge.mock.wishes import Wishes
from watchword.edge.served_api import ServedApi
from watchword.system import Answer

Runner = Callable[[Exchange], Awaitable[Answer]]
"""Answers an operation, once every check before the handler has passed."""


def runner(api: ServedApi, operation: Operation) -> Runner:
    """Bind *operation* to its handler, or to the document's examples."""
    handler: Any = api.handlers.get(operation.id)
    if handler is None:
        offered = api.example_answers[operation.id]

        async def from_document(exchange: Exchange) -> Answer:
            return usual_answer(offered, exchange.wishes, exchange.headers.get("accept", ""))

        return from_document
    return _unless_wished(api, operation, _handled(handler))


def _handled(handler: Any) -> Runner:
    if inspect.iscoroutinefunction(handler):

        async def awaiting(exchange: Exchange) -> Answer:
            answering = exchange.work.run_awaiting(handler, exchange.new_call)
            return await (answering if exchange.receive is None else while_connected(exchange.receive, answering))

        return awaiting
    return lambda exchange: exchange.work.run_with_hashing(handler, exchange.new_call)


def _unless_wished(api: ServedApi, operation: Operation, handled: Runner) -> Runner:
    """Let the document answer where a client asks for a declared answer: instead of the handler, or after it."""

    async def wished(exchange: Exchange, wishes: Wishes) -> Answer:
        exchange.from_document = True
        preferred = wished_answer(api.declared_answers(operation), wishes, exchange.headers.get("accept", ""))
        if preferred.answer is not None and not wishes.when_after:
            return preferred.answer
        exchange.from_document = False
        replace_later(exchange, preferred)
        return await handled(exchange)

    return lambda exchange: handled(exchange) if exchange.wishes is None else wished(exchange, exchange.wishes)
