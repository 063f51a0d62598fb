"""Where in the files that somebody wrote a part of a loaded document stands, as it is shown to people."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from watchword.document import sources as written
from watchword.document.origins import Steps
from watchword.document.shown_files import show_here
from watchword.document.written import trace
from watchword.review.finding import Place

_AROUND = 2
"""Lines that are shown above and below a place."""


@dataclass(frozen=True)
class Excerpt:
    """
    Some lines of a file, around a place.

    Args:
        first: The number of the first of them.
    """

    place: Place
    first: int
    lines: tuple[str, ...]


class Sources:
    """
    Finds where parts of a document were written.

    Args:
        root: The file that it begins in.
        overlays: Those that were applied, in their order.
        content: The document with them.
        show: Names a file to people.
    """

    def __init__(
        self,
        root: Path,
        overlays: Sequence[Path],
        content: Mapping[str, Any],
        show: Callable[[Path], str] | None = None,
    ) -> None:
        self._root, self._overlays, self._content = root, overlays, content
        self._show = show or show_here

    def place(self, steps: Steps) -> Place:
        """Find where the part at *steps* was written; of one that nobody wrote, what it is in."""
        return self._at(self._sources.find(steps))

    def excerpt(self, steps: Steps) -> Excerpt:
        """Give the lines around the place of the part at *steps*."""
        return self._around(self._sources.find(steps))

    def removal(self, steps: Steps) -> Excerpt | None:
        """Give the lines around the action of an overlay that removed what was at *steps*; None if none did."""
        action = self._sources.removal(steps)
        return None if action is None else self._around(action)

    def beginning(self) -> Excerpt:
        """Give the first lines of the last overlay; without one, of the document."""
        return self._around(written.Source([self._root, *self._overlays][-1], 1, 1))

    def _around(self, source: written.Source) -> Excerpt:
        lines = source.path.read_text(encoding="utf-8-sig").splitlines()
        first = max(source.line - _AROUND, 1)
        return Excerpt(self._at(source), first, tuple(lines[first - 1 : source.line + _AROUND]))

    def _at(self, source: written.Source) -> Place:
        return Place(self._show(source.path), source.line, source.column)

    @cached_property
    def _sources(self) -> written.Sources:
        return written.Sources(self._root, self._content, trace(self._root, self._overlays)[1])
