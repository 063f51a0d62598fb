"""A function over a transaction, run again until what it read is still true at its end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.system import Call, hashes

T = TypeVar("T")


def perform(exchange: Exchange, step: Callable[[Call], T]) -> T:
    """
    Run *step* in a transaction and keep what it did.

    A returned refusal is kept and raised; a raised one leaves nothing behind, but it too
    counts only if what it judged is still so.
    After a step that only read, the next one goes on in the same transaction.

    Raises:
        Refusal: The step said no, or what it did could not be kept.
    """
    while True:
        call, exchange.begun = exchange.begun, None
        if call is None:
            call = exchange.call()
        else:
            exchange.renew(call)
        try:
            result = step(call)
        except Refusal as refusal:
            call.tx.abandon()
            if call.tx.commit():
                raise refusal from None
            continue
        if not call.tx.writes and not call.outbox.drafts:
            if call.tx.commit():
                exchange.begun = call
                break
            continue
        system = exchange.system.name if exchange.system else ""
        if exchange.sandbox.keep(call.tx, call.outbox.drafts, system=system, now=call.now):
            break
    if isinstance(result, Refusal):
        raise result
    return result


async def perform_hashing(exchange: Exchange, step: Callable[[Call], T]) -> T:
    """
    As `perform`, in a thread if hashes are expensive and *step* may compute one.

    Raises:
        Refusal: The step said no.
    """
    if hashes(step) and exchange.world.sandboxes.hasher.profile.expensive:
        return await asyncio.to_thread(perform, exchange, step)
    return perform(exchange, step)
