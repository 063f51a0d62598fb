"""Whether files have changed since they were read."""

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

from watchword.document.links import real_path

_Mark = tuple[int, int, int] | None
"""Time, size and number of a file; None if there is none."""
_Content = tuple[Path, bytes] | None
"""What symbolic links lead to, because references go on from there, and a digest; None if it cannot be read."""


@dataclass
class FileStates:
    """
    Files as they were before they were read, or when they were last looked at.

    A file is read only when its time, its size or its number differ, so that looking at many costs little; one that was
    only touched, or written with the same content, has not changed.
    """

    _marks: dict[Path, _Mark] = field(default_factory=dict)
    _contents: dict[Path, _Content] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """
        Note how a file is, unless that is noted already; whoever reads it afterwards misses no change of it.

        Args:
            path: As it was named: a symbolic link may lead elsewhere later.
        """
        named, real = path.absolute(), real_path(path)
        name = real if Path(os.path.normpath(named)) == real else named
        if name not in self._marks:
            self._note(name)

    def add_all(self, others: "FileStates") -> None:
        """Note how *others* were, too."""
        self._marks |= others._marks
        self._contents |= others._contents

    def look(self) -> list[Path]:
        """List those that have changed, each once also if it has several names."""
        changed = [path for path in self._marks if self._has_changed(path)]
        return sorted({real_path(path): path for path in reversed(changed)}.values())

    def missing(self) -> list[Path]:
        """List those that do not exist; a symbolic link that leads nowhere does."""
        return sorted(path for path, mark in self._marks.items() if mark is None and not path.is_symlink())

    def _has_changed(self, path: Path) -> bool:
        if self._marks[path] == _mark(path):
            return False
        former = self._contents[path]
        self._note(path)
        return self._contents[path] != former

    def _note(self, path: Path) -> None:
        # The mark comes first: what is written in between differs from it.
        self._marks[path], self._contents[path] = _mark(path), _content(path)


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _content(path: Path) -> _Content:
    try:
        return real_path(path), blake2b(path.read_bytes(), digest_size=16).digest()
    except OSError:
        return None
