"""Vendor base paths: ``/multi/passwords/update`` is ``/passwords/update``."""

import re
from collections import defaultdict
from collections.abc import Iterable

from watchword.document import Operation
from watchword.document.path_templates import compile_template


class BasePaths:
    """The paths that are served under each base path (``servers``, ``x-base-paths``)."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        served: dict[str, dict[str, re.Pattern[str]]] = defaultdict(dict)
        for one in operations:
            for base in one.base_paths:
                served[base][one.path] = compile_template(one.path)
        self._served = {f"{base}/": tuple(paths.values()) for base, paths in served.items()}
        self._all = tuple(self._served)

    def strip(self, path: str) -> str:
        """Take the base path off *path*, if the rest is served under it."""
        if not path.startswith(self._all):
            return path
        for base, patterns in self._served.items():
            if path.startswith(base):
                rest = path[len(base) - 1 :]
                if any(one.match(rest) for one in patterns):
                    return rest
        return path
