"""Documents that somebody brings, served beside the imitated systems: which requests are theirs."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watchword.document import Document
from watchword.edge.pipeline import Pipeline
from watchword.edge.served_api import ServedApi

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")
_OWN_PATHS = ("/__admin", "/docs/", "/~")
_OWN_WORDS = ("docs", "openapi.json", "openapi.yaml")


class Found(NamedTuple):
    """A document for a request, and the path without its name."""

    pipeline: Pipeline
    path: str


@dataclass(frozen=True)
class ExtraDocuments:
    """
    Finds the document that a request is for.

    Args:
        imitated: Answers for the imitated systems, whose paths are never another document's.
        is_page: Whether a path is a page of ours, which is never another document's either.
        by_name: Answers for the other documents.
    """

    imitated: Pipeline
    is_page: Callable[[str], bool]
    by_name: Mapping[str, Pipeline]

    def find(self, path: str) -> Found | None:
        """
        Find the document: by its name in front of the path, or by one of its own paths.

        Returns:
            None if the request is for the imitated systems, or for nobody.
        """
        name, _, rest = path[1:].partition("/")
        named = self.by_name.get(name)
        if named is not None:
            return Found(named, f"/{rest}")
        if self.is_page(path) or self.imitated.serves(self.imitated.api.base_paths.strip(path)):
            return None
        for pipeline in self.by_name.values():
            if pipeline.serves(pipeline.api.base_paths.strip(path)):
                return Found(pipeline, path)
        return None


def hidden_paths(
    document: Document,
    imitated: ServedApi,
    pages: Collection[str],
    *,
    earlier: Sequence[ServedApi] = (),
    names: Collection[str] = (),
) -> Iterator[str]:
    """
    List the paths of *document* that are served only below its name, because they are taken.

    Args:
        earlier: The documents that are asked before this one.
        names: Those of all documents, by which a path is another document's.
    """
    for one in document.operations.values():
        for path in dict.fromkeys((one.path, *(f"{base}{one.path}" for base in one.base_paths))):
            taken = path in pages or path.startswith(_OWN_PATHS) or path.split("/")[1] in names
            if taken or any(api.nearest.at(api.base_paths.strip(path)) for api in (imitated, *earlier)):
                yield f"{one.method} {path}"


def name_problem(name: str, imitated: Document) -> str:
    """Say why a document cannot have *name*; empty if it can."""
    if not _NAME.match(name):
        return "a name starts with a letter and has at most 64 letters, digits, dots, dashes and underscores"
    paths = [base + one.path for one in imitated.operations.values() for base in ("", *one.base_paths)]
    if name in _OWN_WORDS or name in {path.split("/")[1] for path in paths}:
        return f"/{name} is a path of Watchword already"
    if name in imitated.system_names:
        return f"{name} is the name of a system"
    return ""
