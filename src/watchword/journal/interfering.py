"""What armed faults and wishes did to an answer besides replacing it: they lost it, or held it up."""

from dataclasses import dataclass
from datetime import timedelta

from watchword.edge.exchange import Exchange
from watchword.edge.mock.wishes import TWIN
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
        lost: Why there was no answer; empty if there was one.
        delayed: How long it was held up, and by what; empty if it was not.
    """

    lost: str = ""
    delayed: str = ""


def tell_interference(exchange: Exchange) -> Interfered:
    """Say what faults and wishes did to an answer."""
    return Interfered(_tell_lost(exchange), _tell_delay(exchange))


def _tell_lost(exchange: Exchange) -> str:
    found = exchange.interference
    if found is None or found.cut is None:
        return ""
    who = found.decider or _wish(exchange)
    moment = "after the request was handled" if found.after else "before the request was handled"
    return f"No answer: {who} {_BROKE[found.cut]} {moment}."


def _tell_delay(exchange: Exchange) -> str:
    found = exchange.interference
    if found is None or exchange.hurried or not found.delay:
        return ""
    by = [one.id for one in found.faults if one.plan.fault.delay is not None]
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
