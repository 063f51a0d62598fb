"""
The requests of one sandbox, sent again to both sides in their order.

What the journal does not show is chosen so that BASE answers as recorded: the same status and code, by the same rules,
with the same values compared. HEAD then gets the same, each secret from its own answers and messages, and lives on with
what it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from watchword.domain.refusal import Refusal
from watchword.review.behaviour_diff.knobs import Setting
from watchword.review.use_diff.again import Cannot, find_renamed, find_stars, write_request
from watchword.review.use_diff.causes import Causes
from watchword.review.use_diff.certainty import Certainties, Certainty
from watchword.review.use_diff.controls import PASSWORD, RESET, apply
from watchword.review.use_diff.filling import Given, Issued, Known, Lane
from watchword.review.use_diff.fitting import Fit, Fitting
from watchword.review.use_diff.likeness import moment_of
from watchword.review.use_diff.pairs import Pair, is_certain
from watchword.review.use_diff.places import Place
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import Acted
from watchword.sandbox import Sandbox

_ANOTHER = "is decided otherwise by BASE, whatever stands for what is not shown"


@dataclass(frozen=True)
class Parting:
    """
    An answer of HEAD that differs, after which the sides are not in the same state.

    Args:
        request: The one that was answered so.
        before, after: What BASE and HEAD answered: status and code.
    """

    request: Recorded
    before: str
    after: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What it has in common with those that are told together."""
        return self.request.operation, self.before, self.after


@dataclass(frozen=True)
class Played:
    """
    What came of sending a request again.

    Args:
        base, head: The answers; None if it could not be sent, or BASE does not answer it as recorded.
        why_not: Why it could not, half a sentence; empty if it could.
        differs: In what the answers differ; ``status``, or a place and what is there; empty if they do not.
        cause: The setting that makes them differ; None if no single one does.
        is_certain: Whether they differ whatever stands for what is not shown.
        is_avoidable: Whether something may have been sent that both sides answer alike.
        follows: The earlier answer that makes them differ; None if they would differ without it.
        known: What is known of each value that is not shown.
    """

    base: Acted | None = None
    head: Acted | None = None
    why_not: str = ""
    differs: str = ""
    cause: Setting | None = None
    is_certain: bool = True
    is_avoidable: bool = False
    follows: Parting | None = None
    known: Mapping[Place, Certainty] = field(default_factory=dict)


@dataclass
class _Stand:
    """
    What has come of the requests so far.

    Args:
        lane: BASE, and what it has answered.
        fresh: HEAD's sandbox, as it began.
        other: HEAD, and what it has answered.
        done: The requests, and calls of the control API, with what stood for their stars.
        before: BASE's entries.
        sent: What clients have chosen, the newest first.
        renamed: What BASE issues in the place of values that were recorded.
        partings: The answers of HEAD that differ, and have left it in another state.
    """

    lane: Lane
    fresh: Sandbox
    other: Lane
    done: list[tuple[Recorded, Fit | None]] = field(default_factory=list)
    before: list[Recorded] = field(default_factory=list)
    sent: list[Given] = field(default_factory=list)
    renamed: dict[str, Issued] = field(default_factory=dict)
    partings: list[Parting] = field(default_factory=list)


