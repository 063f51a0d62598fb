"""What a proxy has seen, for its verdict: how many requests, and what a gate may forbid in them."""

from collections import Counter
from dataclasses import dataclass, field

from watchword.domain.refusal import TooLarge, TooSlow
from watchword.journal import Captured, Journal
from watchword.journal.coverage import Sample, Tally
from watchword.journal.failures import log_failure
from watchword.journal.findings import Kind, find

VIOLATIONS = frozenset(
    (Kind.UNDOCUMENTED, Kind.UNMATCHED, Kind.MEDIA_TYPE, Kind.WRONG_TYPE, Kind.MISSING, Kind.INVALID, Kind.ANSWER)
)
"""The kinds that are about the document."""


@dataclass
class Record:
    """
    Counts the requests that were forwarded.

    Attributes:
        requests: How many there were.
        refused: How many others were not forwarded, because nobody has read their bodies to the end.
        tally: What was found in them.
        kinds: How often something of each kind was found, also where that is too much to be told apart.
    """

    requests: int = 0
    refused: int = 0
    tally: Tally = field(default_factory=Tally)
    kinds: Counter[str] = field(default_factory=Counter)

    def follow(self, journal: Journal) -> None:
        """Count whatever *journal* notes from now on."""
        journal.on_entry(self._note)

    def _note(self, captured: Captured) -> None:
        exchange = captured.exchange
        self.requests += exchange is not None and exchange.forwarded
        self.refused += exchange is not None and isinstance(exchange.refusal, TooLarge | TooSlow)
        operation = "" if exchange is None or exchange.operation is None else exchange.operation.id
        try:
            found = tuple(dict.fromkeys(find(captured, None)))
        except Exception as error:  # noqa: BLE001  # one request that cannot be looked at must not break another
            log_failure(captured.number, error)
            return
        self.tally.add(Sample(operation, findings=found))
        self.kinds.update(one.kind.value for one in found)
