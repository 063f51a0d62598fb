"""What faults and wishes do to one request, as it is decided step by step."""

from dataclasses import dataclass
from datetime import timedelta

from watchword.sandbox.faults import ArmedFault, Cut, Effect
from watchword.system import Answer

_NOTHING = timedelta(0)


@dataclass(slots=True)
class Interference:
    """
    What faults and wishes do to one request.

    Args:
        delay_before: How long to wait before the request is handled, in real time.
        delay_after: The same before its answer is sent.
        faults: The armed faults that hit the request, oldest first.
        ending: What replaces or loses the answer; None if the answer stays.
        after: Whether that happens once the request is handled.
        instead: The answer that the client wishes once the request is handled; an armed fault comes before it.
        applied: Wishes that are fulfilled and not told elsewhere, as ``Preference-Applied`` writes them.
        cut: How the connection breaks, once that is certain: no answer is sent.
        garbage: The random data of such a break.
        delay: How long the request and its answer wait altogether, in real time.
    """

    delay_before: timedelta = _NOTHING
    delay_after: timedelta = _NOTHING
    faults: tuple[ArmedFault, ...] = ()
    ending: Effect | None = None
    after: bool = False
    decider: str = ""
    instead: Answer | None = None
    applied: tuple[str, ...] = ()
    cut: Cut | None = None
    garbage: bytes = b""
    delay: timedelta = _NOTHING

    @property
    def fault(self) -> str:
        """The id of the armed fault that decided the answer, or else of the first one that delayed it; or empty."""
        return self.decider or next((one.id for one in self.faults), "")

    @property
    def fault_ids(self) -> tuple[str, ...]:
        """The ids of all armed faults that hit the request, the one that decided its answer first."""
        return tuple(dict.fromkeys((*filter(None, (self.decider,)), *(one.id for one in self.faults))))

    @property
    def deciding(self) -> ArmedFault | None:
        """The armed fault that decided the answer; None if none did."""
        return next((one for one in self.faults if one.id == self.decider), None)

    @property
    def decides(self) -> bool:
        """Whether an armed fault, and not the operation, decided the answer."""
        return bool(self.decider)

    def add_delay(self, delay: timedelta, *, after: bool) -> None:
        """Let the request take longer."""
        self.delay += delay
        if after:
            self.delay_after += delay
        else:
            self.delay_before += delay

    def end(self, effect: Effect, *, after: bool, decider: str = "") -> None:
        """
        Replace or lose the answer.

        Args:
            decider: The id of the armed fault; empty for a wish.
        """
        self.ending, self.after, self.decider = effect, after, decider
