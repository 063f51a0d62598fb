"""In which order, one after the other, does the stand-in answer as a server did that got all calls at once?"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from watchword.contract.driver import Reply
from watchword.contract.in_step import advance
from watchword.contract.lane import Lane
from watchword.contract.oracle import Oracle
from watchword.contract.steps import Call, Step
from watchword.domain.clock import Elapsed

_MOST_CALLS, _LONGEST = 1_000, timedelta(seconds=30)
"""Of the stand-in, in one search, and how long they may take together."""
Answers = Counter[tuple[int, str]]
"""How often each call, by its number, was answered in which way."""


class OutOfBound(Exception):
    """No order was found in the time that a search has."""


class SerialOrders:
    """
    The orders of some calls, which everybody makes as often as he was answered.

    An answer that leaves no mark can be given at any time at which it is right, so all calls with that answer are taken
    at once; only calls that leave a mark have to be tried in each other's place.

    Args:
        prepared: What was done before.
        tell: Says in what answers have to be alike.
        elapsed: How long the search has taken.
    """

    def __init__(
        self,
        oracle: Oracle,
        prepared: Sequence[Step],
        calls: Sequence[Call],
        tell: Callable[[Reply], str],
        *,
        elapsed: Elapsed,
    ) -> None:
        self._oracle, self._prepared, self._calls, self._tell = oracle, prepared, calls, tell
        self._lane = Lane(oracle.driver, oracle.operations)
        self._stands: tuple[int, ...] | None = None
        self._left, self._elapsed = _MOST_CALLS, elapsed

    def find(self, answers: Answers) -> tuple[int, ...] | None:
        """
        Find the calls that leave a mark, in an order that explains all answers; None if there is no such order.

        Raises:
            OutOfBound: There are too many, or it has taken too long.
        """
        return self._search((), Counter(answers))

    def answers_in_turn(self, times: int) -> Answers:
        """
        Give the answers if all calls are made in turn, each *times* times.

        Raises:
            OutOfBound: The search has left no time for that.
        """
        self.stand_at(())
        self._stands = None
        return Counter(
            (number, self._tell(self._lane.send(call))) for number, call in list(enumerate(self._calls)) * times
        )

    def stand_at(self, order: tuple[int, ...]) -> None:
        """
        Bring the stand-in to where it is after these calls.

        Raises:
            OutOfBound: The search has left no time for that.
        """
        if self._stands == order:
            return
        self._oracle.begin()
        self._lane = Lane(self._oracle.driver, self._oracle.operations)
        for step in (*self._prepared, *(self._calls[number] for number in order)):
            self._spend()
            advance(self._lane, step)
        self._stands = order

    def _search(self, order: tuple[int, ...], answers: Answers) -> tuple[int, ...] | None:
        marks = []
        for number in sorted({number for number, _ in answers}):
            self.stand_at(order)
            told, left_mark = self._ask(number)
            if not left_mark:
                del answers[number, told]
            elif answers[number, told]:
                marks.append((number, told))
        if not answers:
            return order
        for one in reversed(marks):  # the stand-in is where the last of them has left it
            found = self._search((*order, one[0]), answers - Counter([one]))
            if found is not None:
                return found
        return None

    def _ask(self, number: int) -> tuple[str, bool]:
        """Make a call; gives the answer, and whether it has left a mark."""
        self._spend()
        reply, left_mark = self._oracle.driver.leaves_mark(lambda: self._lane.send(self._calls[number]))
        if left_mark and self._stands is not None:
            self._stands = (*self._stands, number)
        return self._tell(reply), left_mark

    def _spend(self) -> None:
        self._left -= 1
        if self._left < 0 or self._elapsed() > _LONGEST:
            raise OutOfBound