class Play:
    """
    The requests of one sandbox.

    Args:
        causes: Knows the sides, and finds what makes their answers differ.
        certainties: Finds out what is known of values that are not shown.
        first: The first of them.
    """

    def __init__(self, causes: Causes, certainties: Certainties, first: Recorded) -> None:
        self._base, self._head, self._causes = causes.base, causes.head, causes
        self._certainties = certainties
        self._stand = self._begin(first)

    def _begin(self, first: Recorded) -> _Stand:
        """Begin with the seed data."""
        fresh = self._head.fresh(first.received_at)
        return _Stand(Lane(self._base.fresh(first.received_at)), fresh, Lane(fresh))

    def control(self, call: Recorded) -> None:
        """Make a call of the control API on both sides."""
        if call.operation == RESET:
            self._stand = self._begin(call)
            return
        stand = self._stand
        stand.lane = replace(stand.lane, sandbox=apply(self._base, stand.lane.sandbox, call))
        stand.other = replace(stand.other, sandbox=apply(self._head, stand.other.sandbox, call))
        stand.done.append((call, None))
        stand.sent.append(Given(PASSWORD))

    @property
    def has_faults(self) -> bool:
        """Whether a fault is armed in BASE."""
        return bool(self._stand.lane.sandbox.faults)

    def play(self, request: Recorded) -> Played:
        """Send the next request to both sides."""
        try:
            fitting = self._fitting(request)
            fit = fitting.best()
            if fit is None or not fit.is_perfect:
                fitting, fit = self._fit_anew(request) or (fitting, fit)
        except Cannot as cannot:
            return Played(why_not=str(cannot))
        except Refusal:
            return Played(why_not="cannot be written again")
        if fit is None:
            return Played(why_not=_ANOTHER)
        played = self._compare(fitting, fit)
        return played if fit.is_perfect else Played(why_not=_ANOTHER)

    def _fit_anew(self, request: Recorded) -> tuple[Fitting, Fit] | None:
        """Try it in a sandbox that was reset just before, as tests do it; unless that is it, go on as before."""
        kept, fit = self._stand, None
        try:
            self._stand = self._begin(request)
            fitting = self._fitting(request)
            fit = fitting.best()
            return (fitting, fit) if fit is not None and fit.is_perfect else None
        finally:
            if fit is None or not fit.is_perfect:
                self._stand = kept

    def _fitting(self, request: Recorded) -> Fitting:
        people = self._base.people(self._stand.lane.sandbox, request.system)
        stars = find_stars(request, Known(people, self._stand.lane, self._stand.before, self._stand.sent))
        return Fitting(self._base, request, stars, self._stand.lane, self._stand.renamed)

    def _compare(self, fitting: Fitting, fit: Fit) -> Played:
        request = fitting.request
        pair = self._ask_head(request, fit)
        if pair is None:
            self._go_on(request, fit)
            self._adopt()
            return Played(why_not="cannot be written again for HEAD")
        known = self._certainties.of(fitting, fit) if fit.is_perfect else ()
        tried = [pair, *(self._others(fitting, fit, known) if pair.differs else ())]
        best = max((one for one in tried if one.fit.keeps_known(fit)), key=lambda one: one.likeness)
        played = self._judge(request, tried, known)
        self._go_on(request, best.fit)
        self._stand.other = Lane(best.head.sandbox, [*self._stand.other.answers, best.head.answer])
        if best.leaves_another_state and played.follows is None:
            self._stand.partings.append(Parting(request, best.base.told, best.head.told))
        return played

    def _ask_head(self, request: Recorded, fit: Fit) -> Pair | None:
        """
        Send a request to HEAD.

        What HEAD cannot be sent, because it issued no token for example, ends its own way: no client could go on. Then
        it is put where BASE is, so that the rest of the requests says something, too.
        """
        pair = self._ask(request, fit, self._stand.other)
        if pair is None:
            self._adopt()
            pair = self._ask(request, fit, self._stand.other)
        return pair

    def _ask(self, request: Recorded, fit: Fit, lane: Lane) -> Pair | None:
        written = write_request(request, fit.stars, fit.fillers, lane, self._stand.renamed)
        acted = None if written is None else self._head.act(written, lane.sandbox, moment_of(request))
        return None if written is None or acted is None else Pair(fit, written, acted)

    def _others(self, fitting: Fitting, fit: Fit, known: Sequence[Certainty]) -> Iterator[Pair]:
        """Send HEAD what may have been sent as well, first for what is made up, up to what both sides answer alike."""
        open_places = [place for place, one in enumerate(known) if one is not Certainty.EVERYTHING]
        for place in sorted(open_places, key=fit.is_made_up, reverse=True):
            best = None
            for _, other in fitting.made_up(fit, place):
                pair = self._ask(fitting.request, other, self._stand.other)
                if pair is None:
                    continue
                yield pair
                if not pair.differs:
                    return
                best = pair if best is None or pair.likeness > best.likeness else best
            fit = best.fit if best is not None and fit.is_made_up(place) else fit

    def _judge(self, request: Recorded, tried: Sequence[Pair], known: Sequence[Certainty]) -> Played:
        """Say what came of a request that both sides have got, with each of the values that may have been sent."""
        likely = [one for one in tried if one.fit.keeps_known(tried[0].fit)]
        told = max((one for one in likely if one.differs), key=lambda one: one.likeness, default=tried[0])
        places = {star.place: one for star, one in zip(told.fit.stars, known, strict=False)}
        played = Played(told.base, told.head, known=places)
        if not told.differs:
            return played
        follows, sandboxes = self._find_origin(request, told.fit), (self._stand.lane.sandbox, self._stand.other.sandbox)
        entries = told.base.entry, told.head.entry
        return replace(
            played,
            differs=told.differs,
            cause=self._causes.find(entries, sandboxes, follows and follows.key, partial(self._with, request, told)),
            is_certain=is_certain(told, tried, known),
            is_avoidable=any(not one.differs for one in likely),
            follows=follows,
        )

    def _find_origin(self, request: Recorded, fit: Fit) -> Parting | None:
        """Find the earlier answer without which a request would be answered alike: HEAD does so where BASE is."""
        stand = self._stand
        if not stand.partings:
            return None
        there = Lane(self._head.adopt(stand.lane.sandbox, stand.other.sandbox), stand.lane.answers)
        pair = self._ask(request, fit, there)
        if pair is None or pair.differs:
            return None
        theirs = [one for one in stand.partings if {*one.request.people} & {*request.people}]
        return (theirs or stand.partings)[-1]

    def _go_on(self, request: Recorded, fit: Fit) -> None:
        """Let BASE be as it is after a request."""
        stand = self._stand
        stand.renamed.update(find_renamed(request.answer, fit.acted.entry.answer, len(stand.before)))
        stand.before.append(fit.acted.entry)
        stand.done.append((request, fit))
        if request.is_success or request.changed:
            stand.sent[:0] = [Given(one, request.people) for one in fit.literals]
        stand.lane = Lane(fit.acted.sandbox, [*stand.lane.answers, fit.acted.answer])

    def _with(self, request: Recorded, told: Pair, setting: Setting) -> Iterator[Acted | None]:
        """Yield what HEAD answers to the newest request with a setting as BASE has it."""
        tuned = self._head.tune(self._stand.other.sandbox, setting.system, setting.patch)
        yield self._head.act(told.written, tuned, moment_of(request))
        yield self._from_the_beginning(setting, [*self._stand.done, (request, told.fit)])

    def _from_the_beginning(self, setting: Setting, done: Sequence[tuple[Recorded, Fit | None]]) -> Acted | None:
        lane, acted = Lane(self._head.tune(self._stand.fresh, setting.system, setting.patch)), None
        for request, fit in done:
            if fit is None:
                lane = replace(lane, sandbox=apply(self._head, lane.sandbox, request))
                continue
            pair = self._ask(request, fit, lane)
            if pair is None:
                return None
            acted = pair.head
            lane = Lane(acted.sandbox, [*lane.answers, acted.answer])
        return acted

    def _adopt(self) -> None:
        """Put HEAD where BASE is."""
        stand = self._stand
        stand.other = Lane(self._head.adopt(stand.lane.sandbox, stand.other.sandbox), list(stand.lane.answers))
        stand.partings = []
