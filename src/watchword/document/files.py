"""The files of one document, and where the references between them lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from watchword.document.errors import DocumentError
from watchword.document.file_states import FileStates
from watchword.document.links import IN_A_CIRCLE, leads_to_itself, real_path
from watchword.document.marks import place_of
from watchword.document.reader import read_file
from watchword.document.references import component_name, find_part, is_pointer, pointer_steps
from watchword.document.shown_files import show_here


@dataclass(frozen=True)
class Located:
    """
    A part of a file.

    Args:
        path: Without symbolic links and dots, so that one file has one path.
        steps: What leads to the part.
        content: As written.
    """

    path: Path
    steps: tuple[str, ...]
    content: Any

    @property
    def place(self) -> str:
        """File and part, as one text."""
        return f"{self.path}{self.pointer}"

    @property
    def pointer(self) -> str:
        """The JSON pointer of the part, as a reference."""
        return "".join(("#", *(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in self.steps)))

    def part(self, step: str) -> "Located":
        """Give a part of this mapping."""
        return Located(self.path, (*self.steps, step), self.content[step])


class Files:
    """
    Reads each file once.

    Args:
        home: The file that a document begins in.
        document: Its content, if that is known already.
        asked: Notes each file before it is read.
    """

    def __init__(self, home: Path, document: Mapping[str, Any] | None, asked: FileStates | None = None) -> None:
        self._home, self._asked = home, asked
        self._read: dict[Path, Any] = {} if document is None else {home: document}
        self._found: dict[tuple[str, Path], Located] = {}
        self._paths: dict[tuple[str, Path], Path] = {}

    def find(self, reference: str, here: Path) -> Located:
        """
        Find what a *reference* that stands in the file *here* leads to.

        Raises:
            DocumentError: Nothing, or the network, or a circle.
        """
        found = self._found.get((reference, here))
        if found is None:
            found = self._found[reference, here] = self._find(reference, here, ())
        return found

    def same(self, found: Located, name: str) -> Located:
        """
        Follow references that only lead on to a part of the same *name*.

        ``schemas/_index.yaml#/User`` may say no more than ``{$ref: User.yaml}``: both are one schema.
        """
        seen = {found.place}
        while (reference := only_reference(found.content)) is not None:
            if reference.startswith("#") and found.path == self._home:
                break
            target = self.find(reference, found.path)
            if component_name(target.steps, whole=target.path.stem) != name:
                break
            if target.place in seen:
                raise DocumentError(f"{place_of(found.path, reference)}: {reference!r} leads back to itself")
            seen.add(target.place)
            found = target
        return found

    def _find(self, reference: str, here: Path, followed: tuple[str, ...]) -> Located:
        file, _, fragment = reference.partition("#")
        path = self._path(reference, file, here)
        if path not in self._read:
            if not path.is_file():
                why = f"which {IN_A_CIRCLE}" if leads_to_itself(path) else "and there is no such file"
                raise DocumentError(f"{place_of(here, reference)}: {reference!r} leads to {show_here(path)}, {why}")
            self._read[path] = read_file(Path(show_here(path)))
        if not is_pointer(reference):
            raise DocumentError(f"{place_of(here, reference)}: {reference!r} does not exist")
        # "User.yaml#/" is often written for the whole file.
        steps = () if fragment == "/" and not _has(self._read[path], "") else tuple(pointer_steps(reference))
        node, taken = self._read[path], 0
        for taken, step in enumerate(steps, 1):
            if isinstance(node, dict):
                if step in node:
                    node = node[step]
                    continue
                if isinstance(node.get("$ref"), str):
                    return self._through(reference, here, (path, node["$ref"], steps[taken - 1 :]), followed)
            try:
                node = find_part(node, Located(path, (step,), None).pointer)
            except LookupError:
                raise DocumentError(
                    f"{place_of(here, reference)}: {reference!r} does not exist{self._hint(reference, path)}"
                ) from None
        return Located(path, steps, node)

    def _path(self, reference: str, file: str, here: Path) -> Path:
        """Find which *file* is meant; each is looked up once, because that asks the disk."""
        if not file:
            return here
        path = self._paths.get((file, here))
        if path is None:
            if urlsplit(file).scheme in ("http", "https"):
                raise DocumentError(
                    f"{place_of(here, reference)}: {reference!r} is on the network; only files are read"
                )
            named = here.parent / unquote(file)
            if self._asked is not None:
                self._asked.add(named)
            path = self._paths[file, here] = real_path(named)
        return path

    def _through(
        self, reference: str, here: Path, onward: tuple[Path, str, tuple[str, ...]], followed: tuple[str, ...]
    ) -> Located:
        """Go on behind a reference that stands on the way."""
        path, target, rest = onward
        place = f"{path}#{target}"
        if place in followed:
            raise DocumentError(f"{place_of(here, reference)}: {reference!r} leads back to itself")
        between = self._find(target, path, (*followed, place))
        pointer = Located(between.path, (*between.steps, *rest), None).pointer
        return self._find(pointer, between.path, (*followed, place))

    def _hint(self, reference: str, path: Path) -> str:
        """Say what was meant by a reference that would be right in the file that the document begins in."""
        if reference.startswith("#") and path != self._home and self._home in self._read:
            try:
                find_part(self._read[self._home], reference)
            except LookupError:
                return ""
            return f"; '#' is this file: write the path of {self._home.name} in front of it"
        return ""


def _has(node: Any, step: str) -> bool:
    return isinstance(node, dict) and step in node


def only_reference(node: Any) -> str | None:
    """Give the reference that *node* consists of."""
    if not isinstance(node, dict) or len(node) != 1:
        return None
    reference = node.get("$ref")
    return reference if isinstance(reference, str) else None
