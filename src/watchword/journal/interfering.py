"""What armed faults and wishes did to an answer: they replaced it, lost it, or held it up."""

from dataclasses import dataclass
from datetime import timedelta

from watchword.edge.exchange import Exchange
from watchword.edge.mock.wishes import TWIN
from watchword.sandbox.fault_words import name_fault, tell_fault
from watchword.sandbox.faults import Cut

_BROKE = {
    Cut.EMPTY_RESPONSE: "closed the connection",
    Cut.MALFORMED_RESPONSE_CHUNK: "broke the answer off",
    Cut.RANDOM_DATA_THEN_CLOSE: "sent random data and closed the connection",
    Cut.CONNECTION_RESET_BY_PEER: "reset the connection",
}


@dataclass(frozen=True, slots=True)
class Interfered:
    """
    What was done to an answer, in sentences.

    Args:
        replaced: What armed fault gave another answer, half a sentence; empty if none did.
        lost: Why there was no answer; empty if there was one.
        delayed: How long it was held up, and by what; empty if it was not.
    """

    replaced: str = ""
    lost: str = ""
    delayed: str = ""


def tell_interference(exchange: Exchange) -> Interfered:
    """Say what faults and wishes did to an answer."""
    return Interfered(_tell_replaced(exchange), _tell_lost(exchange), _tell_delay(exchange))


def _tell_replaced(exchange: Exchange) -> str:
    armed = None if exchange.interference is None else exchange.interference.deciding
    return "" if armed is None else f"a fault was armed for {tell_fault(armed.plan)} ({armed.id})"


def _tell_lost(exchange: Exchange) -> str:
    found = exchange.interference
    if found is None or found.cut is None:
        return ""
    who = _wish(exchange) if found.deciding is None else name_fault(found.deciding)
    moment = "after the request was handled" if found.after else "before the request was handled"
    return f"No answer: {who} {_BROKE[found.cut]} {moment}."


def _tell_delay(exchange: Exchange) -> str:
    found = exchange.interference
    if found is None or exchange.hurried or not found.delay:
        return ""
    by = [name_fault(one) for one in found.faults if one.plan.fault.delay is not None]
    if exchange.wishes is not None and exchange.wishes.delay is not None:
        by.append(_wish(exchange))
    return f"The answer was held up for {_shown(found.delay)} by {' and '.join(by)}."


def _wish(exchange: Exchange) -> str:
    """Name where the request itself asked for it."""
    twins = ", ".join(f"{TWIN}{name}" for name, _ in exchange.twins)
    return twins or "the header Prefer"


def _shown(delay: timedelta) -> str:
    seconds = delay.total_seconds()
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
