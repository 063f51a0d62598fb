"""Which operations are nearest to a path or method that is not served."""

import re
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

from watchword.document import Operation
from watchword.document.path_templates import compile_template

_LOOKED_AT = 200
"""How many characters of a path are compared: more would take long, and no operation's path is longer."""

_WORD = re.compile(r"(?=.{1,32}\Z)(?:[A-Za-z_-]*|v\d{1,3})(?:\.(?:[A-Za-z_-]*|v\d{1,3}))*\Z")
"""A segment that probably names something: letters, dashes, underscores and dots; and versions such as ``v2``."""
_METHOD = re.compile(r"[A-Za-z-]{1,32}\Z")


def shown_method(method: str) -> str:
    """Show *method* if it is a word; a star stands for anything else that a client may send as one."""
    return method if _METHOD.match(method) else "*"


class Nearest:
    """
    All operations by their paths, under every base path.

    Args:
        empty_last: The systems whose routers let the last segment of a path be empty.
    """

    def __init__(self, operations: Iterable[Operation], empty_last: Collection[str] = ()) -> None:
        self._operations = tuple(operations)
        self._words = {
            word
            for one in self._operations
            for base in ("", *one.base_paths)
            for word in f"{base}{one.path}".split("/")
        }
        self._patterns: dict[str, tuple[re.Pattern[str], list[Operation]]] = {}
        for one in self._operations:
            pattern = compile_template(one.path, empty_last=one.system in empty_last)
            self._patterns.setdefault(one.path, (pattern, []))[1].append(one)

    def without_values(self, path: str) -> str:
        """
        Show *path*, so that a mistyped or misdirected one can be recognised, with a star for every value.

        Words are shown: those of operations' paths, and those that look like one. Anything else may be an id or a
        misplaced password.
        """
        segments = path[:_LOOKED_AT].split("/")
        return "/".join(one if not one or one in self._words or _WORD.match(one) else "*" for one in segments)

    def at(self, path: str) -> tuple[Operation, ...]:
        """List the operations at exactly this *path*, with any method."""
        return tuple(
            one for expression, operations in self._patterns.values() if expression.match(path) for one in operations
        )

    def to(self, path: str, *, system: str | None = None, most: int = 5) -> tuple[Operation, ...]:
        """
        List the operations whose paths resemble *path*, best first.

        Args:
            system: The only one whose operations are looked at.

        Returns:
            At most *most*, all of the same system as the best one.
        """
        start = path[:_LOOKED_AT]
        looked_at = [one for one in self._operations if system in (None, one.system)]
        ranked = sorted(looked_at, key=lambda one: self._likeness(start, one), reverse=True)
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
