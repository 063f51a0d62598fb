"""
The requests of one sandbox, sent again to both sides in their order.

What the journal does not show is chosen so that BASE answers as recorded: the same status and code, by the same rules,
with the same values compared. HEAD then gets the same, each secret from its own answers and messages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from watchword.domain.refusal import Refusal
from watchword.review.use_diff.again import Cannot, Star, find_renamed, find_stars, write_request
from watchword.review.use_diff.answers import difference
from watchword.review.use_diff.filling import Filler, Issued, Known, Lane, Literal
from watchword.review.use_diff.likeness import Quality, compare_rules, moment_of
from watchword.review.use_diff.recorded import REST, Recorded
from watchword.review.use_diff.stage import Acted, Stage

_ANOTHER = "is answered otherwise by BASE: its sandbox was changed by other means, or the value is nobody's"


@dataclass(frozen=True)
class Played:
    """
    What came of sending a request again.

    Args:
        base, head: The answers; None if it could not be sent, or BASE does not answer it as recorded.
        why_not: Why it could not, half a sentence; empty if it could.
        differs: In what the answers differ; ``status``, or a place and what is there; empty if they do not.
    """

    base: Acted | None = None
    head: Acted | None = None
    why_not: str = ""
    differs: str = ""


@dataclass(frozen=True)
class _Fit:
    """
    What stands for the stars of a request, and how BASE answers it then.

    Args:
        quality: The greater, the more alike this and the recorded answer are.
    """

    stars: Sequence[Star]
    fillers: Sequence[Filler]
    acted: Acted
    quality: Quality

    @property
    def is_perfect(self) -> bool:
        """Whether nothing can fit better."""
        return self.quality.is_perfect


class Play:
    """
    The requests of one sandbox.

    Args:
        base, head: The sides.
    """

    def __init__(self, base: Stage, head: Stage, first: Recorded) -> None:
        self._base, self._head = base, head
        self._begin(first)

    def _begin(self, first: Recorded) -> None:
        """Begin with the seed data."""
        self._lane = Lane(self._base.fresh(first.received_at))
        self._other = Lane(self._head.fresh(first.received_at))
        self._before: list[Recorded] = []
        self._sent: list[str] = []
        self._renamed: dict[str, Issued] = {}

    def play(self, request: Recorded) -> Played:
        """Send the next request to both sides."""
        if request.protocol != REST:
            return Played(why_not=f"is spoken over {request.protocol}")
        try:
            fit = self._fit(request) or self._fit_anew(request)
        except Cannot as cannot:
            return Played(why_not=str(cannot))
        except Refusal:
            return Played(why_not="cannot be written again")
        return Played(why_not=_ANOTHER) if fit is None else self._compare(request, fit)

    def _fit_anew(self, request: Recorded) -> _Fit | None:
        """Try it in a sandbox that was reset just before, as tests do it; if that is no better, go on as before."""
        kept = dict(vars(self))
        self._begin(request)
        fit = self._fit(request)
        if fit is None:
            vars(self).update(kept)
        return fit

    def _fit(self, request: Recorded) -> _Fit | None:
        """
        Find what stands for the stars: for one after the other whatever gets furthest through the recorded rules.

        Returns:
            None if BASE answers otherwise than recorded, whatever stands for them.
        """
        people = self._base.people(self._lane.sandbox, request.system)
        stars = find_stars(request, Known(people, self._lane, self._before, self._sent))
        if not all(one.fillers for one in stars):
            return None
        best = self._try(request, stars, [one.fillers[0] for one in stars])
        for place in (*range(len(stars)), *range(len(stars))):
            for filler in stars[place].fillers:
                if best is not None and best.is_perfect:
                    return best
                chosen = [one.fillers[0] for one in stars] if best is None else list(best.fillers)
                chosen[place] = filler
                found = self._try(request, stars, chosen)
                if found is not None and (best is None or found.quality > best.quality):
                    best = found
        return best if best is not None and best.acted.told == request.told else None

    def _try(self, request: Recorded, stars: Sequence[Star], fillers: Sequence[Filler]) -> _Fit | None:
        written = write_request(request, stars, fillers, self._lane, self._renamed)
        acted = None if written is None else self._base.act(written, self._lane.sandbox, moment_of(request))
        return None if acted is None else _Fit(stars, fillers, acted, compare_rules(acted, request))

    def _compare(self, request: Recorded, fit: _Fit) -> Played:
        head = self._act_on_head(request, fit)
        if head is None:
            self._adopt()
            head = self._act_on_head(request, fit)
        number = len(self._before)
        self._before.append(fit.acted.entry)
        self._renamed.update(find_renamed(request.answer, fit.acted.entry.answer, number))
        if request.is_success:
            self._sent[:0] = [one.text for one in fit.fillers if isinstance(one, Literal)]
        self._lane = Lane(fit.acted.sandbox, [*self._lane.answers, fit.acted.answer])
        if head is None:
            self._adopt()
            return Played(why_not="cannot be written again for HEAD")
        differs = difference(fit.acted.entry, head.entry)
        self._other = Lane(head.sandbox, [*self._other.answers, head.answer])
        if differs and (fit.acted.entry.changed or head.entry.changed):
            self._adopt()
        return Played(fit.acted, head, differs=differs)

    def _act_on_head(self, request: Recorded, fit: _Fit) -> Acted | None:
        written = write_request(request, fit.stars, fit.fillers, self._other, self._renamed)
        return None if written is None else self._head.act(written, self._other.sandbox, moment_of(request))

    def _adopt(self) -> None:
        """
        Let HEAD go on from where BASE is.

        What is answered otherwise leaves another state behind; the requests after it are judged as if it were the same,
        or each of them would be told for the first one's reason.
        """
        self._other = Lane(self._head.adopt(self._lane.sandbox, self._other.sandbox), list(self._lane.answers))
