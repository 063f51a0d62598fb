"""Which operations are nearest to a path or method that is not served."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from watchword.document import Operation
from watchword.document.path_templates import compile_template

_LOOKED_AT = 200
"""How many characters of a path are compared: more would take long, and no operation's path is longer."""


class Nearest:
    """All operations by their paths, under every base path."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._operations = tuple(operations)
        self._words = {
            word
            for one in self._operations
            for base in ("", *one.base_paths)
            for word in f"{base}{one.path}".split("/")
        }
        self._patterns: dict[str, tuple[re.Pattern[str], list[Operation]]] = {}
        for one in self._operations:
            self._patterns.setdefault(one.path, (compile_template(one.path), []))[1].append(one)

    def without_values(self, path: str) -> str:
        """Show *path* with a star for every segment that no operation's path has: it may be a misplaced password."""
        return "/".join(word if not word or word in self._words else "*" for word in path[:_LOOKED_AT].split("/"))

    def at(self, path: str) -> tuple[Operation, ...]:
        """List the operations at exactly this *path*, with any method."""
        return tuple(
            one for expression, operations in self._patterns.values() if expression.match(path) for one in operations
        )

    def to(self, path: str, *, most: int = 5) -> tuple[Operation, ...]:
        """
        List the operations whose paths resemble *path*, best first.

        Returns:
            At most *most*, all of the same system as the best one.
        """
        start = path[:_LOOKED_AT]
        ranked = sorted(self._operations, key=lambda one: self._likeness(start, one), reverse=True)
        return tuple(one for one in ranked if one.system == ranked[0].system)[:most] if ranked else ()

    @staticmethod
    def _likeness(path: str, one: Operation) -> tuple[int, float]:
        return max(
            (_common(path, f"{base}{one.path}"), SequenceMatcher(None, path, f"{base}{one.path}").ratio())
            for base in ("", *one.base_paths)
        )


def _common(path: str, template: str) -> int:
    """Count the leading segments that are equal; a placeholder equals anything."""
    count = 0
    for segment, wanted in zip(path.split("/")[1:], template.split("/")[1:], strict=False):
        if segment != wanted and not (wanted.startswith("{") and segment):
            break
        count += 1
    return count
