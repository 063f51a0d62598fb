"""A function over a transaction, run again until what it read is still true at its end."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from watchword.domain import digests
from watchword.domain.hashing import NotComputed
from watchword.domain.outbox import Outbox
from watchword.domain.refusal import Refusal
from watchword.edge.exchange import Exchange
from watchword.system import Call

T = TypeVar("T")


def perform(exchange: Exchange, step: Callable[[Call], T], *, last: bool = True) -> T:
    """
    Run *step* in a transaction and keep what it did.

    A returned refusal is kept and raised; a raised one leaves nothing behind, but it too
    counts only if what it judged is still so.

    Args:
        last: False: if it only reads, the next step goes on in the same transaction, and what it read has to
            be true at the end of that.

    Raises:
        Refusal: The step said no, or what it did could not be kept.
        NotComputed: The step needs digests that take long; nothing was kept, run it again with them.
    """
    while True:
        call, exchange.begun = exchange.begun, None
        if call is None:
            call = exchange.call()
        try:
            result = step(call)
        except Refusal as refusal:
            call.tx.abandon()
            if call.tx.commit():
                raise refusal from None
            continue
        except NotComputed:
            # What was read so far has to be true at the end of the next try too.
            call.tx.abandon()
            call.outbox = Outbox()
            exchange.begun = call
            raise
        if call.tx.writes or call.outbox.drafts:
            system = exchange.system.name if exchange.system else ""
            if not exchange.sandbox.keep(call.tx, call.outbox.drafts, system=system, now=call.now):
                continue
        elif last:
            if not call.tx.commit():
                continue
        else:
            exchange.begun = call
        break
    if not last:
        exchange.chance.settle()
    if isinstance(result, Refusal):
        raise result
    return result


async def performed(exchange: Exchange, step: Callable[[Call], T]) -> T:
    """
    As `perform`; digests that take long are computed in threads, side by side, and then *step* runs again.

    Raises:
        Refusal: The step said no, or what it did could not be kept.
    """
    while True:
        try:
            return perform(exchange, step)
        except NotComputed as error:
            wanted = error.wanted
        loop, threads = asyncio.get_running_loop(), exchange.world.hash_threads
        computing = [
            loop.run_in_executor(threads, digests.computed, one.candidate.plain, one.settings) for one in wanted
        ]
        for one, digest in zip(wanted, await asyncio.gather(*computing), strict=True):
            one.candidate.learn(one.settings, digest)
        exchange.renew()
