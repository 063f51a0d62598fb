"""Where the parts of a document stand in the files that people wrote, through references and overlays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from watchword.document.errors import DocumentError
from watchword.document.files import Files, Located
from watchword.document.marks import Marks
from watchword.document.origins import Change, Origins, Steps
from watchword.document.overlay_targets import tell_unmatched
from watchword.document.reader import read_file
from watchword.document.references import pointer_steps
from watchword.document.structure import fields_without_effect, walk


@dataclass(frozen=True)
class Source:
    """A place in a file; the first line and the first column are 1."""

    path: Path
    line: int
    column: int


class Sources:
    """
    Finds the parts of one document.

    Args:
        root: The file that it begins in.
        content: The bundled document as overlays leave it, its references not yet settled.
    """

    def __init__(self, root: Path, content: Mapping[str, Any], origins: Origins) -> None:
        self._root, self._content, self._origins = root.absolute(), content, origins
        self._marks: dict[Path, Marks] = {}
        self._files: dict[Path, Files] = {}
        self._read = cache(read_file)

    def follow(self, steps: Sequence[str]) -> Steps:
        """
        Follow the references on the way that *steps* describe, so that one part has one place.

        Returns:
            As far as it leads.
        """
        return self._follow(tuple(steps), frozenset())[0]

    def on_the_way(self, steps: Sequence[str]) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
        """Yield place and object on the way that *steps* describe, from the whole document to the part itself."""
        node, done = self._content, Steps()
        for step in (*steps, None):
            if isinstance(node, dict):
                yield done, node
            target, there = self._target(node, done, step, frozenset())
            if target is not node and isinstance(target, dict):
                yield there, target
            if step is None or (inner := _part(target, step)) is None:
                return
            node, done = inner[0], (*there, step)

    def find(self, steps: Sequence[str]) -> Source:
        """Find where the part at *steps* was written, or else the nearest around it."""
        place = self.follow(steps)
        overlaid = self._overlaid(place)
        return self._at(self._in_files(place)) if overlaid is None else overlaid

    def changed(self, steps: Sequence[str]) -> Source | None:
        """Find where an overlay wrote the part at *steps*, or else removed something of it; None if none did."""
        place = self.follow(steps)
        overlaid = self._overlaid(place)
        if overlaid is not None:
            return overlaid
        within = (one for one in reversed(self._origins.changes) if one.removes and one.location[: len(place)] == place)
        return next((self._at(Located(one.overlay, one.written, None)) for one in within), None)

    def touched(self, steps: Sequence[str]) -> Source | None:
        """Find where an overlay wrote the part at *steps*, or removed it; None if none did."""
        place, _, exists = self._follow(tuple(steps), frozenset())
        return self._overlaid(place) if exists else self.removal(steps)

    def objects(self) -> Iterator[tuple[Steps, Mapping[str, Any]]]:
        """Yield place and object of everything that has a structure, each once."""
        return ((place, node) for place, _, node in walk(self._content))

    def unmatched_targets(self) -> Iterator[tuple[str, Source]]:
        """Say, target by target, that those of overlays match nothing, and what would be right."""
        for one in self._origins.unmatched:
            yield tell_unmatched(str(one.target.content), one.hidden), self._at(one.target)

    def fields_without_effect(self) -> Iterator[tuple[Steps, str]]:
        """Yield the steps to each field that has no effect beside a reference, and the reference."""
        version = str(self._content.get("openapi"))
        for place, kind, node in walk(self._content):
            yield from (((*place, name), node["$ref"]) for name in fields_without_effect(kind, node, version))

    def unknown_fields(self) -> Iterator[tuple[str, Source]]:
        """Yield the names of the fields of overlays' actions that no action has."""
        return ((one.steps[-1], self._at(one)) for one in self._origins.unknown)

    def removal(self, steps: Sequence[str]) -> Source | None:
        """Find the action of an overlay that removed what was at *steps*; None if it is there, or never was."""
        place, missing = self._missing(tuple(steps))
        for change in reversed(self._origins.changes):
            is_it = (*place, *missing)[: len(change.location)] == change.location
            if change.removes and is_it and len(change.location) > len(place):
                return self._at(Located(change.overlay, change.written, None))
        return None

    def _missing(self, steps: Steps) -> tuple[Steps, Steps]:
        """Give the place of the last part on the way that *steps* describe, and the steps that lead on from it."""
        for count in range(len(steps), 0, -1):
            place, _, exists = self._follow(steps[:count], frozenset())
            if exists:
                return place, steps[count:]
        return (), steps

    def _follow(self, steps: Steps, within: frozenset[str]) -> tuple[Steps, Any, bool]:
        """Follow *steps* as far as they lead; tells whether that was all the way."""
        node, done = self._content, Steps()
        for step in steps:
            node, done = self._target(node, done, step, within)
            inner = _part(node, step)
            if inner is None:
                return done, node, False
            node, done = inner[0], (*done, step)
        node, done = self._target(node, done, None, within)
        return done, node, True

    def _target(self, node: Any, done: Steps, step: str | None, within: frozenset[str]) -> tuple[Any, Steps]:
        """Give what stands for *node* if the next step is *step*: what its reference leads to, if it has one."""
        reference = node.get("$ref") if isinstance(node, dict) else None
        if not isinstance(reference, str) or (step is not None and step in node):
            return node, done
        if not reference.startswith("#/") or reference in within:
            return node, done
        found, target, exists = self._follow(tuple(pointer_steps(reference)), within | {reference})
        return (target, found) if exists else (node, done)

    def _overlaid(self, place: Steps) -> Source | None:
        """Find where an overlay wrote what is at *place*; None if none did."""
        for change in reversed(self._origins.changes):
            written = None if change.removes else self._written(change, place)
            if written is not None:
                return self._at(written)
        return None

    def _written(self, change: Change, place: Steps) -> Located | None:
        """Find what an action wrote at *place*; None if it wrote nothing there."""
        if place[: len(change.location)] != change.location:
            return None
        rest = place[len(change.location) :]
        if change.is_whole:
            return Located(change.overlay, change.written, None)
        for steps, length in change.lengths.items():
            if rest[: len(steps)] == steps and rest[len(steps) :]:
                number = int(rest[len(steps)]) - length
                rest = (*steps, str(number), *rest[len(steps) + 1 :])
        start = Located(change.overlay, change.written, _at_steps(self._read(change.overlay), change.written))
        if rest[:1] == ("0",) and () in change.lengths and not isinstance(start.content, list):
            return self._whole(start, rest[1:])
        return self._whole(start, rest) if rest else None

    def _whole(self, start: Located, steps: Steps) -> Located | None:
        """Walk from *start* all the way that *steps* lead; None if they lead nowhere."""
        found, taken = self._walk(start, steps)
        return found if taken == len(steps) else None

    def _in_files(self, place: Steps) -> Located:
        component = (place[1], place[2]) if place[:1] == ("components",) and len(place) > 2 else ("", "")
        if component in self._origins.components:
            return self._walk(self._origins.components[component], place[3:])[0]
        return self._walk(Located(self._root, (), self._read(self._root)), place)[0]

    def _walk(self, here: Located, steps: Steps) -> tuple[Located, int]:
        """Walk from *here* as far as *steps* lead, also into other files."""
        for number, step in enumerate(steps):
            here = self._through(here, step)
            inner = _part(here.content, step)
            if inner is None:
                return here, number
            here = Located(here.path, (*here.steps, step), inner[0])
        return here, len(steps)

    def _through(self, here: Located, step: str) -> Located:
        """Follow the references that *here* consists of, unless the next step is beside them."""
        seen: set[str] = set()
        while isinstance(here.content, dict) and step not in here.content and here.place not in seen:
            reference = here.content.get("$ref")
            if not isinstance(reference, str):
                break
            seen.add(here.place)
            with suppress(DocumentError):  # it leads into the document that an overlay changes
                here = self._files_of(here.path).find(reference, here.path)
        return here

    def _files_of(self, path: Path) -> Files:
        if path not in self._files:
            self._files[path] = Files(path, None)
        return self._files[path]

    def _at(self, part: Located) -> Source:
        if part.path not in self._marks:
            self._marks[part.path] = Marks(part.path)
        return Source(part.path, *self._marks[part.path].at(part.steps))


def _part(node: Any, step: str) -> tuple[Any] | None:
    """Give a part of *node*, in a tuple because it may be None."""
    if isinstance(node, dict) and step in node:
        return (node[step],)
    if isinstance(node, list) and step.isdecimal() and int(step) < len(node):
        return (node[int(step)],)
    return None


def _at_steps(node: Any, steps: Steps) -> Any:
    for step in steps:
        found = _part(node, step)
        node = None if found is None else found[0]
    return node
