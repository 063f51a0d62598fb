"""Refusals and bugs, rendered in the envelope of the system that they concern."""

import logging
import traceback
from dataclasses import replace

from watchword.domain.refusal import InternalFailure, Refusal
from watchword.edge.exchange import Exchange
from watchword.edge.mock.refusals import GivenAnswer, declared_answer
from watchword.system import Answer

_errors = logging.getLogger("watchword.error")


def rendered(exchange: Exchange, refusal: Refusal) -> Answer:
    """
    Render *refusal* as the exchange's system does, and note it there.

    Without a system, the one with the nearest paths does.
    """
    if isinstance(refusal, GivenAnswer):
        return refusal.answer
    # Its frames refer to the exchange, which refers to it: the request would stay in memory.
    api, exchange.refusal = exchange.api, refusal.with_traceback(None)
    if exchange.system is None:
        exchange.system = api.system_at(exchange.path) or next(iter(api.systems.values()))
    system, answer = exchange.system, None
    if system.handlers is None:
        declared = api.declared_refusals(system.name, exchange.operation, exchange.path)
        answer = declared_answer(declared, refusal, exchange.headers.get("accept", ""))
    if answer is None:
        answer = system.render(refusal, exchange.settings)
    if not refusal.headers and not refusal.delay:
        return answer
    return replace(answer, headers={**refusal.headers, **answer.headers}, delay=refusal.delay or answer.delay)


def internal_failure(exchange: Exchange, error: Exception) -> Refusal:
    """Log where a bug is, without its message, which may quote a secret; return the refusal to answer."""
    reference = f"{exchange.sandbox.clock.now():%H%M%S}-{id(exchange) & 0xFFFF:04x}"
    frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
    _errors.error("internal error %s: %s\n%s", reference, type(error).__name__, frames)
    return InternalFailure(reference)
