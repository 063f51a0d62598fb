"""Load a document: bundle its files, apply overlays, check the result."""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import islice
from pathlib import Path
from typing import Any

from watchword.document.bundle import bundle
from watchword.document.checks import problems_of
from watchword.document.document import NO_SYSTEM, Document
from watchword.document.errors import DocumentError, PartError
from watchword.document.file_states import FileStates
from watchword.document.metaschema import form_problems
from watchword.document.origins import Origins
from watchword.document.overlay import apply_overlay
from watchword.document.path_templates import specificity
from watchword.document.reader import check_depth
from watchword.document.settling import settle_references
from watchword.document.sources import Sources
from watchword.document.structure import METHODS, path_items
from watchword.document.written import Written, trace

_REPORTED_AT_MOST = 20
_VERSION = re.compile(r"(3\.[01])\.[0-9]+(-.+)?\Z")


def load(
    root: Path,
    *,
    systems: Sequence[str] = (),
    overlays: Iterable[Path] = (),
    owner: str = "",
    asked: FileStates | None = None,
) -> Document:
    """
    Load a document, apply overlays to it, and check it.

    Args:
        root: ``openapi.yaml``.
        systems: Names of the imitated systems.
        overlays: OpenAPI Overlay files, applied in order.
        owner: The one system of all operations; empty if ids and tags name it.
        asked: Gets each file before it is read, through references too, and those that should have been there.

    Raises:
        DocumentError: The result is not a valid document of OpenAPI 3.0 or 3.1; the message lists why.
    """
    origins, files = _origins(asked), tuple(overlays)
    content = bundle(root, origins)
    for path in files:
        content = apply_overlay(content, path, origins)
    return _checked(content, Written(root, files), tuple(systems), owner)


def load_with_sources(
    root: Path, *, systems: Sequence[str] = (), overlays: Iterable[Path] = ()
) -> tuple[Document, Sources]:
    """Load a document as `load` does, with where its parts stand in the files that people wrote."""
    files = tuple(overlays)
    content, origins = trace(root, files)
    sources = Sources(root, deepcopy(content), origins)
    return _checked(content, Written(root, files), tuple(systems)), sources


def load_stages(
    root: Path, overlays: Iterable[Path], *, systems: Sequence[str], asked: FileStates | None = None
) -> Iterator[Document]:
    """
    Load a document as it is written, and then as each overlay leaves it; the arguments are those of `load`.

    Raises:
        DocumentError: One of them is not valid.
    """
    origins, written, names = _origins(asked), Written(root), tuple(systems)
    content = bundle(root, origins)
    yield _checked(deepcopy(content), written, names)
    for path in overlays:
        content = apply_overlay(content, path, origins)
        written = Written(root, (*written.overlays, path))
        yield _checked(deepcopy(content), written, names)


def _origins(asked: FileStates | None) -> Origins | None:
    return None if asked is None else Origins(files=asked)


def _checked(content: dict[str, Any], written: Written, systems: tuple[str, ...], owner: str = "") -> Document:
    """Check *content*, and settle in place what has several forms."""
    _check(content, written)
    _name_operations(content, written)
    content["paths"] = dict(sorted(content["paths"].items(), key=lambda one: specificity(one[0])))
    return Document(content, systems, owner)


def _check(content: dict[str, Any], written: Written) -> None:
    version = content.get("openapi")
    known = _VERSION.match(version) if isinstance(version, str) else None
    if version is None and "swagger" in content:
        raise DocumentError(
            f"{written}: this is Swagger {content['swagger']}, but only OpenAPI 3.0 and 3.1 are read; convert it, for"
            " example with 'npx swagger2openapi FILE'"
        )
    if known is None:
        raise DocumentError(
            f"{written}: openapi is {'missing' if version is None else repr(version)}, but only '3.0.x' and '3.1.x' can"
            " be served"
        )
    problems = list(islice(_problems(content, known[1]), _REPORTED_AT_MOST + 1))
    if problems:
        more = ["…"] if len(problems) > _REPORTED_AT_MOST else []
        listed = "\n  ".join([*map(written.placed, problems[:_REPORTED_AT_MOST]), *more])
        raise DocumentError(f"{written}: not a valid OpenAPI {known[1]} document:\n  {listed}")


def _problems(content: dict[str, Any], version: str) -> Iterator[str]:
    """Yield what is wrong; each step relies on what those before have checked."""
    try:
        check_depth(content)
    except ValueError as error:
        yield f"document: {error}"
        return
    found = False
    for problems in (settle_references(content), form_problems(content, version), problems_of(content)):
        for problem in problems:
            found = True
            yield problem
        if found:
            return
    # OpenAPI 3.1 allows a document that has webhooks only.
    content.setdefault("paths", {})


def _name_operations(content: dict[str, Any], written: Written) -> None:
    """Give every operation an id, because one that an overlay adds may have none."""
    known: set[str] = set()
    for path, item in path_items(content):
        for method in METHODS:
            operation = item.get(method)
            if operation is None:
                continue
            if not operation.get("operationId"):
                words = [step.strip("{}") for step in path.split("/") if step]
                prefix = next(iter(operation.get("tags", ())), NO_SYSTEM)
                operation["operationId"] = f"{prefix}.{'_'.join((method, *words))}"
            if operation["operationId"] in known:
                taken = f"{method} {path} needs an operationId other than {operation['operationId']}"
                raise written.blamed(PartError(("paths", path, method), taken))
            known.add(operation["operationId"])
