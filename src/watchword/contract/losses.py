"""What a server does not answer: a finding each time, unless it answers nothing any more."""

from collections import Counter
from collections.abc import Callable

from watchword.contract.driver import TargetFailed
from watchword.contract.finding import Finding

_MOST_IN_A_ROW = 3
"""So many sequences without a single answer: the server is gone."""
_MOST_OF_AN_OPERATION = 3
"""So often an operation may be silent: each time can take all the patience that there is."""


class Losses:
    """The newest sequences that ended because the server did not answer; none of them was followed by an answer."""

    def __init__(self) -> None:
        self._held: list[Callable[[], None]] = []
        self._silent: Counter[str] = Counter()

    def add(self, error: TargetFailed, finding: Finding | None, tell: Callable[[Finding], None]) -> None:
        """
        Add a sequence.

        Args:
            finding: What it means if the server is not gone; None if nothing is known of the request.
            tell: Is told the finding once the server answers again.

        Raises:
            TargetFailed: It is gone.
        """
        self._held.append(lambda: None if finding is None else tell(finding))
        if len(self._held) == _MOST_IN_A_ROW:
            raise error
        if finding is not None:
            self._silent[finding.operation] += 1

    def settle(self) -> None:
        """Tell what was held back: the server answers, or nobody asks it any more."""
        held, self._held = self._held, []
        for tell in held:
            tell()

    def is_silent(self, operation: str) -> bool:
        """Whether an operation, by the part of its id after the dot, has not answered so often that it is let be."""
        return any(
            number >= _MOST_OF_AN_OPERATION for name, number in self._silent.items() if _plain(name) == operation
        )


def _plain(operation: str) -> str:
    return operation.partition(".")[2]
