"""Where the parts of one file stand: line and column of each key and each entry."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from watchword.document.reader import parse_nodes
from watchword.document.shown_files import show_here

Mark = tuple[int, int]
"""Line and column; the first are 1."""
_BEGINNING: Mark = (1, 1)


class Marks:
    """
    The marks of one file.

    Args:
        path: Of a file that could be read.
    """

    def __init__(self, path: Path) -> None:
        self._root = parse_nodes(path)

    def at(self, steps: Sequence[str]) -> Mark:
        """Find the key or the entry that *steps* lead to, or else the nearest around it."""
        mark, node = _BEGINNING, self._root
        for step in steps:
            found = None if node is None else _part(node, step)
            if found is None:
                return mark
            mark, node = found
        return mark


def place_of(path: Path, text: str) -> str:
    """Tell file, line and column of the first value in *path* that is *text*; the file alone if none is."""
    for node in _scalars(parse_nodes(path)):
        if node.value == text:
            line, column = _mark(node)
            return f"{show_here(path)}:{line}:{column}"
    return show_here(path)


class ActionPlace:
    """
    Where an action of an overlay stands: the file is searched for it when somebody is told.

    Args:
        number: Of the action in the file *path*; the first is 1.
    """

    def __init__(self, path: Path, number: int) -> None:
        self._path, self._number = path, number

    def __str__(self) -> str:
        return self.at()

    def at(self, *field: str) -> str:
        """Tell file, line and column of the action, or of a *field* of it, and the number of the action."""
        line, column = Marks(self._path).at(("actions", str(self._number - 1), *field))
        return f"{self._path}:{line}:{column}: action {self._number}"


def _scalars(root: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    """Yield the values below *root* in their order, those of an anchor once."""
    waiting, seen = [root], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            yield node
        elif isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            waiting += (value for _, value in reversed(node.value))


def _part(node: yaml.Node, step: str) -> tuple[Mark, yaml.Node] | None:
    if isinstance(node, yaml.SequenceNode):
        inside = step.isdecimal() and int(step) < len(node.value)
        return (_mark(node.value[int(step)]), node.value[int(step)]) if inside else None
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode) and key.value == step:
            return _mark(key), value
    return None


def _mark(node: yaml.Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1
