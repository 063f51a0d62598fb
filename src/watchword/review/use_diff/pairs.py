"""A request as both sides have answered it, and whether the answers depend on what the journal does not show."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from watchword.domain.refusal import Violation
from watchword.edge.replaying import SentRequest
from watchword.review.use_diff.answers import difference
from watchword.review.use_diff.certainty import Certainty
from watchword.review.use_diff.filling import Literal
from watchword.review.use_diff.fitting import Fit
from watchword.review.use_diff.likeness import compare_rules
from watchword.review.use_diff.places import Place, generalised
from watchword.review.use_diff.stage import Acted

_LENGTHS = ("minLength", "maxLength")


@dataclass(frozen=True)
class Pair:
    """
    A request, and both answers.

    Args:
        fit: What stood for its stars, and BASE's answer.
        written: As HEAD got it.
        head: HEAD's answer.
    """

    fit: Fit
    written: SentRequest
    head: Acted

    @property
    def base(self) -> Acted:
        """BASE's answer."""
        return self.fit.acted

    @cached_property
    def differs(self) -> str:
        """In what the answers differ; empty if in nothing."""
        return difference(self.base.entry, self.head.entry)

    @property
    def leaves_another_state(self) -> bool:
        """Whether the answers differ, and one of them came with a change."""
        return bool(self.differs) and (self.base.entry.changed or self.head.entry.changed)

    @property
    def likeness(self) -> tuple[object, ...]:
        """The greater, the more alike the answers are."""
        return not self.differs, compare_rules(self.head, self.base.entry), -len(self.head.entry.violations)


def is_certain(told: Pair, tried: Sequence[Pair], known: Sequence[Certainty]) -> bool:
    """
    Whether answers differ whatever was sent.

    Args:
        told: The answers.
        tried: Those to everything that may have been sent, as far as it was tried.
        known: What is known of each star.
    """
    if any(not one.differs for one in tried):
        return False
    places = {star.place: one for star, one in zip(told.fit.stars, known, strict=False)}
    if told.head.violations:
        return any(_is_settled(one, places) for one in told.head.violations)
    unknown = [place for place, one in enumerate(known) if one is Certainty.NOTHING]
    return len({one.head.told for one in tried}) == 1 and all(len(_lengths(tried, one)) > 1 for one in unknown)


def _is_settled(found: Violation, known: dict[Place, Certainty]) -> bool:
    """Whether something in a request does not fit a document, whatever is not shown."""
    certainty = known.get(Place(found.where, generalised(found.path)), Certainty.EVERYTHING)
    return certainty is Certainty.EVERYTHING or (certainty is Certainty.LENGTH and found.kind in _LENGTHS)


def _lengths(tried: Sequence[Pair], place: int) -> set[int]:
    fillers = [one.fit.fillers[place] for one in tried]
    return {len(one.text) for one in fillers if isinstance(one, Literal)}
