"""Refusals and bugs in the envelope of the system that they concern."""

import logging
import traceback
from dataclasses import replace

from watchword.domain.refusal import InternalFailure, Refusal
from watchword.edge.documented import declared
from watchword.edge.exchange import Exchange
from watchword.system import Answer

_errors = logging.getLogger("watchword.error")


def refused(exchange: Exchange, refusal: Refusal) -> Answer:
    """Render *refusal* as the exchange's system does; without one, as the system does whose paths are nearest."""
    world = exchange.world
    if exchange.system is None:
        near = world.nearest.at(exchange.path) or world.nearest.to(exchange.path)
        exchange.system = world.systems[near[0].system] if near else next(iter(world.systems.values()))
    answer = declared(exchange, refusal) or exchange.system.render(refusal)
    if not refusal.headers and not refusal.delay:
        return answer
    return replace(answer, headers={**refusal.headers, **answer.headers}, delay=refusal.delay or answer.delay)


def bug(exchange: Exchange, error: Exception) -> Refusal:
    """Log where a bug is, but not its message: that may quote a secret."""
    reference = f"{exchange.sandbox.clock.now():%H%M%S}-{id(exchange) & 0xFFFF:04x}"
    frames = "".join(traceback.format_tb(error.__traceback__)[-6:])
    _errors.error("internal error %s: %s\n%s", reference, type(error).__name__, frames)
    return InternalFailure(reference)
