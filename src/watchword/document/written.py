"""The files that a document is put together from, and where in them a part of it stands."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from watchword.document.bundle import bundle
from watchword.document.errors import DocumentError, PartError
from watchword.document.origins import Origins, Steps
from watchword.document.overlay import apply_overlay
from watchword.document.shown_files import show_here
from watchword.document.sources import Sources


def trace(root: Path, overlays: Iterable[Path]) -> tuple[dict[str, Any], Origins]:
    """Put a document together without checking it or warning of it, and note where its parts come from."""
    origins = Origins()
    content = bundle(root, origins)
    for path in overlays:
        content = apply_overlay(content, path, origins, warns=False)
    return content, origins


@dataclass(frozen=True)
class Written:
    """
    The files of one document.

    Args:
        root: The file that it begins in.
        overlays: Those that were applied, in their order.
    """

    root: Path
    overlays: tuple[Path, ...] = ()

    def __str__(self) -> str:
        return " with ".join(map(str, (self.root, *self.overlays)))

    def place(self, steps: Sequence[str]) -> str:
        """Tell file, line and column of the part at *steps*, or of the nearest around it."""
        source = self._sources.find(steps)
        return f"{show_here(source.path)}:{source.line}:{source.column}"

    def placed(self, problem: str) -> str:
        """Put the place before a *problem* that begins with the names on the way to its part: ``a/b: …``."""
        return f"{self.place(_steps_in(self._traced[0], problem))}: {problem}"

    def blamed(self, error: PartError) -> DocumentError:
        """Make an error that tells file, line and column of the part."""
        return DocumentError(f"{self.place(error.steps)}: {error}")

    @contextmanager
    def blaming(self) -> Iterator[None]:
        """
        Tell file, line and column of a part that turns out to be unusable in a ``with`` block.

        Raises:
            DocumentError: One did.
        """
        try:
            yield
        except PartError as error:
            raise self.blamed(error) from None

    @cached_property
    def _traced(self) -> tuple[dict[str, Any], Origins]:
        return trace(self.root, self.overlays)

    @cached_property
    def _sources(self) -> Sources:
        return Sources(self.root, *self._traced)


def _steps_in(node: Any, problem: str) -> Steps:
    """Read the names at the beginning of *problem*, which may have slashes themselves, as far as *node* has them."""
    steps: list[str] = []
    while isinstance(node, dict | list):
        names = map(str, node if isinstance(node, dict) else range(len(node)))
        found = max((one for one in names if problem.startswith((f"{one}/", f"{one}: "))), key=len, default=None)
        if found is None:
            break
        steps.append(found)
        node = node[found] if isinstance(node, dict) else node[int(found)]
        problem = problem[len(found) + 1 :]
    return tuple(steps)
