"""How much is known of a value that the journal does not show."""

from enum import IntEnum

from watchword.review.use_diff.filling import Literal
from watchword.review.use_diff.fitting import Fit, Fitting
from watchword.review.use_diff.recorded import Recorded


class Certainty(IntEnum):
    """What is known of a value; the more, the greater."""

    NOTHING = 0
    """Anything may have stood there that is as wrong, for example."""
    LENGTH = 1
    """Rules have noted how long it is."""
    EVERYTHING = 2
    """It is somebody's password, or an answer or a message had it."""


class Certainties:
    """
    Finds out what is known of stars.

    Requests that ask the same rules alike check their stars alike, so each is tried once.
    """

    def __init__(self) -> None:
        self._known: dict[object, Certainty] = {}

    def of(self, fitting: Fitting, fit: Fit) -> tuple[Certainty, ...]:
        """Say what is known of each star of a request: as much as of the least known value that fits."""
        return tuple(self._of(fitting, fit, place) for place in range(len(fit.stars)))

    def _of(self, fitting: Fitting, fit: Fit, place: int) -> Certainty:
        chosen = fit.fillers[place]
        kind = (chosen.is_made_up, chosen.has_length) if isinstance(chosen, Literal) else type(chosen)
        key = (_checked(fitting.request), fit.stars[place].place, kind)
        if key not in self._known:
            lengths = [literal.has_length for literal, _ in fitting.made_up(fit, place)]
            known = Certainty.LENGTH if all(lengths) else Certainty.NOTHING
            self._known[key] = known if lengths else Certainty.EVERYTHING
        return self._known[key]


def _checked(request: Recorded) -> object:
    """What was checked on the way to an answer."""
    return request.operation, request.told, tuple((one.rule, one.said, one.code) for one in request.asked)
