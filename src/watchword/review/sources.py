"""Where in the files that somebody wrote a part of a loaded document stands: through references, and overlays."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from jsonpath_rfc9535 import JSONPathError
from jsonpath_rfc9535 import find as find_nodes

from watchword.document import DocumentError
from watchword.document.bundle import bundle_with_origins
from watchword.document.reader import read_file
from watchword.document.references import pointer_steps
from watchword.review.finding import Place, show_file

Steps = tuple[str, ...]
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_REFERENCES = 50
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


@dataclass(frozen=True)
class _File:
    """A file and its nodes, with their marks."""

    path: Path
    text: str
    root: yaml.Node | None


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
        self._root, self._overlays, self._content = root.resolve(), overlays, content
        self._show = show or (lambda path: show_file(path, Path.cwd()))
        self._files: dict[Path, _File] = {}

    def place(self, steps: Steps) -> Place:
        """Find where the part at *steps* was written; of one that nobody wrote, what it is in."""
        return self._at(*self._found(steps))

    def excerpt(self, steps: Steps) -> Excerpt:
        """Give the lines around the place of the part at *steps*."""
        path, mark = self._found(steps)
        place = self._at(path, mark)
        lines = self._file(path).text.splitlines()
        first = max(place.line - _AROUND, 1)
        return Excerpt(place, first, tuple(lines[first - 1 : place.line + _AROUND]))

    def _at(self, path: Path, mark: Any) -> Place:
        return Place(self._show(path), *((1, 1) if mark is None else (mark.line + 1, mark.column + 1)))

    def _found(self, steps: Steps) -> tuple[Path, Any]:
        return self._in_overlays(steps) or self._in_files(steps)

    def _in_files(self, steps: Steps) -> tuple[Path, Any]:
        origin = self._origins.get((steps[1], steps[2])) if steps[:1] == ("components",) and len(steps) > 2 else None
        if origin is None or "#" not in origin:
            return self._walk(self._root, steps)[:2]
        file, _, pointer = origin.rpartition("#")
        return self._walk(Path(file), (*pointer_steps(f"#{pointer}"), *steps[3:]))[:2]

    def _walk(self, path: Path, steps: Steps, followed: int = 0) -> tuple[Path, Any, bool]:
        """
        Walk *steps* in a file, through references.

        Returns:
            The file and the mark of the last step that was found, and whether it was the last of all.
        """
        node = self._file(path).root
        mark = None if node is None else node.start_mark
        for number, step in enumerate(steps):
            key, inner = _member(node, step)
            if inner is None:
                reference = _reference(node)
                if reference is not None and followed < _MOST_REFERENCES:
                    file, _, pointer = reference.partition("#")
                    target = (path.parent / file).resolve() if file else path
                    onward = (*pointer_steps(f"#{pointer}"), *steps[number:])
                    return self._walk(target, onward, followed + 1)
                return path, mark, False
            node, mark = inner, key
        return path, mark, True

    def _in_overlays(self, steps: Steps) -> tuple[Path, Any] | None:
        """Find the last action of an overlay that wrote the part at *steps*."""
        for path, location, update in reversed(self._updates):
            if steps[: len(location)] != location:
                continue
            for onward in self._onward(location, steps[len(location) :], update):
                file, mark, whole = self._walk(path, onward)
                if whole:
                    return file, mark
        return None

    def _onward(self, location: Steps, rest: Steps, update: Steps) -> Iterator[Steps]:
        """Yield where in an overlay the part at *rest* of what an action changes may stand."""
        target: Any = self._content
        for step in location:
            target = target[int(step)] if isinstance(target, list) else target[step]
        if not isinstance(target, list):
            yield (*update, *rest)
        elif rest and rest[0].isdecimal():
            # What an action adds to a list comes last.
            yield (*update, str(int(rest[0]) - len(target) + 1), *rest[1:])
            if int(rest[0]) == len(target) - 1:
                yield (*update, *rest[1:])

    @cached_property
    def _updates(self) -> list[tuple[Path, Steps, Steps]]:
        """List what the actions of the overlays changed: the file, the location, and where the update stands."""
        found: list[tuple[Path, Steps, Steps]] = []
        for path in self._overlays:
            for number, action in enumerate(read_file(path).get("actions") or ()):
                if "update" not in action:
                    continue
                with suppress(JSONPathError, TypeError, RecursionError):
                    for node in find_nodes(action["target"], dict(self._content)):
                        location = tuple(str(step) for step in node.location)
                        found.append((path.resolve(), location, ("actions", str(number), "update")))
        return found

    @cached_property
    def _origins(self) -> Mapping[tuple[str, str], str]:
        return bundle_with_origins(self._root)[1]

    def _file(self, path: Path) -> _File:
        if path not in self._files:
            text, root = "", None
            with suppress(OSError, ValueError, yaml.YAMLError, DocumentError):
                text = path.read_text(encoding="utf-8-sig")
                root = yaml.compose(text, Loader=_Loader)
            self._files[path] = _File(path, text, root)
        return self._files[path]


def _member(node: yaml.Node | None, step: str) -> tuple[Any, yaml.Node | None]:
    """Find a member: the mark of its name, and its node; an entry of a list has its own mark."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark, value
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        entry = node.value[int(step)]
        return entry.start_mark, entry
    return None, None


def _reference(node: yaml.Node | None) -> str | None:
    _, found = _member(node, "$ref")
    return found.value if isinstance(found, yaml.ScalarNode) else None
