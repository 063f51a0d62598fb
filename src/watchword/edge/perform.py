"""A function over a transaction, run again until what it read is still true at its end."""

from collections.abc import Callable
from typing import TypeVar

from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.system import Call

T = TypeVar("T")


def perform(exchange: Exchange, step: Callable[[Call], T]) -> T:
    """
    Run *step* in a transaction and keep what it did.

    A returned refusal is kept and raised; a raised one leaves nothing behind, but it too
    counts only if what it judged is still so.

    Raises:
        Refusal: The step said no.
    """
    while True:
        call = exchange.call()
        try:
            result = step(call)
        except Refusal as refusal:
            call.tx.abandon()
            if call.tx.commit():
                raise refusal from None
            continue
        if call.tx.commit():
            break
    if call.outbox.drafts:
        system = exchange.system
        exchange.sandbox.postbox.post(call.outbox.drafts, system=system.name if system else "", now=call.now)
    if isinstance(result, Refusal):
        raise result
    return result
