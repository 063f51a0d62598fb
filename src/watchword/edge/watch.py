"""What became of the files that a server watches: whether their newest content is served."""

from dataclasses import dataclass
from datetime import datetime

from watchword.domain.listeners import Listeners


@dataclass(frozen=True, slots=True)
class FilesState:
    """
    Whether the files are served as they are.

    Args:
        problem: Why they are not, with file and line; empty if they are. Then the last good content still is.
        since: When that was found, in real time.
    """

    problem: str
    since: datetime

    @property
    def ok(self) -> bool:
        """Whether they are served as they are."""
        return not self.problem


class Watch:
    """
    The state of the files, which is replaced and never changed.

    Attributes:
        changes: Notifies its listeners when the files were looked at because they had changed.
    """

    def __init__(self, now: datetime) -> None:
        self.state = FilesState("", now)
        self.changes = Listeners()

    def took(self, now: datetime) -> None:
        """Say that the newest content is served."""
        self._turn(FilesState("", now))

    def refused(self, problem: str, now: datetime) -> None:
        """Say why it is not."""
        self._turn(FilesState(problem, now))

    def _turn(self, state: FilesState) -> None:
        self.state = state
        self.changes.notify()
