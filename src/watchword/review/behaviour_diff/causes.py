"""What makes an answer differ: found by putting single things back, or else by what decided."""

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum, auto

from watchword.contract.in_step import Unplayable
from watchword.contract.steps import Call
from watchword.review.behaviour_diff.changed_answer import Cause, Means
from watchword.review.behaviour_diff.deciders import cause_of_rules
from watchword.review.behaviour_diff.documents import DocumentChanges
from watchword.review.behaviour_diff.knobs import Knob, Several
from watchword.review.behaviour_diff.playing import Observation, Playing, is_ending, words_of

_UNKNOWN = Cause(Means.UNKNOWN, "", "Neither a setting nor the document makes it differ, as far as the sides tell.")

_ENOUGH = 3
"""So many answers that differ alike for one reason speak for all of them."""


class _Effect(Enum):
    """What putting something back does to an answer of HEAD."""

    NONE = auto()
    OTHERWISE = auto()
    """HEAD answers in a third way."""
    AS_BASE = auto()


class Causes:
    """
    Finds what makes the answers of one system differ.

    Args:
        knobs: What can be put back in HEAD.
        changes: Of the documents.
        is_same_program: Whether one program answers on both sides: then it is the document if it is nothing else.
    """

    def __init__(
        self, playing: Playing, knobs: Sequence[Knob], changes: DocumentChanges, *, is_same_program: bool
    ) -> None:
        self._playing, self._knobs, self._changes = playing, tuple(knobs), changes
        self._is_same_program = is_same_program
        self._found: dict[str, list[Cause]] = defaultdict(list)
        """What has made alike answers differ, by their fingerprint."""

    def find(self, observed: Observation) -> Cause:
        """
        Find what makes an answer differ.

        Raises:
            TargetFailed: A side cannot be reached.
        """
        known = self._found[observed.fingerprint]
        if len(known) >= _ENOUGH and len(set(known)) == 1:
            return known[0]
        known.append(self._look(observed))
        return known[-1]

    def _look(self, observed: Observation) -> Cause:
        if self._is_same_program and len(self._knobs) == 1 and self._changes.is_empty:
            return self._knobs[0].cause
        place = self._place(observed.operation)
        removal = self._changes.removal(place)
        if removal is not None:
            return removal
        knob = self._knob(observed)
        if knob is not None:
            return knob.cause
        by_document = self._changes.cause(place, (observed.head, observed.base))
        if self._is_same_program:
            return by_document or self._by_earlier_calls(observed) or _UNKNOWN
        return cause_of_rules(observed, self._playing) or by_document or _UNKNOWN

    def _by_earlier_calls(self, observed: Observation) -> Cause | None:
        """Find a change of the document for an operation that was called before: what it left behind can differ."""
        called = reversed([one.operation for one in observed.steps if isinstance(one, Call)])
        causes = (self._changes.cause(self._place(one), ()) for one in dict.fromkeys(called))
        return next((one for one in causes if one is not None), None)

    def _place(self, operation: str) -> str:
        """Tell the method and the path of an operation, by its id."""
        found = self._playing.oracle.operations[operation]
        return f"{found.method} {found.path}"

    def _knob(self, observed: Observation) -> Knob | None:
        """Find what HEAD answers as BASE without; None if there is nothing."""
        third: list[Knob] = []
        for knob in self._knobs:
            effect = self._effect(observed, knob)
            if effect is _Effect.AS_BASE:
                return knob
            third += [knob] if effect is _Effect.OTHERWISE else []
        return self._several(observed) or next(iter(third), None)

    def _several(self, observed: Observation) -> Several | None:
        """Find what HEAD answers as BASE without only if all of it is put back."""
        needed = self._knobs
        if len(needed) <= 1 or self._effect(observed, Several(needed)) is not _Effect.AS_BASE:
            return None
        for one in self._knobs:
            fewer = tuple(knob for knob in needed if knob is not one)
            if len(fewer) > 1 and self._effect(observed, Several(fewer)) is _Effect.AS_BASE:
                needed = fewer
        return Several(needed)

    def _effect(self, observed: Observation, knob: Knob) -> _Effect:
        """Play the steps of an answer once more, with something put back in HEAD."""
        try:
            met = self._playing.again(observed.steps, knob.put_back)
        except Unplayable:
            return _Effect.NONE
        if met is None or any(words_of(one) == observed.words for one in met):
            return _Effect.NONE
        here = [one for one in met if is_ending(one) or one.place == observed.difference.place]
        return _Effect.OTHERWISE if here else _Effect.AS_BASE
