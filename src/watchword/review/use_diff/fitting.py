"""What stands for the stars of one recorded request, so that BASE answers as recorded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from watchword.review.use_diff.again import Renamed, Star, write_request
from watchword.review.use_diff.filling import Filler, Lane, Literal
from watchword.review.use_diff.likeness import Quality, compare_rules, moment_of
from watchword.review.use_diff.recorded import Recorded
from watchword.review.use_diff.stage import Acted, Stage


@dataclass(frozen=True)
class Fit:
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

    @property
    def literals(self) -> Sequence[Literal]:
        """What stands for stars of the body, as far as it is the same on both sides."""
        chosen = zip(self.stars, self.fillers, strict=True)
        return [one for star, one in chosen if isinstance(one, Literal) and not star.header]

    def is_made_up(self, place: int) -> bool:
        """Whether a value that nobody knows stands for the star at *place*."""
        filler = self.fillers[place]
        return isinstance(filler, Literal) and filler.is_made_up

    def keeps_known(self, fit: "Fit") -> bool:
        """Whether it has everything of another that is not made up."""
        return all(
            fit.is_made_up(place) or mine == theirs
            for place, (mine, theirs) in enumerate(zip(self.fillers, fit.fillers, strict=True))
        )


@dataclass(frozen=True)
class Fitting:
    """
    The search for it.

    Args:
        lane: BASE before the request.
        renamed: The values that BASE chose itself.
    """

    base: Stage
    request: Recorded
    stars: Sequence[Star]
    lane: Lane
    renamed: Renamed

    def best(self) -> Fit | None:
        """
        Find what stands for the stars: for one after the other whatever gets furthest through the recorded rules.

        Returns:
            None if BASE answers otherwise than recorded, whatever stands for them.
        """
        if not all(one.fillers for one in self.stars):
            return None
        first = [one.fillers[0] for one in self.stars]
        best = self._try(first)
        for place in (*range(len(self.stars)), *range(len(self.stars))):
            for filler in self.stars[place].fillers:
                if best is not None and best.is_perfect:
                    return best
                chosen = list(first if best is None else best.fillers)
                chosen[place] = filler
                found = self._try(chosen)
                if found is not None and (best is None or found.quality > best.quality):
                    best = found
        return best if best is not None and best.acted.told == self.request.told else None

    def made_up(self, fit: Fit, place: int) -> Iterator[tuple[Literal, Fit]]:
        """Yield what is made up and fits as well for the star at *place*, that of *fit* first if it is made up."""
        chosen = fit.fillers[place]
        if isinstance(chosen, Literal) and fit.is_made_up(place):
            yield chosen, fit
        same = chosen.value(self.lane)
        for filler in fit.stars[place].fillers:
            if isinstance(filler, Literal) and filler.is_made_up and filler.text != same:
                found = self._try([*fit.fillers[:place], filler, *fit.fillers[place + 1 :]])
                if found is not None and found.is_perfect:
                    yield filler, found

    def _try(self, fillers: Sequence[Filler]) -> Fit | None:
        written = write_request(self.request, self.stars, fillers, self.lane, self.renamed)
        acted = None if written is None else self.base.act(written, self.lane.sandbox, moment_of(self.request))
        return None if acted is None else Fit(self.stars, fillers, acted, compare_rules(acted, self.request))
