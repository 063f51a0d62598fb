"""Whether files have changed since they were last looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

_Mark = tuple[int, int, int] | None
"""Time, size and number of a file; None if there is none."""


@dataclass
class FileStates:
    """
    Files as they were when they were last looked at.

    A file is read only when its time, its size or its number differ, so that looking at many costs little; one that was
    only touched, or written with the same content, has not changed.
    """

    _marks: dict[Path, _Mark] = field(default_factory=dict)
    _contents: dict[Path, bytes] = field(default_factory=dict)

    def look(self, files: Iterable[Path]) -> list[Path]:
        """List those of *files* that have changed, in their order; one that is looked at for the first time has not."""
        return [path for path in files if self._has_changed(path)]

    def _has_changed(self, path: Path) -> bool:
        known, mark = path in self._marks, _mark(path)
        if known and self._marks[path] == mark:
            return False
        content = _digest(path)
        changed = known and self._contents[path] != content
        self._marks[path], self._contents[path] = mark, content
        return changed


def _mark(path: Path) -> _Mark:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _digest(path: Path) -> bytes:
    try:
        return blake2b(path.read_bytes(), digest_size=16).digest()
    except OSError:
        return b""
