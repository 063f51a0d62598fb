"""
The requests of one sandbox, sent again to both sides in their order.

What the journal does not show is chosen so that BASE answers as recorded: the same status and code, by the same rules,
with the same values compared. HEAD then gets the same, each secret from its own answers and messages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from watchword.domain.refusal import Refusal
from watchword.edge.replaying import SentRequest
from watchword.review.behaviour_diff.knobs import Setting
from watchword.review.use_diff.again import Cannot, Star, find_renamed, find_stars, write_request
from watchword.review.use_diff.answers import difference
from watchword.review.use_diff.causes import Causes
from watchword.review.use_diff.controls import PASSWORD, RESET, apply
from watchword.review.use_diff.filling import Filler, Issued, Known, Lane, Literal
from watchword.review.use_diff.likeness import Quality, compare_rules, moment_of
from watchword.review.use_diff.recorded import REST, Recorded
from watchword.review.use_diff.stage import Acted
from watchword.sandbox import Sandbox

_ANOTHER = "is decided otherwise by BASE, whatever stands for what is not shown"


@dataclass(frozen=True)
class Played:
    """
    What came of sending a request again.

    Args:
        base, head: The answers; None if it could not be sent, or BASE does not answer it as recorded.
        why_not: Why it could not, half a sentence; empty if it could.
        differs: In what the answers differ; ``status``, or a place and what is there; empty if they do not.
        cause: The setting that makes them differ; None if no single one does.
    """

    base: Acted | None = None
    head: Acted | None = None
    why_not: str = ""
    differs: str = ""
    cause: Setting | None = None


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
        causes: Knows the sides, and finds what makes their answers differ.
        first: The first of them.
    """

    def __init__(self, causes: Causes, first: Recorded) -> None:
        self._base, self._head, self._causes = causes.base, causes.head, causes
        self._begin(first)

    def _begin(self, first: Recorded) -> None:
        """Begin with the seed data."""
        self._lane = Lane(self._base.fresh(first.received_at))
        self._fresh = self._head.fresh(first.received_at)
        self._other = Lane(self._fresh)
        self._done: list[tuple[Recorded, _Fit | None]] = []
        self._before: list[Recorded] = []
        self._sent: list[str] = []
        self._renamed: dict[str, Issued] = {}

    def control(self, call: Recorded) -> None:
        """Make a call of the control API on both sides."""
        if call.operation == RESET:
            self._begin(call)
            return
        self._lane = replace(self._lane, sandbox=apply(self._base, self._lane.sandbox, call))
        self._other = replace(self._other, sandbox=apply(self._head, self._other.sandbox, call))
        self._done.append((call, None))
        self._sent.append(PASSWORD)

    def play(self, request: Recorded) -> Played:
        """Send the next request to both sides."""
        if request.protocol != REST:
            return Played(why_not=f"is spoken over {request.protocol}")
        try:
            fit = self._fit(request)
            if fit is None or not fit.is_perfect:
                fit = self._fit_anew(request) or fit
        except Cannot as cannot:
            return Played(why_not=str(cannot))
        except Refusal:
            return Played(why_not="cannot be written again")
        if fit is None:
            return Played(why_not=_ANOTHER)
        played = self._compare(request, fit)
        return played if fit.is_perfect else Played(why_not=_ANOTHER)

    def _fit_anew(self, request: Recorded) -> _Fit | None:
        """Try it in a sandbox that was reset just before, as tests do it; unless that is it, go on as before."""
        kept = dict(vars(self))
        self._begin(request)
        fit = self._fit(request)
        if fit is not None and fit.is_perfect:
            return fit
        vars(self).update(kept)
        return None

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
        written = self._written_for_head(request, fit)
        before = self._lane.sandbox, self._other.sandbox
        head = None if written is None else self._head.act(written, before[1], moment_of(request))
        self._go_on(request, fit)
        if written is None or head is None:
            self._adopt()
            return Played(why_not="cannot be written again for HEAD")
        self._other = Lane(head.sandbox, [*self._other.answers, head.answer])
        entries = fit.acted.entry, head.entry
        differs = difference(*entries)
        if differs and (entries[0].changed or entries[1].changed):
            self._adopt()
        cause = self._causes.find(entries, before, partial(self._with, written, before[1])) if differs else None
        return Played(fit.acted, head, differs=differs, cause=cause)

    def _written_for_head(self, request: Recorded, fit: _Fit) -> SentRequest | None:
        """Write a request for HEAD; if it has nothing for a star, for example because it issued no token, as BASE."""
        written = write_request(request, fit.stars, fit.fillers, self._other, self._renamed)
        if written is not None:
            return written
        self._adopt()
        return write_request(request, fit.stars, fit.fillers, self._other, self._renamed)

    def _go_on(self, request: Recorded, fit: _Fit) -> None:
        """Let BASE be as it is after a request."""
        self._renamed.update(find_renamed(request.answer, fit.acted.entry.answer, len(self._before)))
        self._before.append(fit.acted.entry)
        self._done.append((request, fit))
        if request.is_success:
            self._sent[:0] = [one.text for one in fit.fillers if isinstance(one, Literal)]
        self._lane = Lane(fit.acted.sandbox, [*self._lane.answers, fit.acted.answer])

    def _with(self, written: SentRequest, sandbox: Sandbox, setting: Setting) -> Iterator[Acted | None]:
        """
        Yield what HEAD answers to the newest request with a setting as BASE has it.

        Args:
            written: The request.
            sandbox: As it was before.
        """
        tuned = self._head.tune(sandbox, setting.system, setting.patch)
        yield self._head.act(written, tuned, moment_of(self._done[-1][0]))
        yield self._from_the_beginning(setting)

    def _from_the_beginning(self, setting: Setting) -> Acted | None:
        lane, acted = Lane(self._head.tune(self._fresh, setting.system, setting.patch)), None
        for request, fit in self._done:
            if fit is None:
                lane = replace(lane, sandbox=apply(self._head, lane.sandbox, request))
                continue
            written = write_request(request, fit.stars, fit.fillers, lane, self._renamed)
            acted = None if written is None else self._head.act(written, lane.sandbox, moment_of(request))
            if acted is None:
                return None
            lane = Lane(acted.sandbox, [*lane.answers, acted.answer])
        return acted

    def _adopt(self) -> None:
        """
        Let HEAD go on from where BASE is.

        What is answered otherwise leaves another state behind; the requests after it are judged as if it were the same,
        or each of them would be told for the first one's reason.
        """
        self._other = Lane(self._head.adopt(self._lane.sandbox, self._other.sandbox), list(self._lane.answers))
