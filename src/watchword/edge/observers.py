"""Who is told about every request: the access log, audits, the journal, tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.types import Scope

from watchword.domain.clock import Ticks
from watchword.edge.exchange import Exchange
from watchword.system import Answer

Observer = Callable[[Exchange, Answer, Sequence[str]], None]
"""Gets an exchange, its answer, and in what the answer differs from the document."""

RefusalObserver = Callable[[str, str, Answer], None]
"""Gets method, path and answer of a request that was refused before it had a sandbox, and so an exchange."""

AbortObserver = Callable[[Exchange], None]
"""Gets an exchange whose client hung up before it was answered."""

PreflightObserver = Callable[[Scope, int, Mapping[str, str]], None]
"""Gets what a browser asks before a page's request, with status and headers of the answer."""


@dataclass(frozen=True)
class Observers:
    """
    Everybody who is told.

    Args:
        finished: Are told about every finished exchange, in this order.
        refused: Are told about requests that are refused before there is an exchange.
        aborted: Are told about exchanges that are not answered, because the client hung up.
        record_rules: Whether they want to know which rules were asked.
        ticks: Tells when a request arrived, in real time; None if nobody wants to know.
        explain: Gives the path of the explanation of a refusal that is about to be told; None if there are none.
        explain_refused: The same for a request without an exchange, from the path of our address and its own; empty if
            this one is not explained.
    """

    finished: Sequence[Observer] = ()
    refused: Sequence[RefusalObserver] = ()
    aborted: Sequence[AbortObserver] = ()
    record_rules: bool = False
    ticks: Callable[[], Ticks] | None = None
    explain: Callable[[Exchange], str] | None = None
    explain_refused: Callable[[str, str], str] | None = None


NOBODY = Observers()
