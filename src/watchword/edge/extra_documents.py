"""Documents that somebody brings, served beside the imitated systems: which requests are theirs."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from watchword.document import Document
from watchword.edge.pipeline import Pipeline
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandbox

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}\Z")
_NAME_MUST = "a name starts with a letter and has at most 64 letters, digits, dots, dashes and underscores"
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
        is_page: Whether a path is a page of ours in a sandbox, which is never another document's.
        by_name: Answers for the other documents.
    """

    is_page: Callable[[str, Sandbox], bool]
    by_name: Mapping[str, Pipeline]

    def find(self, path: str, imitated: Pipeline, sandbox: Sandbox) -> Found | None:
        """
        Find the document: by its name in front of the path, or by one of its own paths.

        Args:
            imitated: Answers for the imitated systems in *sandbox*; their paths are never another document's.

        Returns:
            None if the request is for the imitated systems, or for nobody.
        """
        name, _, rest = path[1:].partition("/")
        named = self.by_name.get(name)
        if named is not None:
            return Found(named, f"/{rest}")
        if self.is_page(path, sandbox) or imitated.serves(imitated.api.base_paths.strip(path)):
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


def proposal_name_problem(name: str, documents: Collection[str]) -> str:
    """
    Say why a proposal cannot have *name*; empty if it can.

    Args:
        documents: The names of the documents beside the imitated systems, which are listed with the proposals.
    """
    if not _NAME.match(name):
        return _NAME_MUST
    return "a document of --document is called so" if name in documents else ""


def name_problem(name: str, imitated: Document) -> str:
    """Say why a document cannot have *name*; empty if it can."""
    if not _NAME.match(name):
        return _NAME_MUST
    paths = [base + one.path for one in imitated.operations.values() for base in ("", *one.base_paths)]
    if name in _OWN_WORDS or name in {path.split("/")[1] for path in paths}:
        return f"/{name} is a path of Watchword already"
    if name in imitated.system_names:
        return f"{name} is the name of a system"
    return ""
